"""im.dialog.*, im.message.*, im.user.get: reading and writing messages as a person or an application."""

from __future__ import annotations

import json
import re
from typing import Any

from sandbox.portal.call import Answer, Call, to_int
from sandbox.portal.errors import RestError
from sandbox.portal.im import chats, views
from sandbox.portal.registry import method
from sandbox.portal.store import Row

DIALOG = re.compile(r"(?:chat|sg)?\d+")
LARGEST_ATTACH = 60_000
DEFAULT_LIMIT, LARGEST_LIMIT = 20, 50


def dialog(call: Call) -> Row:
    """The chat of the parameter DIALOG_ID, when the caller takes part in it. Raises RestError."""
    wanted = call.text("DIALOG_ID")
    if not DIALOG.fullmatch(wanted):
        raise RestError("DIALOG_ID_EMPTY", "Dialog ID can't be empty")
    chat = chats.by_dialog(call.portal, wanted, call.user_id)
    if chat is None or call.user_id not in chat["users"]:
        raise RestError("ACCESS_ERROR", "You do not have access to the specified dialog", 403)
    return chat


def attachment(call: Call) -> Any:
    """The parameter ATTACH, decoded. Raises RestError when it is too large or no attachment."""
    value = call.get("ATTACH")
    if not value:
        return None
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if len(text) > LARGEST_ATTACH:
        raise RestError("ATTACH_OVERSIZE", "You have exceeded the maximum allowable size of attach")
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError as error:
            raise RestError("ATTACH_ERROR", "Incorrect attach params") from error
    if not isinstance(value, dict | list):
        raise RestError("ATTACH_ERROR", "Incorrect attach params")
    return value


@method("im.dialog.get", validate=False, missing="Group chats (sgN) are not simulated.")
def dialog_get(call: Call) -> dict[str, Any]:
    """A chat."""
    return views.dialog(call.portal, dialog(call), call.user_id)


@method("im.dialog.messages.get", validate=False)
def messages_get(call: Call) -> dict[str, Any]:
    """Messages of a chat, the newest first; `LAST_ID` gives older ones, `FIRST_ID` newer ones."""
    chat = dialog(call)
    for name in ("LAST_ID", "FIRST_ID"):
        value = call.get(name)
        if value is not None and not str(value).isdigit():
            words = "Last ID" if name == "LAST_ID" else "First ID"
            raise RestError(f"{name}_STRING", f"{words} can't be string")
    limit = min(call.integer("LIMIT", DEFAULT_LIMIT) or DEFAULT_LIMIT, LARGEST_LIMIT)
    rows = chats.messages(call.portal, chat)
    if first := call.integer("FIRST_ID"):
        rows = [row for row in rows if int(row["ID"]) > first][:limit]
    elif last := call.integer("LAST_ID"):
        rows = [row for row in rows if int(row["ID"]) < last][-limit:]
    else:
        rows = rows[-limit:]
    read = int(chat["read"].get(call.user_id, 0))
    authors = dict.fromkeys(row["author"] for row in rows if row["author"] != "0")
    files = [file_id for row in rows for file_id in row["files"]]
    return {
        "chat_id": int(chat["ID"]),
        "messages": [views.message(row, call.user_id, read) for row in reversed(rows)],
        "users": [views.user(call.portal, author) for author in authors],
        "files": [views.file(call.portal, file_id, chat["ID"]) for file_id in files],
    }


@method("im.dialog.read", validate=False)
def dialog_read(call: Call) -> dict[str, Any]:
    """Marks a chat as read up to a message."""
    chat = dialog(call)
    last = str(call.integer("MESSAGE_ID") or (chat["messages"][-1] if chat["messages"] else 0))
    chat["read"][call.user_id] = last
    call.portal.store.touch()
    return {
        "dialogId": call.text("DIALOG_ID"),
        "chatId": int(chat["ID"]),
        "lastId": int(last),
        "counter": chats.unread(chat, call.user_id),
    }


@method("im.dialog.users.list", validate=False, ignores=("SKIP_EXTERNAL", "SKIP_EXTERNAL_EXCEPT_TYPES", "LAST_ID"))
def dialog_users(call: Call) -> Answer:
    """Who takes part in a chat."""
    start = call.integer("OFFSET")
    limit = call.integer("LIMIT", LARGEST_LIMIT) or LARGEST_LIMIT
    people = dialog(call)["users"]
    following = start + limit if start + limit < len(people) else None
    shown = [views.user(call.portal, user_id) for user_id in people[start : start + limit]]
    return Answer(shown, total=len(people), next=following)


