"""What operators do in a dialog, on its way to the connector's application; and the application's receipts.

Called by operators' methods, the messenger page and control. Refusals are ValueError: a person sees their text.
"""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Call, to_int, to_map
from sandbox.portal.disk import contents
from sandbox.portal.errors import RestError
from sandbox.portal.events import emit
from sandbox.portal.identity import Actor
from sandbox.portal.im import chats
from sandbox.portal.openlines import connectors, lines, sessions
from sandbox.portal.portal import Portal
from sandbox.portal.readings import declare
from sandbox.portal.registry import method
from sandbox.portal.store import Row

FILES = declare(
    "connector_outgoing_files",
    "list",
    "links",
    about="Files of an operator in OnImConnectorMessageAdd are not documented. list: message.files with name, link, "
    "type, size; links: their addresses in the text.",
)


def say(portal: Portal, chat: Row, user_id: str, text: str, files: list[str] | None = None) -> Row:
    """An operator writes; whoever writes first takes the dialog."""
    session = _running(portal, chat)
    if not session["answered"] or session["operator"] != user_id:
        sessions.answer(portal, chat, session, user_id)
    row = chats.post(portal, chat, user_id, text, files, session=session["ID"], outside_ids=[], incoming=False)
    connector = connectors.find(portal, chat["connector"])
    if connector:
        message = {"user_id": int(user_id), **_content(portal, connector, row)}
        _emit(portal, "OnImConnectorMessageAdd", row, message, user_id)
    return row


def say_for_line(portal: Portal, chat: Row, text: str) -> None:
    """The line itself says something, to the outside too; nothing when the text is empty."""
    if text:
        row = chats.post(portal, chat, "0", text, session=chat["session"], outside_ids=[], incoming=False)
        _emit(portal, "OnImConnectorMessageAdd", row, {"user_id": 0, "text": text}, None)


def _running(portal: Portal, chat: Row) -> Row:
    session = sessions.current(portal, chat)
    if session is None:
        raise ValueError("the chat has no session")
    if session["closed"]:
        session, _ = sessions.opened(portal, chat, session["user"])
    return session


def _content(portal: Portal, connector: Row, row: Row) -> dict[str, Any]:
    text = row["text"]
    shown = [contents.describe(portal, file_id) for file_id in row["files"]]
    if portal.readings[FILES] == "links":
        text = "\n".join([text, *(file["urlDownload"] for file in shown)]).strip()
    if connector["NEED_SIGNATURE"]:
        text = f"[b]{chats.full_name(portal, row['author'])}:[/b] [br]{text}"
    content: dict[str, Any] = {"text": text}
    if shown and portal.readings[FILES] == "list":
        content["files"] = [
            {"name": file["name"], "link": file["urlDownload"], "type": file["type"], "size": file["size"]}
            for file in shown
        ]
    return content


def _emit(portal: Portal, event: str, row: Row, message: dict[str, Any], user_id: str | None) -> None:
    chat = portal.store.table(chats.CHATS)[row["chat_id"]]
    item = {
        "im": {"chat_id": int(chat["ID"]), "message_id": int(row["ID"])},
        "message": message,
        "chat": {"id": chat["external_chat"]},
    }
    data = {"CONNECTOR": chat["connector"], "LINE": int(chat["line"]), "MESSAGES": [item]}
    app_id = sessions.owner_app(portal, chat["connector"])
    if app_id:
        actor = Actor(user_id) if user_id else sessions.NOBODY
        emit(portal, event, data, actor, app_id=app_id)


def _changeable(portal: Portal, message_id: Any, flag: str) -> tuple[Row, Row]:
    row = chats.message(portal, message_id)
    chat = chats.find(portal, row["chat_id"]) if row else None
    connector = connectors.find(portal, chat.get("connector")) if chat else None
    if row is None or connector is None or row["deleted"] or "outside_ids" not in row:
        raise ValueError("no such message in an open line")
    if not row["incoming"] and not connector[flag]:
        raise ValueError("the connector does not allow that")
    return row, connector


