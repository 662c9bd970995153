"""Collecting the pieces of an album for a short, bounded time, so that it arrives as an album. Called by `message_copies`.

Telegram tells pieces one by one and never says which is the last. The first piece opens an outgoing album that waits a moment;
the others join while it waits; a piece that comes too late goes in an album of its own or alone.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from b24app.domain.deliveries import SendChatAlbum
from b24app.domain.messages import ALBUM_KINDS, MOST_IN_ALBUM
from b24app.services.notices import waits_until
from storage.models import Message, MessageCopy, OutboxRow, Person
from storage.unit_of_work import UnitOfWork

QUIET = timedelta(seconds=0.8)
"""How long after a piece the album waits for the next."""
LONGEST = timedelta(seconds=3)
"""How long the first piece waits at most."""


def add(
    uow: UnitOfWork,
    message: Message,
    copy: MessageCopy,
    reader: Person,
    *,
    item: dict[str, Any],
    reply_to: str,
    conversation_id: str,
    topic: str,
) -> int:
    """Put a piece into the album that waits for a reader in a topic of theirs; answers its place there, from 0."""
    base, row = _latest(uow, message, reader)
    if row is not None and _takes_more(row):
        copy.outbox_key = row.key
        items = [*row.payload["items"], item]
        row.payload = {**row.payload, "items": items}
        row.not_before = min(uow.now + QUIET, row.created_at + LONGEST)
        return len(items) - 1
    key = base if row is None else f"{base}:{message.id}"
    copy.outbox_key = key
    album = SendChatAlbum(
        about=f"group/{copy.id}",
        chat_id=reader.chat_id,
        items=[item],
        reply_to=reply_to,
        conversation_id=conversation_id,
        topic=topic,
        silent=waits_until(uow, reader) is not None,
    )
    uow.send(album, key=key, not_before=uow.now + QUIET)
    return 0


def joins(uow: UnitOfWork, message: Message, reader: Person) -> bool:
    """Tell whether a piece goes into an album that waits for the reader, under whose heading it then stands."""
    _, row = _latest(uow, message, reader)
    return row is not None and _takes_more(row)


def _latest(uow: UnitOfWork, message: Message, reader: Person) -> tuple[str, OutboxRow | None]:
    """Give how the keys of a reader's albums begin, and the latest of them."""
    base = f"album/{message.conversation_id}:{ALBUM_KINDS[message.kind]}:{message.album}:{reader.chat_id}"
    found = select(OutboxRow).where(OutboxRow.key.startswith(base, autoescape=True)).order_by(OutboxRow.id.desc())
    return base, uow.session.scalars(found.limit(1).with_for_update(key_share=True)).first()


def _takes_more(row: OutboxRow) -> bool:
    return row.state == "todo" and not row.attempts and len(row.payload["items"]) < MOST_IN_ALBUM
