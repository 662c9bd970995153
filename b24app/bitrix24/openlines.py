"""Open lines: conversations mirrored to operators, delivery reported, edits shown. Pure; called by the gateway.

The chat is the conversation and each speaker a user of it. Documentation: imconnector.send.messages, .update.messages,
.delete.messages, .send.status.delivery, imopenlines.session.history.get, imopenlines.operator.transfer, im.chat.user.add.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from b24app.bitrix24.client import Command
from b24app.bitrix24.surroundings import Surroundings
from b24app.domain.deliveries import (
    BringColleague,
    ConfirmOpenLineDelivery,
    DeleteInOpenLine,
    EditInOpenLine,
    SendToOpenLine,
)
from b24app.domain.lines import LINE_OFF
from b24app.domain.outcomes import Done, Outcome, Refused, TryLater, Unclear
from b24app.errors import Rejected

MAX_NAME = 25
NOT_IN_NAMES = re.compile(r"[^\w' -]|[\d_]", re.UNICODE)
APOSTROPHES = str.maketrans(dict.fromkeys("ʻʼ‘’`´", "'"))
NAMELESS = "Guest"
LOOK_AGAIN_SECONDS = 24 * 3600.0


def clean_name(name: str) -> str:
    """Give a name as the line takes it: letters, spaces, hyphens and apostrophes, at most 25; `Guest` when nothing is left."""
    plain = unicodedata.normalize("NFKC", name).translate(APOSTROPHES)
    kept = " ".join(NOT_IN_NAMES.sub(" ", plain).split())
    return kept[:MAX_NAME].strip(" '-") or NAMELESS


def send(delivery: SendToOpenLine, around: Surroundings) -> Command:
    """Give imconnector.send.messages with this one message."""
    return send_together([delivery], around)


def send_together(deliveries: Sequence[SendToOpenLine], around: Surroundings) -> Command:
    """Give one imconnector.send.messages with these messages of one conversation in their order, which the line keeps."""
    items = [_item(delivery, around) for delivery in deliveries]
    return _to_line("imconnector.send.messages", deliveries[0].conversation_id, items, around)


def _item(delivery: SendToOpenLine, around: Surroundings) -> dict[str, Any]:
    # The CRM link of a conversation is ours, so the tracker stays off.
    message: dict[str, Any] = {
        "id": delivery.message_id,
        "date": delivery.sent_at_epoch,
        "disable_crm": "Y",
    }
    if delivery.manager_id:
        message["user_id"] = int(delivery.manager_id)
    if delivery.text or not delivery.files:
        message["text"] = delivery.text or "—"
    if delivery.files:
        # The files door knows a message's file whether its bytes lie with us or still with Telegram.
        address = around.file_address(f"message/{delivery.message_id}")
        message["files"] = [{"url": file.get("url") or address, "name": file["name"]} for file in delivery.files]
    return {
        "user": {"id": delivery.speaker_id, "name": clean_name(delivery.speaker_name)},
        "message": message,
        "chat": {"id": delivery.conversation_id, "name": delivery.conversation_title},
    }


def sent_together(deliveries: Sequence[SendToOpenLine], result: Any) -> list[Outcome]:
    """Read the outcome of each message: success is said per message, never by the status alone."""
    data = result.get("DATA") if isinstance(result, Mapping) else None
    items = data.get("RESULT") if isinstance(data, Mapping) else None
    if not isinstance(items, list) or len(items) != len(deliveries):
        return [Unclear("The line answered for another number of messages.") for _ in deliveries]
    return [_sent(item if isinstance(item, Mapping) else None) for item in items]


def sent(delivery: SendToOpenLine, result: Any, around: Surroundings) -> Outcome:
    """Read the outcome of the one message."""
    return sent_together([delivery], result)[0]


def _sent(item: Mapping[str, Any] | None) -> Outcome:
    if item is None or not item.get("SUCCESS"):
        return _refused(item)
    session = item.get("session")
    session = session if isinstance(session, Mapping) else {}
    return Done({"session_id": str(session.get("ID") or ""), "chat_id": str(session.get("CHAT_ID") or "")})


def history(delivery: SendToOpenLine, around: Surroundings) -> Command | Outcome:
    """Give the call that reads the dialogue's last session back, or Unclear while we do not know the dialogue."""
    session_id, chat_id = around.line_chats.get(delivery.conversation_id, ("", ""))
    if not session_id and not chat_id:
        return Unclear("The dialogue of this conversation is not known yet.")
    return Command("imopenlines.session.history.get", {"CHAT_ID": chat_id} if chat_id else {"SESSION_ID": session_id})


