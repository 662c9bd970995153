"""Chats and messages: two tables and what can happen to them.

A chat: ID, type (`chat`, `open`, `private`, `lines`, `crm`…), title, owner, users, entity_type, entity_id, data1…data3,
messages (ids in order), managers, muted, read {user id: message id}. A message: ID, chat_id, author ("0" is the
system), date, text, files, params, external ids and flags of open lines. Called by chat methods, open lines, pages.
"""

from __future__ import annotations

from typing import Any

from sandbox.chance import digest
from sandbox.portal.portal import Portal
from sandbox.portal.store import Row

CHATS, MESSAGES, CONNECTOR_USERS = "chats", "messages", "connector_users"
COLORS = {
    "RED": "#df532d",
    "GREEN": "#64a513",
    "MINT": "#4ba984",
    "LIGHT_BLUE": "#4ba5c3",
    "DARK_BLUE": "#3e99ce",
    "PURPLE": "#8474c8",
    "AQUA": "#1eb4aa",
    "PINK": "#f76187",
    "LIME": "#58cc47",
    "BROWN": "#ab7761",
    "AZURE": "#29619b",
    "KHAKI": "#728f7a",
    "SAND": "#ba9c7b",
    "MARENGO": "#556574",
    "GRAY": "#909090",
    "GRAPHITE": "#5e5f5e",
}


def create(portal: Portal, owner: str, users: list[str], *, kind: str = "chat", **fields: Any) -> Row:
    """A new chat with its owner as manager."""
    chat = {
        "type": kind,
        "title": "",
        "description": "",
        "color": COLORS["MINT"],
        "avatar": "",
        "owner": owner,
        "users": list(dict.fromkeys([*([owner] if owner != "0" else []), *users])),
        "managers": [owner] if owner != "0" else [],
        "muted": [],
        "entity_type": "",
        "entity_id": "",
        "data1": "",
        "data2": "",
        "data3": "",
        "created": portal.stamp(),
        "messages": [],
        "read": {},
        **fields,
    }
    return portal.store.insert(CHATS, chat)


def private(portal: Portal, first: str, second: str) -> Row:
    """The dialog of two people, made when they have none."""
    pair = sorted({first, second})
    for chat in portal.store.rows(CHATS):
        if chat["type"] == "private" and sorted(chat["users"]) == pair:
            return chat
    return create(portal, first, [second], kind="private")


def find(portal: Portal, chat_id: Any) -> Row | None:
    """A chat by number."""
    return portal.store.table(CHATS).get(str(chat_id))


def by_entity(portal: Portal, entity_type: str, entity_id: str) -> Row | None:
    """The chat bound to an outside object."""
    for chat in portal.store.rows(CHATS):
        if chat["entity_type"] == entity_type and chat["entity_id"] == entity_id:
            return chat
    return None


def by_dialog(portal: Portal, dialog_id: str, user_id: str) -> Row | None:
    """A chat by `chatN`, or the dialog of `user_id` with person N, made when they have none."""
    if dialog_id.startswith("chat"):
        return find(portal, dialog_id[4:])
    return private(portal, user_id, dialog_id) if person(portal, dialog_id) else None


def dialog_id(chat: Row, user_id: str) -> str:
    """How `user_id` names a chat."""
    if chat["type"] != "private":
        return f"chat{chat['ID']}"
    return next((other for other in chat["users"] if other != user_id), user_id)


def person(portal: Portal, user_id: str) -> Row | None:
    """An employee, or an outside person who writes through a connector."""
    return portal.users.get(user_id) or portal.store.table(CONNECTOR_USERS).get(user_id)


def full_name(portal: Portal, user_id: str) -> str:
    """First and last name."""
    row = person(portal, user_id) or {}
    return f"{row.get('NAME', '')} {row.get('LAST_NAME', '')}".strip()


def post(portal: Portal, chat: Row, author: str, text: str, files: list[str] | None = None, **fields: Any) -> Row:
    """A new message; the author has read it."""
    message = {
        "chat_id": chat["ID"],
        "author": author,
        "date": portal.stamp(),
        "text": text,
        "files": files or [],
        "params": {},
        "edited": False,
        "deleted": False,
        **fields,
    }
    portal.store.insert(MESSAGES, message)
    chat["messages"].append(message["ID"])
    chat["read"][author] = message["ID"]
    return message


def say_system(portal: Portal, chat: Row, text: str, **params: Any) -> Row:
    """A message of the system."""
    return post(portal, chat, "0", text, params=params)


def edit(portal: Portal, message: Row, text: str) -> None:
    """Changes a text."""
    message["text"], message["edited"] = text, True
    message["params"]["IS_EDITED"] = "Y"
    portal.store.touch()


def delete(portal: Portal, message: Row) -> None:
    """Empties a message; its place stays."""
    message["deleted"], message["text"], message["files"] = True, "", []
    message["params"] = {"IS_DELETED": "Y"}
    portal.store.touch()


def message(portal: Portal, message_id: Any) -> Row | None:
    """A message by number."""
    return portal.store.table(MESSAGES).get(str(message_id))


def messages(portal: Portal, chat: Row) -> list[Row]:
    """All messages of a chat, oldest first."""
    table = portal.store.table(MESSAGES)
    return [table[message_id] for message_id in chat["messages"]]


def uuid_of(row: Row) -> str | None:
    """The unique identifier of a message, stable between calls; None for the system's."""
    if row["author"] == "0":
        return None
    text = digest("uuid", row["ID"])
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:32]}"


def unread(chat: Row, user_id: str) -> int:
    """How many messages a user has not read."""
    last = int(chat["read"].get(user_id, 0))
    return sum(1 for message_id in chat["messages"] if int(message_id) > last)
