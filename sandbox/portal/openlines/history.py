"""The history of a session in the form of imopenlines.session.history.get. Reads only."""

from __future__ import annotations

from typing import Any

from sandbox.portal.crm.naming import to_camel
from sandbox.portal.im import chats, views
from sandbox.portal.portal import Portal
from sandbox.portal.store import Row


def shown(portal: Portal, chat: Row, session: Row) -> dict[str, Any]:
    """Messages, people, chat and files of one session."""
    chat_id = chat["ID"]
    rows = [row for row in chats.messages(portal, chat) if row.get("session", session["ID"]) == session["ID"]]
    rows.reverse()
    files = [file_id for row in rows for file_id in row["files"]]
    people = [user_id for user_id in chat["users"] if chats.person(portal, user_id)]
    return {
        "chatId": int(chat_id),
        "canJoin": "Y",
        "canVoteHead": "Y",
        "sessionId": int(session["ID"]),
        "sessionVoteHead": 0,
        "sessionCommentHead": None,
        "userId": f"chat{chat_id}",
        "message": {row["ID"]: _message(row) for row in rows},
        "usersMessage": {f"chat{chat_id}": [row["ID"] for row in rows]},
        "users": {user_id: _user(portal, user_id) for user_id in people},
        "openlines": {"canvoteashead": {chat["line"]: True}},
        "userInGroup": {},
        "woUserInGroup": [],
        "chat": {chat_id: _chat(chat)},
        "userBlockChat": {chat_id: dict.fromkeys(people, False)},
        "userInChat": {chat_id: [int(user_id) for user_id in people]},
        "files": {file_id: _lowered(views.file(portal, file_id, chat_id)) for file_id in files},
    }


def _message(row: Row) -> dict[str, Any]:
    params: dict[str, Any] = {}
    if row.get("outside_ids"):
        params["connectorMid"] = row["outside_ids"]
    if row["files"]:
        params["fileId"] = [int(file_id) for file_id in row["files"]]
    for name, key in (("IS_EDITED", "isEdited"), ("IS_DELETED", "isDeleted")):
        if name in row["params"]:
            params[key] = "Y"
    return {
        "id": row["ID"],
        "chatid": row["chat_id"],
        "senderid": row["author"],
        "recipientid": f"chat{row['chat_id']}",
        "date": row["date"],
        "text": row["text"],
        "textlegacy": row["text"].replace("[b]", "<b>").replace("[/b]", "</b>").replace("[br]", "<br />"),
        "params": params or [],
    }


def _user(portal: Portal, user_id: str) -> dict[str, Any]:
    camel = {
        "first_name": "firstName",
        "last_name": "lastName",
        "work_position": "workPosition",
        "external_auth_id": "externalAuthId",
        "last_activity_date": "lastActivityDate",
        "mobile_last_date": "mobileLastDate",
        "desktop_last_date": "desktopLastDate",
        "bot_data": "botData",
    }
    row = {camel.get(key, key): value for key, value in views.user(portal, user_id).items()}
    more = {"avatarId": None, "phoneDevice": False, "services": None}
    return {**row, **more, "id": user_id, "profile": f"/company/personal/user/{user_id}/"}


def _chat(chat: Row) -> dict[str, Any]:
    return {
        "id": chat["ID"],
        "parentChatId": 0,
        "parentMessageId": 0,
        "name": chat["title"],
        "owner": chat["owner"],
        "color": chat["color"],
        "extranet": False,
        "avatar": chat["avatar"],
        "call": "0",
        "callNumber": "",
        "entityType": chat["entity_type"],
        "entityId": chat["entity_id"],
        "entityData1": chat["data1"],
        "entityData2": chat["data2"],
        "entityData3": chat["data3"],
        "messageCount": len(chat["messages"]),
        "public": "",
        "muteList": {user_id: user_id in chat["muted"] for user_id in chat["users"]},
        "managerList": [int(manager) for manager in chat["managers"]],
        "dateCreate": chat["created"],
        "type": chat["type"],
        "entityLink": views.entity_link(chat),
        "permissions": {to_camel(name): value for name, value in views.PERMISSIONS.items()},
        "textFieldEnabled": True,
        "backgroundId": None,
        "messageType": "L",
        "isNew": False,
    }


def _lowered(file: dict[str, Any]) -> dict[str, Any]:
    return {key.lower(): value for key, value in file.items()}