def edit(portal: Portal, message_id: Any, user_id: str, text: str) -> Row:
    """An operator changes an own message; told outside when its outside id is known."""
    row, connector = _changeable(portal, message_id, "EDIT_INTERNAL_MESSAGES")
    if row["incoming"]:
        raise ValueError("messages from outside are not changed here")
    chats.edit(portal, row, text)
    if row["outside_ids"]:
        content = _content(portal, connector, row)["text"]
        shown = content.replace(":[/b] [br]", ":[/b][br] ", 1) if connector["NEED_SIGNATURE"] else content
        message = {"id": row["outside_ids"], "text": shown}
        _emit(portal, "OnImConnectorMessageUpdate", row, message, user_id)
    return row


def delete(portal: Portal, message_id: Any, user_id: str) -> Row:
    """An operator deletes a message; told outside when it was an own one whose outside id is known."""
    row, connector = _changeable(portal, message_id, "DEL_INTERNAL_MESSAGES")
    if row["incoming"] and not connector["DEL_EXTERNAL_MESSAGES"]:
        raise ValueError("the connector does not allow that")
    chats.delete(portal, row)
    if not row["incoming"]:
        for outside_id in row["outside_ids"]:
            _emit(portal, "OnImConnectorMessageDelete", row, {"id": outside_id}, user_id)
    return row


def finish(portal: Portal, chat: Row, user_id: str) -> None:
    """An operator ends the dialog; the line may say a last word."""
    session = sessions.current(portal, chat)
    if session is None or session["closed"]:
        raise ValueError("the dialog is not running")
    line = lines.find(portal, chat["line"]) or {}
    connector = connectors.find(portal, chat["connector"])
    if line.get("CLOSE_RULE") == "text" and connector and connector["NEED_SYSTEM_MESSAGES"]:
        say_for_line(portal, chat, line["CLOSE_TEXT"])
    if line.get("VOTE_MESSAGE") == "Y" and session["answered"] and connector and connector["NEED_SYSTEM_MESSAGES"]:
        say_for_line(portal, chat, str(line.get("VOTE_MESSAGE_2_TEXT") or ""))
        session["vote_asked"] = True
    sessions.finish(portal, chat, session, Actor(user_id))


@method("imconnector.send.status.delivery", validate=False)
def status_delivery(call: Call) -> dict[str, Any]:
    """Receipts of delivery: remember the outside ids, mark as read. Only for messages of operators."""
    return _receipts(call, delivered=True)


@method("imconnector.send.status.reading", validate=False, missing="Documented as a stub that only returns true.")
def status_reading(call: Call) -> dict[str, Any]:
    """Receipts of reading."""
    return _receipts(call, delivered=False)


def _receipts(call: Call, *, delivered: bool) -> dict[str, Any]:
    connector_id = str(connectors.argument(call, "CONNECTOR")).lower()
    connectors.argument(call, "LINE")
    items = to_map(connectors.argument(call, "MESSAGES"))
    row = connectors.find(call.portal, connector_id)
    if row is None or row["app_id"] != call.app["ID"]:
        raise RestError("IMCONNECTOR_NO_CORRECT_PROVIDER", "Failed to find a suitable provider for the connector")
    taken = [_receive(call.portal, connector_id, to_map(item), delivered=delivered) for item in items.values()]
    return {"SUCCESS": bool(taken) and all(taken), "DATA": []}


def _receive(portal: Portal, connector_id: str, item: dict[str, Any], *, delivered: bool) -> bool:
    im, block = to_map(item.get("im")), to_map(item.get("message"))
    row = chats.message(portal, to_int(im.get("message_id")))
    chat = chats.find(portal, to_int(im.get("chat_id")))
    outside_ids = block.get("id")
    if row is None or chat is None or row["chat_id"] != chat["ID"] or chat.get("connector") != connector_id:
        return False
    if row.get("incoming", True) or not isinstance(outside_ids, list | dict):
        return False
    if delivered:
        row["outside_ids"] = [str(outside_id) for outside_id in to_map(outside_ids).values()]
        row["delivered"] = portal.stamp()
        row["params"]["CONNECTOR_MID"] = row["outside_ids"]
    row["read_outside"] = True
    portal.store.touch()
    return True
