"""im.search.*, im.dialog.messages.search: finding chats, people, departments and messages."""

from __future__ import annotations

from typing import Any

from sandbox.portal import moments
from sandbox.portal.call import Answer, Call
from sandbox.portal.errors import RestError
from sandbox.portal.im import chats, presence, views
from sandbox.portal.registry import method
from sandbox.portal.store import Row

SHORTEST = 3


def _wanted(call: Call, *, needed: bool = True) -> str:
    text = call.text("FIND").strip()
    if len(text) < SHORTEST and (needed or text):
        raise RestError("FIND_SHORT", "Too short a search phrase.")
    return text.casefold()


def _cut(call: Call, rows: list[Any]) -> list[Any]:
    start, limit = call.integer("OFFSET"), min(call.integer("LIMIT", 10) or 10, 50)
    return rows[start : start + limit]


@method("im.search.chat.list", validate=False, ignores=("FIND_LINES",))
def chat_list(call: Call) -> Answer:
    """Chats by a part of the name."""
    text = _wanted(call, needed=False)
    own = [
        chat
        for chat in call.portal.store.rows(chats.CHATS)
        if chat["type"] != "private"
        and (call.user_id in chat["users"] or chat["type"] == "open")
        and text in chat["title"].casefold()
    ]
    return Answer([views.dialog(call.portal, chat, call.user_id) for chat in _cut(call, own)], total=len(own))


@method("im.search.user.list", validate=False, ignores=("BUSINESS",))
def user_list(call: Call) -> Answer:
    """Employees by a part of the name, keyed by number."""
    text = _wanted(call)
    ids = [user_id for user_id in call.portal.users if text in chats.full_name(call.portal, user_id).casefold()]
    found = {user_id: views.user(call.portal, user_id) for user_id in _cut(call, ids)}
    return Answer(found or [], total=len(ids))


@method("im.search.department.list", validate=False)
def department_list(call: Call) -> Answer:
    """Departments in whose full name a word begins so."""
    text = _wanted(call)
    known = [presence.department(call, row) for row in call.portal.store.rows("departments")]
    found = [shown for shown in known if f" {text}" in f" {shown['full_name'].casefold()}"]
    return Answer(_cut(call, found), total=len(found))


def _last(call: Call) -> list[str]:
    found: list[str] = call.user.setdefault("IM_LAST_SEARCH", [])
    return found


def _dialog_id(call: Call) -> str:
    dialog_id = call.text("DIALOG_ID")
    if not dialog_id.removeprefix("chat").isdigit():
        raise RestError("DIALOG_ID_EMPTY", "Dialog ID can't be empty")
    return dialog_id


@method("im.search.last.add", validate=False)
def last_add(call: Call) -> bool:
    """Remembers a chat as searched last."""
    dialog_id, held = _dialog_id(call), _last(call)
    held[:] = [dialog_id, *(other for other in held if other != dialog_id)]
    call.portal.store.touch()
    return True


@method("im.search.last.delete", validate=False)
def last_delete(call: Call) -> bool:
    """Forgets a chat searched last."""
    dialog_id, held = _dialog_id(call), _last(call)
    held[:] = [other for other in held if other != dialog_id]
    call.portal.store.touch()
    return True


@method("im.search.last.get", ignores=("SKIP_OPENLINES", "SKIP_CHAT", "SKIP_DIALOG"))
def last_get(call: Call) -> list[dict[str, Any]]:
    """What the caller searched last."""
    return [_shown(call, dialog_id) for dialog_id in _last(call)]


def _shown(call: Call, dialog_id: str) -> dict[str, Any]:
    if dialog_id.startswith("chat"):
        chat = chats.find(call.portal, dialog_id[4:]) or {}
        look = {"url": chat.get("avatar", ""), "color": chat.get("color", "")}
        described = views.dialog(call.portal, chat, call.user_id) if chat else {}
        return {"id": dialog_id, "type": "chat", "avatar": look, "title": chat.get("title", ""), "chat": described}
    return {
        "id": int(dialog_id),
        "type": "user",
        "avatar": {"url": "", "color": chats.COLORS["MINT"]},
        "title": chats.full_name(call.portal, dialog_id),
        "user": views.user(call.portal, dialog_id),
    }


@method("im.dialog.messages.search", validate=False)
def messages_search(call: Call) -> dict[str, Any]:
    """Messages of a chat by a part of the text and by date."""
    if call.integer("CHAT_ID") <= 0:
        raise RestError("CHAT_ID_EMPTY", "Chat ID can't be empty")
    chat = chats.find(call.portal, call.integer("CHAT_ID"))
    if chat is None or call.user_id not in chat["users"]:
        raise RestError("ACCESS_ERROR", "You do not have access to the specified dialog", 403)
    rows = [row for row in chats.messages(call.portal, chat) if _fits(call, row)]
    if last := call.integer("LAST_ID"):
        rows = [row for row in rows if int(row["ID"]) < last]
    newest_first = str(call.mapping("ORDER").get("ID", "DESC")).upper() != "ASC"
    rows = (rows[::-1] if newest_first else rows)[: call.integer("LIMIT", 50) or 50]
    authors = dict.fromkeys(row["author"] for row in rows if row["author"] != "0")
    files = [file_id for row in rows for file_id in row["files"]]
    return {
        "messages": [views.found_message(chat, row, call.user_id) for row in rows],
        "users": [views.found_user(call.portal, author) for author in authors],
        "files": [views.file(call.portal, file_id, chat["ID"]) for file_id in files],
        "additionalMessages": [],
        "stickers": [],
        "reactions": [],
        "usersShort": [],
        "copilot": None,
        "tariffRestrictions": {"isHistoryLimitExceeded": False},
    }


def _fits(call: Call, row: Row) -> bool:
    written = moments.parse(row["date"])
    start, end, day = (moments.parse(call.get(name)) for name in ("DATE_FROM", "DATE_TO", "DATE"))
    if written is None or (start and written < start) or (end and written > end):
        return False
    if day and written.date() != day.date():
        return False
    return call.text("SEARCH_MESSAGE").casefold() in row["text"].casefold()