def in_history(delivery: SendToOpenLine, result: Any, around: Surroundings) -> Outcome:
    """Tell whether the message is in the dialogue by our id; its words alone prove nothing, people repeat themselves."""
    rows = result.get("message") if isinstance(result, Mapping) else None
    rows = list(rows.values() if isinstance(rows, Mapping) else rows or ())
    ids = [str(found) for row in rows for found in _outside_ids(row)]
    session_id = str(result.get("sessionId") or "") if isinstance(result, Mapping) else ""
    if delivery.message_id in ids:
        return Done({"session_id": session_id, "chat_id": str(result.get("chatId") or ""), "found": True})
    known, _ = around.line_chats.get(delivery.conversation_id, ("", ""))
    if known and session_id != known:
        return Unclear("The dialogue went on in another session.")
    said = delivery.text.strip()
    if not ids and any(said and str(row.get("text", "")).strip() == said for row in rows):
        return Unclear("The dialogue holds these words, but does not tell whose they are.")
    return TryLater("The message is not in the dialogue.", after_seconds=0.0)


def _outside_ids(row: Mapping[str, Any]) -> Iterable[Any]:
    params = row.get("params")
    found = params.get("connectorMid") if isinstance(params, Mapping) else None
    return found.values() if isinstance(found, Mapping) else found or ()


def edit(delivery: EditInOpenLine, around: Surroundings) -> Command:
    """Give imconnector.update.messages with this one message."""
    item = {
        "user": {"id": delivery.speaker_id, "name": clean_name(delivery.speaker_name)},
        "message": {"id": delivery.message_id, "text": delivery.text},
        "chat": {"id": delivery.conversation_id},
    }
    return _to_line("imconnector.update.messages", delivery.conversation_id, [item], around)


def edited(delivery: EditInOpenLine, result: Any, around: Surroundings) -> Outcome:
    """Read the outcome of an edit."""
    item = _only_result(result)
    return Done({}) if item is None or item.get("SUCCESS", True) else _refused(item)


def delete(delivery: DeleteInOpenLine, around: Surroundings) -> Command:
    """Give imconnector.delete.messages with this one message."""
    item = {
        "user": {"id": delivery.speaker_id},
        "message": {"id": delivery.message_id},
        "chat": {"id": delivery.conversation_id},
    }
    return _to_line("imconnector.delete.messages", delivery.conversation_id, [item], around)


def deleted(delivery: DeleteInOpenLine, result: Any, around: Surroundings) -> Outcome:
    """Read the outcome of a deletion; a message that the line does not hold is as good as deleted."""
    item = _only_result(result)
    if item is None or item.get("SUCCESS", True) or "not found" in str(item.get("ERRORS", "")).lower():
        return Done({})
    return _refused(item)


def confirm(delivery: ConfirmOpenLineDelivery, around: Surroundings) -> Command:
    """Give imconnector.send.status.delivery; our ids go as a list even when there is one."""
    item = {
        "im": {"chat_id": delivery.im_chat_id, "message_id": delivery.im_message_id},
        "message": {"id": list(delivery.message_ids), "date": delivery.delivered_at_epoch},
        "chat": {"id": delivery.conversation_id},
    }
    return _to_line("imconnector.send.status.delivery", delivery.conversation_id, [item], around)


def confirmed(delivery: ConfirmOpenLineDelivery, result: Any, around: Surroundings) -> Outcome:
    """Read the outcome of a delivery report."""
    if isinstance(result, Mapping) and result.get("SUCCESS") is False:
        return Refused("The line did not take the report.", "NOT_CONFIRMED")
    return Done({})


def bring(delivery: BringColleague, around: Surroundings) -> Command | Outcome:
    """Give imopenlines.operator.transfer, or im.chat.user.add with the history, for the dialogue of the conversation."""
    _, chat_id = around.line_chats.get(delivery.conversation_id, ("", ""))
    if not chat_id:
        return Refused("The conversation has no dialogue on the open line.", "NO_DIALOGUE")
    if delivery.instead:
        return Command("imopenlines.operator.transfer", {"CHAT_ID": chat_id, "USER_ID": delivery.user_id})
    return Command("im.chat.user.add", {"CHAT_ID": chat_id, "USERS": [delivery.user_id], "HIDE_HISTORY": "N"})


def _to_line(method: str, conversation_id: str, items: list[dict[str, Any]], around: Surroundings) -> Command:
    where = {"CONNECTOR": around.manifest.connector.id, "LINE": around.line(conversation_id)}
    return Command(method, {**where, "MESSAGES": items})


def waiting(error: Rejected) -> Outcome:
    """Let a message wait while its line takes none: the look at the lines, or a person who chooses another, sends it on."""
    if error.code == LINE_OFF:
        return TryLater(
            "The open line is switched off.", after_seconds=LOOK_AGAIN_SECONDS, counted=False, code=LINE_OFF
        )
    return Refused(str(error), error.code, error.body)


def _only_result(result: Any) -> Mapping[str, Any] | None:
    data = result.get("DATA") if isinstance(result, Mapping) else None
    items = data.get("RESULT") if isinstance(data, Mapping) else None
    return items[0] if isinstance(items, list) and items and isinstance(items[0], Mapping) else None


def _refused(item: Mapping[str, Any] | None) -> Refused:
    errors = item.get("ERRORS") if item else None
    said = "; ".join(str(error) for error in errors) if isinstance(errors, list) else str(errors or "")
    return Refused(said or "The line did not take the message.", "NOT_TAKEN")
