"""Which Telegram messages the copies of a message consist of, in both directions. Called by `deliveries`, `messages` and the bot.

A copy may take several messages (a long text, a heading above a sticker), and one sending may carry several copies (an album, a digest).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import insert

from storage.models import Message, MessageCopy, MessagePart, OutboxRow, Person
from storage.unit_of_work import UnitOfWork

TELEGRAM = "telegram"


def copies_of(uow: UnitOfWork, row: OutboxRow) -> list[MessageCopy]:
    """Give the copies of a conversation's messages that a row carries, in their order; none for anything else."""
    noun, _, number = row.about.partition("/")
    if noun == "copy" and number.isdigit():
        copy = uow.session.get(MessageCopy, int(number))
        return [copy] if copy is not None else []
    if noun == "group":
        query = select(MessageCopy).where(MessageCopy.outbox_key == row.key).order_by(MessageCopy.id)
        return list(uow.session.scalars(query))
    return []


def keep(uow: UnitOfWork, copies: list[MessageCopy], answer: dict[str, Any]) -> None:
    """Remember the ids that Telegram gave: one piece each for the copies of an album, all parts for a single copy."""
    ids = [
        str(one) for one in answer.get("message_ids") or ([answer["message_id"]] if answer.get("message_id") else [])
    ]
    shares = [[one] for one in ids] if len(copies) > 1 else [ids] * len(copies)
    for copy, share in zip(copies, shares, strict=False):
        copy.outside_id = share[-1] if share else copy.outside_id
        for outside_id in share if copy.place == TELEGRAM else ():
            values = {"copy_id": copy.id, "chat": copy.chat, "outside_id": outside_id}
            uow.session.execute(insert(MessagePart).values(**values).on_conflict_do_nothing())


def piece_of(uow: UnitOfWork, copy: MessageCopy, message: Message) -> int:
    """Give the place of a copy in its album, from 0, or -1 when it went alone."""
    if not message.album or not copy.outbox_key.startswith("album/"):
        return -1
    query = select(MessageCopy.id).where(MessageCopy.outbox_key == copy.outbox_key).order_by(MessageCopy.id)
    return list(uow.session.scalars(query)).index(copy.id)


def shown_as(person: Person, outside_id: str) -> Select[int]:
    """Give the query for the ids of messages that a Telegram message of a person's chat shows, or that it was."""
    copied = (
        select(Message.id)
        .join(MessageCopy, MessageCopy.message_id == Message.id)
        .join(MessagePart, MessagePart.copy_id == MessageCopy.id)
        .where(MessagePart.chat == person.chat_id, MessagePart.outside_id == outside_id)
    )
    own = select(Message.id).where(Message.source == TELEGRAM, Message.source_key == f"{person.chat_id}:{outside_id}")
    return select(Message.id).where(Message.id.in_(copied.union_all(own)))


def seen_by(uow: UnitOfWork, message_id: int | None, reader: Person) -> str:
    """Give the id under which a reader's chat has a message, or an empty text."""
    if message_id is None:
        return ""
    original = uow.session.get_one(Message, message_id)
    chat, _, number = original.source_key.partition(":")
    if original.source == TELEGRAM and chat == reader.chat_id:
        return number
    found = uow.session.scalars(
        select(MessagePart.outside_id)
        .join(MessageCopy, MessageCopy.id == MessagePart.copy_id)
        .where(MessageCopy.message_id == message_id, MessagePart.chat == reader.chat_id)
        .order_by(MessagePart.id)
    ).first()
    return found or ""
