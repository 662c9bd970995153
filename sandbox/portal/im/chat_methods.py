"""im.chat.* and im.recent.get: chats and who is in them."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Answer, Call, is_yes, to_map
from sandbox.portal.errors import RestError
from sandbox.portal.im import chats, views
from sandbox.portal.im.dialog_methods import dialog
from sandbox.portal.registry import method
from sandbox.portal.store import Row


def require(call: Call) -> Row:
    """The chat of CHAT_ID or DIALOG_ID, when the caller takes part in it. Raises RestError."""
    if call.integer("CHAT_ID") <= 0:
        if call.get("DIALOG_ID"):
            return dialog(call)
        raise RestError("CHAT_ID_EMPTY", "Chat ID can't be empty")
    chat = chats.find(call.portal, call.integer("CHAT_ID"))
    if chat is None or call.user_id not in chat["users"] or chat["type"] == "private":
        raise RestError("ACCESS_ERROR", "Action unavailable", 403)
    return chat


def _users(call: Call) -> list[str]:
    return [str(user_id) for user_id in to_map(call.get("USERS")).values() if str(user_id) in call.portal.users]


@method("im.chat.add", ignores=("AVATAR", "COPILOT_MAIN_ROLE"))
def chat_add(call: Call) -> int:
    """A new chat of the caller."""
    number = int(call.portal.store.sequences.get(chats.CHATS, 0)) + 1
    kind = "open" if call.text("TYPE").upper() == "OPEN" else "chat"
    chat = chats.create(
        call.portal,
        call.user_id,
        _users(call),
        kind="crm" if call.text("ENTITY_TYPE") == "CRM" else kind,
        title=call.text("TITLE") or f"Mint chat №{number}",
        description=call.text("DESCRIPTION"),
        color=chats.COLORS.get(call.text("COLOR").upper(), chats.COLORS["MINT"]),
        entity_type=call.text("ENTITY_TYPE"),
        entity_id=call.text("ENTITY_ID"),
    )
    if call.text("MESSAGE"):
        chats.post(call.portal, chat, call.user_id, call.text("MESSAGE"))
    return int(chat["ID"])


@method("im.chat.get", validate=False)
def chat_get(call: Call) -> dict[str, int] | None:
    """The chat bound to an object; None when there is none."""
    chat = chats.by_entity(call.portal, call.text("ENTITY_TYPE"), call.text("ENTITY_ID"))
    if chat is None or not call.text("ENTITY_TYPE") or not call.text("ENTITY_ID"):
        return None
    return {"ID": int(chat["ID"])}


@method("im.chat.user.add", validate=False, ignores=("HIDE_HISTORY",))
def user_add(call: Call) -> bool:
    """Invites employees."""
    chat = require(call)
    for user_id in _users(call):
        if user_id not in chat["users"]:
            chat["users"].append(user_id)
            names = [
                f"[USER={one} REPLACE]{chats.full_name(call.portal, one)}[/USER]" for one in (call.user_id, user_id)
            ]
            text = f"{names[0]} invited {names[1]} to the chat"
            chats.say_system(call.portal, chat, text, CODE=["CHAT_JOIN"], NOTIFY="N")
    return True


@method("im.chat.user.delete", validate=False)
def user_delete(call: Call) -> bool:
    """Removes an employee: its owner anyone, everyone himself."""
    if call.integer("USER_ID") <= 0:
        raise RestError("USER_ID_EMPTY", "User ID can't be empty")
    return _remove(call, require(call), call.text("USER_ID"))


@method("im.chat.leave", validate=False)
def leave(call: Call) -> bool:
    """The caller leaves."""
    return _remove(call, require(call), call.user_id)


def _remove(call: Call, chat: Row, user_id: str) -> bool:
    if user_id not in chat["users"]:
        raise RestError("USER_NOT_FOUND", "User is not in the chat")
    if user_id != call.user_id and call.user_id not in chat["managers"]:
        raise RestError("ACCESS_DENIED_KICK", "You don't have enough rights to remove participants", 403)
    chat["users"].remove(user_id)
    chats.say_system(call.portal, chat, f"[USER={user_id} REPLACE][/USER] left the chat", CODE=["CHAT_LEAVE"])
    return True


@method("im.chat.user.list", validate=False)
def user_list(call: Call) -> list[int]:
    """Numbers of the people in a chat."""
    return [int(user_id) for user_id in require(call)["users"]]


@method("im.chat.updateTitle", validate=False)
def update_title(call: Call) -> bool:
    """Renames a chat; False when nothing changes."""
    if not call.text("TITLE"):
        raise RestError("TITLE_EMPTY", "Title can't be empty")
    chat = require(call)
    changed = chat["title"] != call.text("TITLE")
    chat["title"] = call.text("TITLE")
    call.portal.store.touch()
    return bool(changed)


@method("im.chat.setOwner", validate=False)
def set_owner(call: Call) -> bool:
    """Hands a chat over; only its owner may."""
    chat, user_id = require(call), call.text("USER_ID")
    if call.integer("USER_ID") <= 0:
        raise RestError("USER_ID_EMPTY", "User ID can't be empty")
    if chat["owner"] != call.user_id or user_id not in chat["users"]:
        raise RestError("WRONG_REQUEST", "Change owner can only owner and user must be member in chat")
    chat["owner"] = user_id
    chat["managers"] = list(dict.fromkeys([user_id, *chat["managers"]]))
    call.portal.store.touch()
    return True


@method("im.chat.mute", validate=False)
def mute(call: Call) -> bool:
    """Switches the caller's notifications of a chat."""
    chat, wanted = require(call), is_yes(call.get("MUTE", "Y"))
    kept = [user_id for user_id in chat["muted"] if user_id != call.user_id]
    chat["muted"] = [*kept, call.user_id] if wanted else kept
    call.portal.store.touch()
    return True


