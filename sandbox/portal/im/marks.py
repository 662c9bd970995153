"""im.recent.*, im.dialog.unread|read.all|writing, im.message.like|share, looks of chats: what people mark."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Answer, Call, is_yes
from sandbox.portal.disk import contents
from sandbox.portal.errors import RestError
from sandbox.portal.im import chat_methods, chats, views
from sandbox.portal.im.dialog_methods import dialog
from sandbox.portal.registry import method
from sandbox.portal.store import Row

UNCOUNTED = -1
PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"RIFF")
NO_COPILOT: dict[str, Any] = {"chats": None, "messages": None, "roles": {}, "recommendedRoles": []}


def _mark(call: Call, name: str, *, on: bool) -> bool:
    if not call.text("DIALOG_ID"):
        raise RestError("DIALOG_ID_EMPTY", "Dialog ID can't be empty")
    held: list[str] = call.user.setdefault(f"IM_{name}", [])
    kept = [other for other in held if other != call.text("DIALOG_ID")]
    call.user[f"IM_{name}"] = [*kept, call.text("DIALOG_ID")] if on else kept
    call.portal.store.touch()
    return True


@method("im.recent.list", ignores=("PARSE_TEXT", "GET_ORIGINAL_TEXT", "ONLY_COPILOT", "ONLY_CHANNEL"))
def recent_list(call: Call) -> Answer:
    """The caller's chats in pages, without hidden ones."""
    answer: Answer = chat_methods.recent_get(call)
    hidden = call.user.get("IM_HIDDEN", [])
    items = [item for item in answer.result if str(item["id"]) not in hidden]
    if is_yes(call.get("UNREAD_ONLY")):
        items = [item for item in items if item["counter"]]
    for item in items:
        author = str(item["message"]["author_id"])
        if item["type"] == "chat" and chats.person(call.portal, author):
            item["user"] = views.user(call.portal, author)
    start, limit = call.integer("OFFSET"), call.integer("LIMIT", 50) or 50
    more = len(items) > start + limit
    page = {"items": items[start : start + limit], "hasMorePages": more, "hasMore": more}
    return Answer({**page, "copilot": NO_COPILOT, "messagesAutoDeleteConfigs": []}, total=UNCOUNTED)


@method("im.recent.hide", validate=False)
def recent_hide(call: Call) -> bool:
    """Hides a chat from the list."""
    return _mark(call, "HIDDEN", on=True)


@method("im.recent.pin", validate=False)
def recent_pin(call: Call) -> bool:
    """Pins a chat, or lets it go."""
    return _mark(call, "PINNED", on=is_yes(call.get("PIN", "Y")))


@method("im.recent.unread", validate=False)
def recent_unread(call: Call) -> bool:
    """Marks a chat as not read, or takes the mark away."""
    return _mark(call, "UNREAD", on=is_yes(call.get("ACTION", "Y")))


@method("im.dialog.unread", validate=False)
def dialog_unread(call: Call) -> bool:
    """Marks messages from one on as not read."""
    if call.integer("MESSAGE_ID") <= 0:
        raise RestError("MESSAGE_ID_ERROR", "Message ID can't be empty")
    dialog(call)["read"][call.user_id] = str(call.integer("MESSAGE_ID") - 1)
    call.portal.store.touch()
    return True


@method("im.dialog.read.all")
def dialog_read_all(call: Call) -> bool:
    """Marks everything as read."""
    for chat in call.portal.store.rows(chats.CHATS):
        if call.user_id in chat["users"] and chat["messages"]:
            chat["read"][call.user_id] = chat["messages"][-1]
    call.portal.store.touch()
    return True


@method("im.dialog.writing", validate=False, missing="Nobody is shown that somebody writes.")
def dialog_writing(call: Call) -> bool:
    """Says that the caller is writing."""
    return bool(dialog(call))


def _message(call: Call) -> Row:
    row = chats.message(call.portal, call.integer("MESSAGE_ID"))
    chat = chats.find(call.portal, row["chat_id"]) if row else None
    if row is None or chat is None or call.user_id not in chat["users"]:
        raise RestError("MESSAGE_ID_ERROR", "Message ID can't be empty")
    return row


@method("im.message.like", validate=False)
def message_like(call: Call) -> bool:
    """Likes a message, or takes the like back."""
    row, action = _message(call), call.text("ACTION", "auto").lower()
    liked: list[int] = row["params"].get("LIKE", [])
    own = int(call.user_id)
    wanted = own not in liked if action == "auto" else action in {"plus", "y", "true", "1"}
    if wanted == (own in liked):
        raise RestError("WITHOUT_CHANGES", "Status will not change after the call")
    row["params"]["LIKE"] = [*liked, own] if wanted else [other for other in liked if other != own]
    call.portal.store.touch()
    return True


@method("im.message.share", validate=False, missing="Only the message is quoted; no chat, task or event is made of it.")
def message_share(call: Call) -> bool:
    """Passes a message on into a chat."""
    row = _message(call)
    if call.text("TYPE").upper() not in {"CHAT", "TASK", "POST", "CALEND"}:
        raise RestError("PARAMS_ERROR", "Incorrect params")
    chats.post(call.portal, dialog(call), call.user_id, f">> {row['text']}")
    return True


@method("im.chat.updateColor", validate=False)
def update_color(call: Call) -> bool:
    """Changes the color of a chat."""
    chat = chat_methods.require(call)
    if call.text("COLOR").upper() not in chats.COLORS:
        raise RestError("WRONG_COLOR", "This color currently unavailable")
    chat["color"] = chats.COLORS[call.text("COLOR").upper()]
    call.portal.store.touch()
    return True


@method("im.chat.updateAvatar", validate=False)
def update_avatar(call: Call) -> bool:
    """Changes the picture of a chat."""
    if call.integer("CHAT_ID") > 0 and chats.find(call.portal, call.integer("CHAT_ID")) is None:
        raise RestError("WRONG_REQUEST", "Chat doesn't exist")
    chat = chat_methods.require(call)
    file = contents.decode(["avatar.png", call.text("AVATAR")])
    if file is None or not file[1]:
        raise RestError("AVATAR_ERROR", "Avatar incorrect type")
    if not file[1].startswith(PICTURES):
        raise RestError("AVATAR_ERROR", "Avatar incorrect type")
    kept = contents.keep(call.portal, *file, call.user_id)
    chat["avatar"] = contents.url(call.portal, kept["ID"], "showFile")
    call.portal.store.touch()
    return True