@method("im.message.add", validate=False, ignores=("KEYBOARD", "MENU", "URL_PREVIEW"))
def message_add(call: Call) -> int:
    """A message of the caller to a chat or a person."""
    if not DIALOG.fullmatch(call.text("DIALOG_ID")):
        raise RestError("USER_ID_EMPTY", "User ID can't be empty")
    chat = chats.by_dialog(call.portal, call.text("DIALOG_ID"), call.user_id)
    if chat is None and call.text("DIALOG_ID").startswith("chat"):
        raise RestError("CHAT_ID", "Error creating message")
    if chat is None:
        raise RestError("USER_NOT_FOUND", "User not found")
    if call.user_id not in chat["users"]:
        raise RestError("ACCESS_ERROR", "You do not have access to the specified dialog", 403)
    attach = attachment(call)
    _check_trees(call, KEYBOARD="KEYBOARD_ERROR", MENU="MENU_ERROR")
    text = call.text("MESSAGE").strip()
    if not text and attach is None:
        raise RestError("MESSAGE_EMPTY", "Message can't be empty")
    if reply := call.get("REPLY_ID"):
        _check_reply(call, chat, reply)
    params = {**({"ATTACH": attach} if attach else {}), **({"REPLY_ID": int(reply)} if reply else {})}
    author = "0" if call.text("SYSTEM") == "Y" else call.user_id
    return int(chats.post(call.portal, chat, author, text, params=params)["ID"])


def _check_trees(call: Call, **codes: str) -> None:
    """Refuses a keyboard or menu that is neither an object nor JSON of one; an empty one takes it away."""
    for name, code in codes.items():
        value = call.get(name)
        if isinstance(value, str) and value not in {"", "N"}:
            try:
                value = json.loads(value)
            except ValueError:
                value = 0
        if value not in (None, "", "N") and not isinstance(value, dict | list):
            raise RestError(code, f"Incorrect {name.lower()} params")


def _check_reply(call: Call, chat: Row, reply: Any) -> None:
    origin = chats.message(call.portal, reply)
    if origin is None:
        raise RestError("REPLY_ACCESS_ERROR", "The message to reply to is not available")
    if origin["chat_id"] != chat["ID"]:
        raise RestError("REPLY_FROM_OTHER_CHAT_ERROR", "The message to reply to is in another chat")


def _own(call: Call) -> Row:
    message_id = call.integer("MESSAGE_ID")
    if message_id <= 0:
        raise RestError("MESSAGE_ID_ERROR", "Message ID can't be empty")
    row = chats.message(call.portal, message_id)
    if row is None or row["deleted"] or (row["author"] != call.user_id and not call.admin):
        raise RestError("CANT_EDIT_MESSAGE", "Time has expired for modification or you don't have access")
    return row


@method("im.message.update", validate=False, ignores=("KEYBOARD", "MENU", "URL_PREVIEW", "IS_EDITED"))
def message_update(call: Call) -> bool:
    """Changes an own message; an empty text deletes it."""
    row = _own(call)
    _check_trees(call, KEYBOARD="KEYBOARD_ERROR", MENU="menu_ERROR")
    if (attach := attachment(call)) is not None:
        row["params"]["ATTACH"] = attach
    if call.get("MESSAGE") is not None:
        if call.text("MESSAGE"):
            chats.edit(call.portal, row, call.text("MESSAGE"))
        else:
            chats.delete(call.portal, row)
    return True


@method("im.message.delete", validate=False)
def message_delete(call: Call) -> bool:
    """Deletes an own message."""
    chats.delete(call.portal, _own(call))
    return True


@method("im.user.get", validate=False, ignores=("AVATAR_HR",))
def user_get(call: Call) -> dict[str, Any]:
    """A person; the caller without ID."""
    user_id = call.text("ID") or call.user_id
    if to_int(user_id) <= 0:
        raise RestError("ID_EMPTY", "User ID can't be empty")
    if chats.person(call.portal, user_id) is None:
        raise RestError("USER_NOT_EXISTS", "User does not exist")
    return views.user(call.portal, user_id)
