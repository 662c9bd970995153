"""Translations of messages for employees, made by a service of the administrator's choice; off until one is named.

`want` is called by the desk, the rest by the job that asks the service. Contacts and the buyer's names are hidden before anything leaves.
Errors: NotFound, InvalidState.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import select

from b24app.domain.markup import to_plain
from b24app.domain.masking import mask
from b24app.errors import InvalidState, NotFound
from b24app.services import conversations, settings
from storage import jobs
from storage.holding import HELD
from storage.models import Message, MessageTranslation
from storage.unit_of_work import UnitOfWork

JOB = "translate_messages"
ADDRESS, SECRET = "translation_url", "translation_secret"
LONGEST = 5000
AT_ONCE = 10


OWN_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Wanted:
    """A text to be translated into a language; contacts are hidden in it."""

    translation_id: int
    text: str
    language: str


def is_safe(address: str) -> bool:
    """Tell whether texts may be sent to an address: https anywhere, plain http only on our own machine; no name or password in it."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    plain = parts.scheme == "http" and host in OWN_MACHINE
    return bool(host) and "@" not in parts.netloc and (parts.scheme == "https" or plain)


def is_on(uow: UnitOfWork) -> bool:
    """Tell whether a service is named."""
    return bool(settings.get(uow, ADDRESS))


def want(uow: UnitOfWork, message_id: int, language: str) -> MessageTranslation:
    """Ask for a translation; one that failed is tried again. InvalidState while no service is named."""
    if not is_on(uow):
        raise InvalidState("No translation service is set up.", code="no_translation")
    message = uow.session.get(Message, message_id)
    if message is None or message.deleted_at is not None or not message.original:
        raise NotFound(code="message")
    query = select(MessageTranslation).where(
        MessageTranslation.message_id == message_id, MessageTranslation.language == language
    )
    found = uow.session.scalars(query.with_for_update(key_share=True)).first()
    if found is None:
        found = MessageTranslation(message_id=message_id, language=language, state="wanted")
        uow.session.add(found)
    elif found.state == "done" and (message.edited_at is None or message.edited_at <= found.asked_at):
        return found
    found.state, found.asked_at = "wanted", uow.now
    uow.session.flush()
    jobs.defer(uow.session.connection(), JOB)
    return found


def waiting(uow: UnitOfWork) -> list[Wanted]:
    """Give what waits for the service, the oldest first, a bounded number."""
    rows = uow.session.execute(
        select(MessageTranslation, Message)
        .join(Message, Message.id == MessageTranslation.message_id)
        .where(MessageTranslation.state == "wanted")
        .order_by(MessageTranslation.id)
        .limit(AT_ONCE)
    ).all()
    return [Wanted(row.id, _leaving(uow, message), row.language) for row, message in rows]


def _leaving(uow: UnitOfWork, message: Message) -> str:
    names = conversations.hidden_names(uow, conversations.get(uow, message.conversation_id))
    return mask(to_plain(message.original)[:LONGEST], names).text


def keep(uow: UnitOfWork, translation_id: int, text: str) -> None:
    """Keep what the service answered; an empty text means that it failed and may be asked again."""
    found = uow.session.get(MessageTranslation, translation_id, with_for_update=HELD)
    if found is not None:
        found.state, found.text = ("done", text) if text else ("failed", "")


def of(uow: UnitOfWork, message_ids: Sequence[int], language: str) -> dict[int, MessageTranslation]:
    """Give the translations of messages into a language, by message."""
    query = select(MessageTranslation).where(
        MessageTranslation.message_id.in_(message_ids), MessageTranslation.language == language
    )
    return {row.message_id: row for row in uow.session.scalars(query)}