@method("im.recent.get", ignores=("LAST_UPDATE", "LAST_SYNC_DATE"))
def recent_get(call: Call) -> Answer:
    """The caller's chats, the last written first."""
    skipped = {
        kind
        for kind, name in (("lines", "SKIP_OPENLINES"), ("chat", "SKIP_CHAT"), ("private", "SKIP_DIALOG"))
        if is_yes(call.get(name))
    }
    own = [
        chat
        for chat in call.portal.store.rows(chats.CHATS)
        if call.user_id in chat["users"]
        and chat["messages"]
        and chat["type"] not in skipped
        and (not is_yes(call.get("ONLY_OPENLINES")) or chat["type"] == "lines")
    ]
    own.sort(key=lambda chat: int(chat["messages"][-1]), reverse=True)
    return Answer([_recent(call, chat) for chat in own])


def _recent(call: Call, chat: Row) -> dict[str, Any]:
    last = chats.messages(call.portal, chat)[-1]
    dialog_id = chats.dialog_id(chat, call.user_id)
    return {
        "id": int(dialog_id) if dialog_id.isdigit() else dialog_id,
        "chat_id": int(chat["ID"]),
        "type": "user" if chat["type"] == "private" else "chat",
        "avatar": {"url": chat["avatar"], "color": chat["color"]},
        "title": chat["title"] or chats.full_name(call.portal, dialog_id),
        "message": _last_message(last),
        "counter": chats.unread(chat, call.user_id),
        "last_id": int(chat["read"].get(call.user_id, 0)),
        "pinned": str(dialog_id) in call.user.get("IM_PINNED", []),
        "unread": str(dialog_id) in call.user.get("IM_UNREAD", []),
        "has_reminder": False,
        "date_update": last["date"],
        "date_last_activity": last["date"],
        "chat": {**views.dialog(call.portal, chat, call.user_id), "contains_collaber": False},
        "user": views.user(call.portal, dialog_id) if chat["type"] == "private" else {"id": 0},
        "options": [],
    }


def _last_message(last: Row) -> dict[str, Any]:
    return {
        "id": int(last["ID"]),
        "text": last["text"],
        "file": bool(last["files"]),
        "author_id": int(last["author"]),
        "attach": "ATTACH" in last["params"],
        "sticker": None,
        "date": last["date"],
        "status": "received",
        "uuid": chats.uuid_of(last),
    }
