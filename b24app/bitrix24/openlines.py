"""Open lines: conversations mirrored to operators, delivery reported, edits shown. Pure; called by the gateway.

The chat is the conversation and each speaker a user of it. Documentation: imconnector.send.messages, .update.messages,
.send.status.delivery, imopenlines.session.history.get.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from b24app.bitrix24.client import Command
from b24app.bitrix24.surroundings import Surroundings
from b24app.domain.deliveries import ConfirmOpenLineDelivery, EditInOpenLine, SendToOpenLine
from b24app.domain.outcomes import Done, Outcome, Refused, TryLater, Unclear

MAX_NAME = 25
NOT_IN_NAMES = re.compile(r"[^\w' -]|[\d_]", re.UNICODE)
APOSTROPHES = str.maketrans(dict.fromkeys("ʻʼ‘’`´", "'"))
NAMELESS = "Guest"


def clean_name(name: str) -> str:
    """Give a name as the line takes it: letters, spaces, hyphens and apostrophes, at most 25; `Guest` when nothing is left."""
    plain = unicodedata.normalize("NFKC", name).translate(APOSTROPHES)
    kept = " ".join(NOT_IN_NAMES.sub(" ", plain).split())
    return kept[:MAX_NAME].strip(" '-") or NAMELESS


def send(delivery: SendToOpenLine, around: Surroundings) -> Command:
    """Give imconnector.send.messages with this one message; the CRM link of a conversation is ours, so the tracker stays off."""
    message: dict[str, Any] = {
        "id": delivery.message_id,
        "date": delivery.sent_at_epoch,
        "disable_crm": "Y",
    }
    if delivery.text or not delivery.files:
        message["text"] = delivery.text or "—"
    if delivery.files:
        # The files door knows a message's file whether its bytes lie with us or still with Telegram.
        address = around.file_address(f"message/{delivery.message_id}")
        message["files"] = [{"url": file.get("url") or address, "name": file["name"]} for file in delivery.files]
    item = {
        "user": {"id": delivery.speaker_id, "name": clean_name(delivery.speaker_name)},
        "message": message,
        "chat": {"id": delivery.conversation_id, "name": delivery.conversation_title},
    }
    return _to_line("imconnector.send.messages", item, around)


def sent(delivery: SendToOpenLine, result: Any, around: Surroundings) -> Outcome:
    """Read the outcome of the one message: success is said per message, never by the status alone."""
    item = _only_result(result)
    if item is None or not item.get("SUCCESS"):
        return _refused(item)
    session = item.get("session")
    session = session if isinstance(session, Mapping) else {}
    return Done({"session_id": str(session.get("ID") or ""), "chat_id": str(session.get("CHAT_ID") or "")})


def history(delivery: SendToOpenLine, around: Surroundings) -> Command | Outcome:
    """Give the call that reads the dialogue back, or Unclear while we do not know the dialogue."""
    session_id, chat_id = around.line_chats.get(delivery.conversation_id, ("", ""))
    if not session_id and not chat_id:
        return Unclear("The dialogue of this conversation is not known yet.")
    return Command(
        "imopenlines.session.history.get", {"SESSION_ID": session_id} if session_id else {"CHAT_ID": chat_id}
    )


def in_history(delivery: SendToOpenLine, result: Any, around: Surroundings) -> Outcome:
    """Tell whether the message is in the dialogue, by our id or else by its words."""
    rows = result.get("message") if isinstance(result, Mapping) else None
    rows = rows.values() if isinstance(rows, Mapping) else rows or ()
    for row in rows:
        params = row.get("params")
        ids = params.get("connectorMid") if isinstance(params, Mapping) else None
        if delivery.message_id in [str(found) for found in ids or ()] or (
            delivery.text and str(row.get("text", "")).strip() == delivery.text.strip()
        ):
            return Done(
                {
                    "session_id": str(result.get("sessionId") or ""),
                    "chat_id": str(result.get("chatId") or ""),
                    "found": True,
                }
            )
    return TryLater("The message is not in the dialogue.", after_seconds=0.0)


def edit(delivery: EditInOpenLine, around: Surroundings) -> Command:
    """Give imconnector.update.messages with this one message."""
    item = {
        "user": {"id": delivery.speaker_id, "name": clean_name(delivery.speaker_name)},
        "message": {"id": delivery.message_id, "text": delivery.text},
        "chat": {"id": delivery.conversation_id},
    }
    return _to_line("imconnector.update.messages", item, around)


def edited(delivery: EditInOpenLine, result: Any, around: Surroundings) -> Outcome:
    """Read the outcome of an edit."""
    item = _only_result(result)
    return Done({}) if item is None or item.get("SUCCESS", True) else _refused(item)


def confirm(delivery: ConfirmOpenLineDelivery, around: Surroundings) -> Command:
    """Give imconnector.send.status.delivery; our ids go as a list even when there is one."""
    item = {
        "im": {"chat_id": delivery.im_chat_id, "message_id": delivery.im_message_id},
        "message": {"id": list(delivery.message_ids), "date": delivery.delivered_at_epoch},
        "chat": {"id": delivery.conversation_id},
    }
    return _to_line("imconnector.send.status.delivery", item, around)


def confirmed(delivery: ConfirmOpenLineDelivery, result: Any, around: Surroundings) -> Outcome:
    """Read the outcome of a delivery report."""
    if isinstance(result, Mapping) and result.get("SUCCESS") is False:
        return Refused("The line did not take the report.", "NOT_CONFIRMED")
    return Done({})


def _to_line(method: str, item: dict[str, Any], around: Surroundings) -> Command:
    connector = around.manifest.connector.id
    return Command(method, {"CONNECTOR": connector, "LINE": around.line(), "MESSAGES": [item]})


def _only_result(result: Any) -> Mapping[str, Any] | None:
    data = result.get("DATA") if isinstance(result, Mapping) else None
    items = data.get("RESULT") if isinstance(data, Mapping) else None
    return items[0] if isinstance(items, list) and items and isinstance(items[0], Mapping) else None


def _refused(item: Mapping[str, Any] | None) -> Refused:
    errors = item.get("ERRORS") if item else None
    said = "; ".join(str(error) for error in errors) if isinstance(errors, list) else str(errors or "")
    return Refused(said or "The line did not take the message.", "NOT_TAKEN")
