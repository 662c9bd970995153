"""im.notify.*: notifications of people; the same tag replaces the previous one."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Call
from sandbox.portal.errors import RestError
from sandbox.portal.im import views
from sandbox.portal.im.dialog_methods import attachment
from sandbox.portal.portal import Portal
from sandbox.portal.registry import method
from sandbox.portal.store import Row

TABLE = "notifications"
PERSONAL, SYSTEM = 2, 4
PAGE = 50
SHORTEST_SEARCH = 3
SEARCHED_BY = (
    "SEARCH_TYPE",
    "SEARCH_TYPES",
    "SEARCH_DATE",
    "SEARCH_AUTHORS",
    "SEARCH_DATE_FROM",
    "SEARCH_DATE_TO",
)


def add(portal: Portal, user_id: str, author: str, kind: int, text: str, **fields: Any) -> Row:
    """A notification; another one with the same tag of the same application goes."""
    tag, table = fields.get("tag", ""), portal.store.table(TABLE)
    if tag:
        for old_id in [row["ID"] for row in table.values() if row["tag"] == tag and row["app"] == fields.get("app")]:
            del table[old_id]
    row = {"user": user_id, "author": author, "type": kind, "text": text, "date": portal.stamp(), "read": False}
    return portal.store.insert(TABLE, {**row, "tag": "", "sub_tag": "", "app": None, "attach": None, **fields})


def _add(call: Call, kind: int) -> int:
    if call.identity.key.startswith("session:"):
        raise RestError("WRONG_AUTH_TYPE", "Access for this method not allowed by session authorization", 403)
    user_id = call.text("USER_ID")
    if call.integer("USER_ID") <= 0:
        raise RestError("USER_ID_EMPTY", "User ID can't be empty")
    text = call.text("MESSAGE").strip()
    if not text:
        raise RestError("MESSAGE_EMPTY", "Message can't be empty")
    attach = attachment(call)
    owner = call.identity.app_id or call.text("CLIENT_ID") or None
    row = add(
        call.portal,
        user_id,
        call.user_id if kind == PERSONAL else "0",
        kind,
        text,
        tag=call.text("TAG") if owner else "",
        sub_tag=call.text("SUB_TAG") if owner else "",
        app=owner,
        attach=attach,
        out=call.text("MESSAGE_OUT"),
    )
    return int(row["ID"])


@method("im.notify.personal.add", validate=False, ignores=("MESSAGE_OUT",))
def personal_add(call: Call) -> int:
    """From the caller to a person."""
    return _add(call, PERSONAL)


@method("im.notify.system.add", validate=False, ignores=("MESSAGE_OUT",))
def system_add(call: Call) -> int:
    """From the system to a person."""
    return _add(call, SYSTEM)


@method("im.notify", validate=False, ignores=("MESSAGE_OUT",))
def notify(call: Call) -> int:
    """From the caller, or with TYPE=SYSTEM from the system."""
    return _add(call, SYSTEM if call.text("TYPE").upper() == "SYSTEM" else PERSONAL)


@method("im.notify.delete", validate=False)
def delete(call: Call) -> bool:
    """Deletes by number, or by tag of the application; False when there is none."""
    table = call.portal.store.table(TABLE)
    wanted, tag, sub_tag = call.text("ID"), call.text("TAG"), call.text("SUB_TAG")
    if not (wanted or tag or sub_tag):
        raise RestError("PARAMS_ERROR", "Incorrect params")
    owner = call.identity.app_id or call.text("CLIENT_ID") or None
    if not wanted and owner is None:
        raise RestError("ACCESS_DENIED", "Access denied! Client ID not specified", 403)
    if wanted:
        found = [row for row in table.values() if row["ID"] == wanted and row["user"] == call.user_id]
    else:
        key, value = ("tag", tag) if tag else ("sub_tag", sub_tag)
        found = [row for row in table.values() if row[key] == value and row["app"] == owner]
    for row in found:
        del table[row["ID"]]
    call.portal.store.touch()
    return bool(found)


def of_user(portal: Portal, user_id: str) -> list[Row]:
    """A person's notifications, the newest first."""
    return [row for row in reversed(list(portal.store.rows(TABLE))) if row["user"] == user_id]


