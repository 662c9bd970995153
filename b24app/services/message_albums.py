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
    base = f"album/{message.conversation_id}:{ALBUM_KINDS[message.kind]}:{message.album}:{reader.chat_id}"
    row = uow.session.scalars(
        select(OutboxRow)
        .where(OutboxRow.key.startswith(base, autoescape=True))
        .order_by(OutboxRow.id.desc())
        .limit(1)
        .with_for_update(key_share=True)
    ).first()
    if row is not None and row.state == "todo" and not row.attempts and len(row.payload["items"]) < MOST_IN_ALBUM:
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


def place_of_next(uow: UnitOfWork, message: Message, reader: Person) -> bool:
    """Tell whether a piece of this album is on its way to the reader already, so that no second heading is needed."""
    base = f"album/{message.conversation_id}:{ALBUM_KINDS[message.kind]}:{message.album}:{reader.chat_id}"
    known = select(OutboxRow.id).where(OutboxRow.key.startswith(base, autoescape=True)).limit(1)
    return uow.session.scalar(known) is not None
