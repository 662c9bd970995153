"""im.user.list.get, im.user.status.*, im.department.*, im.counters.get, im.revision.get: people and counters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sandbox.portal.call import Answer, Call, is_yes, to_int, to_map
from sandbox.portal.errors import RestError
from sandbox.portal.im import chats, notifications, views
from sandbox.portal.registry import method
from sandbox.portal.store import Row

STATUSES = frozenset({"online", "dnd", "away", "break"})
People = dict[str, Any]


@method("im.user.list.get", validate=False, ignores=("AVATAR_HR",))
def user_list(call: Call) -> Any:
    """People by numbers, keyed by number; as a list with RESULT_TYPE=array."""
    ids = [str(user_id) for user_id in to_map(call.get("ID")).values()]
    if not ids:
        raise RestError("INVALID_FORMAT", "A wrong format for the ID field is passed")
    found: People = {user_id: views.user(call.portal, user_id) for user_id in ids if chats.person(call.portal, user_id)}
    return list(found.values()) if call.text("RESULT_TYPE") == "array" else found


@method("im.user.status.get")
def status_get(call: Call) -> str:
    """The caller's status."""
    return str(call.user.get("IM_STATUS", "online"))


@method("im.user.status.set", validate=False)
def status_set(call: Call) -> bool:
    """Changes the caller's status."""
    if call.text("STATUS").lower() not in STATUSES:
        raise RestError("STATUS_ERROR", "Status is not found")
    call.user["IM_STATUS"] = call.text("STATUS").lower()
    call.portal.store.touch()
    return True


@method("im.user.status.idle.start", "im.user.status.idle.end", ignores=("AGO",))
def status_idle(call: Call) -> bool:
    """Marks the caller as away, or back."""
    call.user["IM_IDLE"] = call.method.endswith("start")
    call.portal.store.touch()
    return True


def department(call: Call, row: Row) -> People:
    """A department with its place under others, and with USER_DATA its head."""
    manager = to_int(row.get("UF_HEAD"))
    full_name = " / ".join(above["NAME"] for above in _upwards(call, row))
    shown: People = {"id": int(row["ID"]), "name": row["NAME"], "full_name": full_name, "manager_user_id": manager}
    if is_yes(call.get("USER_DATA")) and manager:
        shown["manager_user_data"] = views.user(call.portal, str(manager))
    return shown


def _upwards(call: Call, row: Row) -> Iterator[Row]:
    table, seen = call.portal.store.table("departments"), set[str]()
    above: Row | None = row
    while above is not None and above["ID"] not in seen:
        seen.add(above["ID"])
        yield above
        above = table.get(str(above.get("PARENT") or ""))


def _departments(call: Call) -> list[Row]:
    table = call.portal.store.table("departments")
    wanted = (str(number) for number in to_map(call.get("ID")).values())
    return [table[number] for number in wanted if number in table]


def _staff(call: Call, row: Row) -> list[Any]:
    people = [user for user in call.portal.users.values() if int(row["ID"]) in user.get("UF_DEPARTMENT", ())]
    return _people(call, [user["ID"] for user in people if user["ACTIVE"]])


def _people(call: Call, ids: list[str]) -> list[Any]:
    if is_yes(call.get("USER_DATA")):
        return [views.user(call.portal, user_id) for user_id in ids]
    return [int(user_id) for user_id in ids]


@method("im.department.get", validate=False)
def department_get(call: Call) -> list[People]:
    """Departments by numbers."""
    if not call.mapping("ID"):
        raise RestError("INVALID_FORMAT", "A wrong format for the ID field is passed")
    return [department(call, row) for row in _departments(call)]


@method("im.department.employees.get", validate=False)
def department_employees(call: Call) -> People:
    """Employees of departments, keyed by department."""
    if not call.mapping("ID"):
        raise RestError("ID_EMPTY", "Department ID can't be empty")
    return {row["ID"]: _staff(call, row) for row in _departments(call)}


@method("im.department.managers.get", validate=False)
def department_managers(call: Call) -> People:
    """Heads of departments, keyed by department."""
    if not call.mapping("ID"):
        raise RestError("ID_EMPTY", "Department ID can't be empty")
    return {row["ID"]: _people(call, [str(row["UF_HEAD"])]) for row in _departments(call) if row.get("UF_HEAD")}


@method("im.department.colleagues.list")
def department_colleagues(call: Call) -> Answer:
    """The caller's colleagues."""
    own = set(call.user.get("UF_DEPARTMENT", ()))
    others = [user for user in call.portal.users.values() if own & set(user.get("UF_DEPARTMENT", ()))]
    ids = [user["ID"] for user in others if user["ID"] != call.user_id and user["ACTIVE"]]
    start, limit = call.integer("OFFSET"), call.integer("LIMIT", 10) or 10
    following = start + limit if start + limit < len(ids) else None
    return Answer(_people(call, ids[start : start + limit]), total=len(ids), next=following)


@method("im.counters.get")
def counters(call: Call) -> People:
    """How much the caller has not read."""
    unread = {
        chat["ID"]: (chat, chats.unread(chat, call.user_id))
        for chat in call.portal.store.rows(chats.CHATS)
        if call.user_id in chat["users"]
    }

    def of(kinds: set[str]) -> People:
        return {chat_id: number for chat_id, (chat, number) in unread.items() if number and chat["type"] in kinds}

    lines, dialogs = of({"lines"}), of({"private"})
    groups = of({"chat", "open", "crm"})
    notify = sum(1 for row in notifications.of_user(call.portal, call.user_id) if not row["read"])
    talk = sum(groups.values()) + sum(dialogs.values())
    return {
        "TYPE": {
            "ALL": notify + talk + sum(lines.values()),
            "NOTIFY": notify,
            "CHAT": sum(groups.values()),
            "LINES": sum(lines.values()),
            "DIALOG": sum(dialogs.values()),
            "MESSENGER": talk,
        },
        "CHAT": groups or [],
        "CHAT_MUTED": [],
        "CHAT_UNREAD": [],
        "LINES": lines or [],
        "DIALOG": dialogs or [],
        "DIALOG_UNREAD": [],
    }


@method("im.revision.get")
def revision(_call: Call) -> dict[str, int]:
    """Revisions of the programming interface."""
    return {"rest": 32, "web": 130, "mobile": 20, "desktop": 5, "im_revision_mobile": 20}