@method("im.notify.get", validate=False, ignores=("CONVERT_TEXT", "LAST_TYPE"))
def get(call: Call) -> dict[str, Any]:
    """The caller's notifications."""
    if (call.get("LAST_ID") is None) != (call.get("LAST_TYPE") is None):
        raise RestError("LAST_ID_AND_LAST_TYPE", "Parameters LAST_ID and LAST_TYPE should be used together.")
    _check_last(call)
    own = of_user(call.portal, call.user_id)
    last = call.integer("LAST_ID")
    rows = [row for row in own if not last or int(row["ID"]) < last]
    rows = rows[: min(call.integer("LIMIT", PAGE) or PAGE, PAGE)]
    authors = dict.fromkeys(row["author"] for row in rows if row["author"] != "0")
    return {
        "total_count": len(own),
        "total_unread_count": sum(1 for row in own if not row["read"]),
        "chat_id": 0,
        "notifications": [_shown(row) for row in rows],
        "users": [views.user(call.portal, author) for author in authors],
    }


def _check_last(call: Call) -> None:
    if not call.text("LAST_ID", "0").isdigit():
        raise RestError("LAST_ID_STRING", "Last notification ID can't be string")


def _shown(row: Row) -> dict[str, Any]:
    return {
        "id": int(row["ID"]),
        "chat_id": 0,
        "author_id": int(row["author"]),
        "date": row["date"],
        "notify_type": row["type"],
        "notify_module": "rest",
        "notify_event": "rest_notify",
        "notify_tag": row["tag"],
        "notify_sub_tag": row["sub_tag"],
        "notify_title": "",
        "setting_name": "rest|rest_notify",
        "text": row["text"],
        "notify_read": "Y" if row["read"] else "N",
        "params": {"ATTACH": row["attach"]} if row["attach"] else None,
    }


@method("im.notify.read", ignores=("ONLY_CURRENT",))
def read(call: Call) -> bool:
    """Marks notifications from a number on as read, or as unread."""
    first, mark = call.integer("ID"), call.text("ACTION", "Y") != "N"
    for row in of_user(call.portal, call.user_id):
        if int(row["ID"]) >= first:
            row["read"] = mark
    call.portal.store.touch()
    return True


@method("im.notify.read.all")
def read_all(call: Call) -> dict[str, Any]:
    """Marks everything as read."""
    for row in of_user(call.portal, call.user_id):
        row["read"] = True
    call.portal.store.touch()
    return {"result": True, "newCounter": 0}


@method("im.notify.read.list", validate=False)
def read_list(call: Call) -> bool:
    """Marks the named notifications as read, or as unread."""
    wanted = {str(number) for number in call.mapping("IDS").values()}
    if not wanted:
        raise RestError("PARAMS_ERROR", "No IDS param or it is not an array")
    for row in of_user(call.portal, call.user_id):
        if row["ID"] in wanted:
            row["read"] = call.text("ACTION", "Y") != "N"
    call.portal.store.touch()
    return True


@method(
    "im.notify.history.search", validate=False, ignores=("SEARCH_TYPE", "SEARCH_TYPES", "CONVERT_TEXT", "GROUP_TAG")
)
def history_search(call: Call) -> dict[str, Any]:
    """The caller's notifications by a part of the text."""
    text = call.text("SEARCH_TEXT")
    if len(text) < SHORTEST_SEARCH and (text or not any(call.get(name) for name in SEARCHED_BY)):
        raise RestError("SEARCH_TEXT_ERROR", "SEARCH_TEXT can't be less than 3 symbols")
    _check_last(call)
    rows = [row for row in of_user(call.portal, call.user_id) if text.casefold() in row["text"].casefold()]
    shown = rows[: min(call.integer("LIMIT", PAGE) or PAGE, PAGE)]
    authors = dict.fromkeys(row["author"] for row in shown if row["author"] != "0")
    return {
        "chat_id": 0,
        "total_results": len(rows),
        "notifications": [_shown(row) for row in shown],
        "users": [views.user(call.portal, author) for author in authors],
    }


@method("im.notify.schema.get", missing="Only the kinds of the REST module are listed.")
def schema(_call: Call) -> dict[str, Any]:
    """Kinds of notifications."""
    kinds = [{"ID": "rest|rest_notify", "NAME": "Notifications of applications"}]
    return {"rest": {"NAME": "Applications", "MODULE_ID": "rest", "LIST": kinds}}


@method("im.notify.answer", "im.notify.confirm", validate=False, missing="Notifications with buttons do not exist.")
def answer(call: Call) -> dict[str, list[str]]:
    """Answers a notification with a quick answer or with a button; none of REST has them."""
    if call.integer("NOTIFY_ID") <= 0:
        raise RestError("ID_ERROR", "Notification ID can't be empty")
    if call.method.endswith("answer") and not call.text("ANSWER_TEXT"):
        raise RestError("ANSWER_TEXT_ERROR", "ANSWER_TEXT can't be empty")
    if call.method.endswith("confirm") and not call.text("NOTIFY_VALUE"):
        raise RestError("NOTIFY_VALUE_ERROR", "Notification Value can't be empty")
    raise RestError("ID_ERROR", "No notification with this ID or it takes no answer")
