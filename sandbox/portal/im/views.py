"""Chats, messages, users and files in the forms that chat methods print. Reads only."""

from __future__ import annotations

from typing import Any

from sandbox.portal.crm.naming import to_camel
from sandbox.portal.disk import contents
from sandbox.portal.im import chats
from sandbox.portal.portal import Portal
from sandbox.portal.store import Row

PERMISSIONS = {
    "manage_users_add": "member",
    "manage_users_delete": "manager",
    "manage_ui": "member",
    "manage_settings": "owner",
    "manage_messages": "member",
    "can_post": "member",
}
ALLOWED = ("avatar", "rename", "extend", "call", "mute", "leave", "leave_owner", "send", "user_list")
MESSAGE_TYPES = {"private": "P", "open": "O", "lines": "L"}


def dialog(portal: Portal, chat: Row, user_id: str) -> dict[str, Any]:
    """A chat as `im.dialog.get` and `imopenlines.dialog.get` print it."""
    last_id = int(chat["messages"][-1]) if chat["messages"] else 0
    role = "owner" if chat["owner"] == user_id else "manager" if user_id in chat["managers"] else "member"
    others = [other for other in chat["users"] if other != user_id]
    return {
        "id": int(chat["ID"]),
        "parent_chat_id": 0,
        "parent_message_id": 0,
        "name": chat["title"],
        "description": chat["description"] or None,
        "owner": int(chat["owner"]),
        "extranet": False,
        "avatar": chat["avatar"],
        "color": chat["color"],
        "type": chat["type"],
        "counter": chats.unread(chat, user_id),
        "user_counter": len(chat["users"]),
        "message_count": len(chat["messages"]),
        "unread_id": 0,
        "restrictions": {**dict.fromkeys(ALLOWED, True), "path": "", "path_title": ""},
        "last_message_id": last_id,
        "last_id": int(chat["read"].get(user_id, 0)),
        "marked_id": 0,
        "disk_folder_id": 0,
        "entity_type": chat["entity_type"],
        "entity_id": chat["entity_id"],
        "entity_data_1": chat["data1"],
        "entity_data_2": chat["data2"],
        "entity_data_3": chat["data3"],
        "mute_list": [int(muted) for muted in chat["muted"]],
        "date_create": chat["created"],
        "message_type": MESSAGE_TYPES.get(chat["type"], "C"),
        "public": "",
        "role": role if user_id in chat["users"] else "guest",
        "entity_link": entity_link(chat),
        "text_field_enabled": True,
        "background_id": None,
        "permissions": PERMISSIONS,
        "is_new": False,
        "readed_list": [_read_by(portal, chat, other) for other in others],
        "manager_list": [int(manager) for manager in chat["managers"]],
        "last_message_views": {"message_id": last_id, "first_viewers": [], "count_of_viewers": 0},
        "dialog_id": chats.dialog_id(chat, user_id),
    }


def entity_link(chat: Row) -> dict[str, str]:
    """The object behind a chat."""
    kind, _, item_id = chat["entity_id"].partition("|")
    if chat["entity_type"] == "CRM":
        return {"type": kind, "url": f"/crm/{kind.lower()}/details/{item_id}/", "id": chat["entity_id"]}
    return {"type": chat["entity_type"], "url": "", "id": chat["entity_id"]}


def _read_by(portal: Portal, chat: Row, user_id: str) -> dict[str, Any]:
    read = int(chat["read"].get(user_id, 0))
    return {"user_id": int(user_id), "user_name": chats.full_name(portal, user_id), "message_id": read, "date": None}


def message(row: Row, user_id: str, last_read: int) -> dict[str, Any]:
    """A message as `im.dialog.messages.get` prints it."""
    params = {**row["params"], **({"FILE_ID": [int(file) for file in row["files"]]} if row["files"] else {})}
    return {
        "id": int(row["ID"]),
        "chat_id": int(row["chat_id"]),
        "author_id": int(row["author"]),
        "date": row["date"],
        "text": row["text"],
        "unread": row["author"] != user_id and int(row["ID"]) > last_read,
        "uuid": chats.uuid_of(row),
        "replaces": [],
        "params": params or [],
        "disappearing_date": None,
    }


def found_message(chat: Row, row: Row, user_id: str) -> dict[str, Any]:
    """A message as `im.dialog.messages.search` prints it."""
    plain = message(row, user_id, int(chat["read"].get(user_id, 0)))
    seen = [other for other in chat["users"] if int(chat["read"].get(other, 0)) >= int(row["ID"])]
    others = [other for other in seen if other != row["author"]]
    return {
        **{name: plain[name] for name in ("id", "chat_id", "author_id", "date", "text", "unread", "uuid", "params")},
        "chatId": plain["chat_id"],
        "authorId": plain["author_id"],
        "isSystem": row["author"] == "0",
        "forward": None,
        "block": None,
        "viewed": user_id in seen,
        "viewedByOthers": bool(others),
        "viewedCount": len(others),
    }


def found_user(portal: Portal, user_id: str) -> dict[str, Any]:
    """A person as `im.dialog.messages.search` prints one."""
    return {to_camel(name): value for name, value in user(portal, user_id).items()}


def user(portal: Portal, user_id: str) -> dict[str, Any]:
    """A person as chat methods print one."""
    row = chats.person(portal, user_id) or {}
    connector = user_id not in portal.users
    return {
        "id": int(user_id),
        "active": bool(row.get("ACTIVE", True)),
        "name": chats.full_name(portal, user_id),
        "first_name": row.get("NAME", ""),
        "last_name": row.get("LAST_NAME", ""),
        "work_position": row.get("WORK_POSITION", ""),
        "color": chats.COLORS["MINT"],
        "avatar": row.get("AVATAR", ""),
        "avatar_hr": row.get("AVATAR", ""),
        "gender": row.get("PERSONAL_GENDER") or "M",
        "birthday": "",
        "extranet": connector,
        "network": False,
        "bot": False,
        "connector": connector,
        "external_auth_id": "imconnector" if connector else "default",
        "status": "online",
        "idle": False,
        "last_activity_date": portal.stamp(),
        "mobile_last_date": False,
        "desktop_last_date": False,
        "absent": False,
        "departments": row.get("UF_DEPARTMENT", []),
        "phones": _phones(row) or False,
        "bot_data": None,
        "type": "user",
        "website": "",
        "email": row.get("EMAIL", ""),
    }


def _phones(row: Row) -> dict[str, str]:
    names = {"personal_mobile": "PERSONAL_MOBILE", "work_phone": "WORK_PHONE", "inner_phone": "UF_PHONE_INNER"}
    return {name: str(row[column]) for name, column in names.items() if row.get(column)}


def file(portal: Portal, file_id: str, chat_id: str) -> dict[str, Any]:
    """A file as chat methods print one."""
    described = contents.describe(portal, file_id)
    return {
        **described,
        "chatId": int(chat_id),
        "extension": described["name"].rpartition(".")[2].lower(),
        "status": "done",
        "progress": 100,
        "isTranscribable": False,
        "isVideoNote": False,
        "isVoiceNote": False,
    }
