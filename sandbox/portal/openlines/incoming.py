"""imconnector.send.messages, update.messages, delete.messages, chat.name.set: what comes from outside.

Each message has its own SUCCESS and ERRORS. Unless the reading says so, nothing is recognized as sent before: a repeated id is a second
message.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sandbox.portal.call import Call, to_int, to_map
from sandbox.portal.errors import RestError
from sandbox.portal.events import emit
from sandbox.portal.im import chats
from sandbox.portal.openlines import (
    connectors,
    downloads,
    lines,
    outgoing,
    people,
    ratings,
    sessions,
    tracker,
    working_hours,
)
from sandbox.portal.portal import Portal
from sandbox.portal.readings import declare
from sandbox.portal.registry import method
from sandbox.portal.store import Row

Block = dict[str, Any]
BLOCKS = ("user", "message", "chat")
REPEATED = declare(
    "connector_repeated_message",
    "again",
    "known",
    about="imconnector.send.messages with a message.id that came before in the dialog: no page says that it is recognized. again: it "
    "is a second message; known: it is answered like the first time and shown once.",
)


class WrongMessageError(ValueError):
    """One message cannot be taken; its text goes into ERRORS."""


def _open_channel(call: Call) -> tuple[Row, str]:
    connector_id = str(connectors.argument(call, "CONNECTOR")).lower()
    line_id = str(connectors.argument(call, "LINE"))
    row = connectors.find(call.portal, connector_id)
    if row is None or row["app_id"] != call.app["ID"]:
        raise RestError("IMCONNECTOR_NO_CORRECT_PROVIDER", "Failed to find a suitable provider for the connector")
    if not lines.active(call.portal, line_id) or not connectors.state(call.portal, connector_id, line_id)["active"]:
        raise RestError("NOT_ACTIVE_LINE", "The line with this ID is inactive or does not exist")
    return row, line_id


def _messages(call: Call) -> list[Block]:
    given = connectors.argument(call, "MESSAGES")
    if not isinstance(given, dict | list):
        raise RestError("ERROR_ARGUMENT", "The value of an argument 'MESSAGES' must be of type array")
    items = list(to_map(given).values())
    if not all(isinstance(item, dict) for item in items):
        raise RestError("ERROR_ARGUMENT", "The MESSAGES parameter must be an array of messages (arrays)")
    for item in items:
        if not all(isinstance(item.get(name), dict) for name in BLOCKS):
            raise RestError("ERROR_ARGUMENT", "The incorrect structure of a message inside MESSAGES parameter")
    return items


def _answer(results: list[Block]) -> Block:
    return {"SUCCESS": all(item["SUCCESS"] for item in results), "DATA": {"RESULT": results}}


def _failed(item: Block, error: Exception) -> Block:
    return {**{name: item[name] for name in ("message", "chat")}, "SUCCESS": False, "ERRORS": [str(error)]}


def _chat_block(block: Block) -> Block:
    shown = {name: str(block[name]) for name in ("id", "name") if block.get(name)}
    if block.get("url"):
        shown["description"] = f"Link to the original post: {block['url']}"
    return shown


def _outside_chat(block: Block) -> str:
    if not (outside := str(block.get("id") or "")):
        raise WrongMessageError("Parameter chat.id is required")
    return outside


@method("imconnector.send.messages", validate=False, missing="Phones are not validated.")
async def send_messages(call: Call) -> Block:
    """Brings messages of outside people into their dialogs."""
    items = _messages(call)
    connector, line_id = _open_channel(call)
    results = []
    for item in items:
        try:
            results.append(await _take(call, connector, line_id, item))
        except (WrongMessageError, people.WrongPersonError) as error:
            results.append(_failed(item, error))
    return _answer(results)


async def _take(call: Call, connector: Row, line_id: str, item: Block) -> Block:
    portal, block = call.portal, item["message"]
    outside_chat = _outside_chat(item["chat"])
    user = people.known(portal, connector["ID"], item["user"])
    text = str(block.get("text") or "")
    if not text and not block.get("files"):
        raise WrongMessageError("Message must have text or files")
    files, lost = await downloads.fetch(portal, block.get("files"), user["ID"]) if block.get("files") else ([], [])
    if not text and not files:
        raise WrongMessageError(f"Failed to load files: {', '.join(lost)}")
    chat = sessions.chat_of(portal, connector, line_id, user, outside_chat)
    if portal.readings[REPEATED] == "known" and _sent_already(portal, chat, block):
        session = sessions.current(portal, chat) or {}
    else:
        session = _say(call, connector, chat, item, user=user, text=text, files=files)
    extra = {"skip_phone_validate": "Y"} if item["user"].get("skip_phone_validate") == "Y" else {}
    if str(block.get("disable_crm", "")) == "Y":
        extra["disable_tracker"] = "Y"
    return {
        "user": user["ID"],
        "message": {
            "id": str(block.get("id") or ""),
            "date": {},
            "text": text,
            "files": [int(file) for file in files],
        },
        "chat": _chat_block(item["chat"]),
        "extra": extra or [],
        "SUCCESS": True,
        "session": {"ID": session["ID"], "CHAT_ID": chat["ID"]},
    }


def _sent_already(portal: Portal, chat: Row, block: Block) -> bool:
    wanted = str(block.get("id") or "")
    rows = chats.messages(portal, chat) if wanted else []
    return any(row.get("incoming") and wanted in row["outside_ids"] for row in rows)


def _say(call: Call, connector: Row, chat: Row, item: Block, *, user: Row, text: str, files: list[str]) -> Row:
    portal, block = call.portal, item["message"]
    rated = ratings.taken(portal, chat, lines.find(portal, chat["line"]) or {}, text)
    session, started = (sessions.current(portal, chat) or {}, False)
    if not rated:
        session, started = sessions.opened(portal, chat, user["ID"])
    track = not rated and not connector["CHAT_GROUP"] and str(block.get("disable_crm", "")) != "Y"
    if track:
        tracker.track(portal, chat, session, user)
    manager = str(block.get("user_id") or "")
    author = manager if manager in portal.users else user["ID"]
    row = chats.post(
        portal,
        chat,
        author,
        text,
        files,
        session=session["ID"],
        outside_ids=[str(block["id"])] if block.get("id") else [],
        incoming=True,
        sent=_moment(block.get("date")),
    )
    _tell_added(call, chat, session, row)
    if started:
        _welcome(call, connector, chat)
    return session


def _moment(value: Any) -> str | None:
    seconds = to_int(value)
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat() if seconds > 0 else None
    except (OverflowError, ValueError, OSError):
        return None


def _tell_added(call: Call, chat: Row, session: Row, row: Row) -> None:
    data = {
        "connector": sessions.connector_block(chat, session),
        "chat": {"id": int(chat["ID"])},
        "message": {
            "id": int(row["ID"]),
            "date": row["date"],
            "text": row["text"],
            "files": [int(file) for file in row["files"]],
            "attach": "",
            "system": "N",
            "user_id": int(row["author"]),
        },
        "ref": [],
        "extra": {"EXTRA_URL": ""},
    }
    emit(call.portal, "OnOpenLineMessageAdd", {"DATA": [data]}, call.actor, app_id=call.identity.app_id)


def _welcome(call: Call, connector: Row, chat: Row) -> None:
    line = lines.find(call.portal, chat["line"])
    if line is None or not connector["NEED_SYSTEM_MESSAGES"]:
        return
    if line["WELCOME_MESSAGE"] == "Y":
        outgoing.say_for_line(call.portal, chat, line["WELCOME_MESSAGE_TEXT"])
    outgoing.say_for_line(call.portal, chat, working_hours.closed_text(call.portal, line))


def _sent_before(call: Call, connector: Row, line_id: str, item: Block) -> tuple[Row, list[Row]]:
    outside_chat, wanted = _outside_chat(item["chat"]), str(item["message"].get("id") or "")
    if not wanted:
        raise WrongMessageError("Parameter message.id is required")
    user = people.known(call.portal, connector["ID"], {"id": item["user"].get("id")})
    chat = sessions.chat_of(call.portal, connector, line_id, user, outside_chat)
    rows = [row for row in chats.messages(call.portal, chat) if wanted in row.get("outside_ids", ())]
    found = [row for row in rows if row.get("incoming") and not row["deleted"]]
    if not found:
        raise WrongMessageError("Message is not found")
    return user, found


@method("imconnector.update.messages", validate=False)
async def update_messages(call: Call) -> Block:
    """Changes messages that came from outside, by their outside id."""
    items = _messages(call)
    connector, line_id = _open_channel(call)
    results = []
    for item in items:
        block = item["message"]
        try:
            user, found = _sent_before(call, connector, line_id, item)
            if not block.get("text") and not block.get("files"):
                raise WrongMessageError("Message must have text or files")
            for row in found:
                chats.edit(call.portal, row, str(block.get("text") or row["text"]))
                if block.get("files"):
                    row["files"], _ = await downloads.fetch(call.portal, block["files"], user["ID"])
        except (WrongMessageError, people.WrongPersonError) as error:
            results.append(_failed(item, error))
            continue
        shown = {"id": str(block["id"]), "date": {}, "text": str(block.get("text") or "")}
        results.append(
            {"user": user["ID"], "message": shown, "chat": _chat_block(item["chat"]), "extra": [], "SUCCESS": True}
        )
    return _answer(results)


@method("imconnector.delete.messages", validate=False)
def delete_messages(call: Call) -> Block:
    """Deletes messages that came from outside, by their outside id."""
    items = _messages(call)
    connector, line_id = _open_channel(call)
    results = []
    for item in items:
        try:
            user, found = _sent_before(call, connector, line_id, item)
        except (WrongMessageError, people.WrongPersonError) as error:
            results.append(_failed(item, error))
            continue
        for row in found:
            chats.delete(call.portal, row)
        results.append(
            {"user": user["ID"], "message": item["message"], "chat": _chat_block(item["chat"]), "SUCCESS": True}
        )
    return _answer(results)


@method("imconnector.chat.name.set", scopes=("imconnector", "imopenlines"), validate=False)
def chat_name_set(call: Call) -> Block:
    """Renames a dialog."""
    connector_id, outside_chat = (str(connectors.argument(call, name)) for name in ("CONNECTOR", "CHAT_ID"))
    name = str(connectors.argument(call, "NAME"))
    connector, line_id = _open_channel(call)
    if not connector["CHAT_GROUP"]:
        connectors.argument(call, "USER_ID")
    for chat in call.portal.store.rows(chats.CHATS):
        if chat.get("connector") != connector_id.lower() or chat["line"] != line_id:
            continue
        guests = [call.portal.store.table(people.TABLE).get(user_id, {}) for user_id in chat["users"]]
        own = any(guest.get("external") == call.text("USER_ID") for guest in guests)
        if chat["external_chat"] == outside_chat if connector["CHAT_GROUP"] else own:
            chat["title"] = name
            call.portal.store.touch()
            return {"SUCCESS": True, "DATA": {"RESULT": {}}}
    raise RestError("CHAT_RENAMING_FAILED", "Failed to rename the chat")
