"""Telling the reader of a message that had to wait with us, because the other side was away, when it was written.

Called by the dispatchers when they take a row. What reached us late already says so: `messages` marks that. A digest waits on purpose.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from b24app.domain.messages import LATE_SECONDS
from b24app.i18n import Texts
from b24app.services import bot_texts, message_copies, message_parts, people, portals
from b24app.services.notices import escaped
from storage.models import Message, OutboxRow, Person
from storage.unit_of_work import UnitOfWork

Payload = dict[str, Any]
_MARKED = "late"


def mark(uow: UnitOfWork, row: OutboxRow) -> None:
    """Put the moment of writing on top of a conversation's message that goes out long after it was written, once."""
    marking = _MARKINGS.get(row.kind)
    if marking is None or (uow.now - row.created_at).total_seconds() <= LATE_SECONDS:
        return
    if row.payload.get(_MARKED) or row.lane.startswith("digest:"):
        return
    copy = next(iter(message_parts.copies_of(uow, row)), None)
    message = uow.session.get(Message, copy.message_id) if copy is not None else None
    if message is not None and message.written_at is None:
        row.payload = {**row.payload, **marking(uow, row.payload, message), _MARKED: True}


def _for_employees(uow: UnitOfWork, payload: Payload, message: Message) -> Payload:
    words = message_copies.late_words(message, portals.speech(uow))
    return {"text": f"[i]{words}[/i]\n{payload['text']}".strip()}


def _text(uow: UnitOfWork, payload: Payload, message: Message) -> Payload:
    return {"text": _above(uow, payload, message, payload["text"])}


def _caption(uow: UnitOfWork, payload: Payload, message: Message) -> Payload:
    return {"caption": _above(uow, payload, message, payload["caption"])}


def _first_caption(uow: UnitOfWork, payload: Payload, message: Message) -> Payload:
    first, *others = payload["items"]
    return {"items": [{**first, "caption": _above(uow, payload, message, first["caption"])}, *others]}


def _above(uow: UnitOfWork, payload: Payload, message: Message, text: str) -> str:
    reader = uow.session.scalars(select(Person).where(Person.chat_id == payload["chat_id"])).first()
    words = escaped(message_copies.late_words(message, _speech(uow, reader)))
    return text if words in text else f"<i>{words}</i>\n{text}"


def _speech(uow: UnitOfWork, reader: Person | None) -> Texts:
    return bot_texts.speaker(uow, people.language_of(reader), reader.zone) if reader else portals.speech(uow)


_MARKINGS: dict[str, Callable[[UnitOfWork, Payload, Message], Payload]] = {
    "SendToOpenLine": _for_employees,
    "AddTimelineComment": _for_employees,
    "SendConversationMessage": _text,
    "SendChatFile": _caption,
    "SendChatAlbum": _first_caption,
}
