"""Reactions: what one person shows under a message is shown under it in the other chats. Called by the bot.

What was meant for somebody who blocked the bot is kept, and shown once they are back: asked for by `deliveries` and `message_returns`.
May send: SetReaction. The open line has no place for reactions, so an operator sees none.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from b24app.domain.deliveries import SetReaction
from b24app.errors import NotFound
from b24app.services import conversations, message_parts, people
from storage import outbox
from storage.models import Conversation, Message, MissedReaction, OutboxRow, Person
from storage.unit_of_work import UnitOfWork


def react(uow: UnitOfWork, person: Person, outside_id: str, emoji: str, *, mark: str) -> bool:
    """Show a reaction (empty: none any more) wherever else the message is seen; False for a message of no conversation of theirs."""
    number = uow.session.scalars(message_parts.shown_as(person, outside_id).limit(1)).first()
    return number is not None and _show(uow, person, uow.session.get_one(Message, number), emoji, mark)


def _show(uow: UnitOfWork, person: Person, message: Message, emoji: str, mark: str) -> bool:
    try:
        conversation = conversations.get_for(uow, person, message.conversation_id)
    except NotFound:
        return False
    for reader in conversations.people_on(uow, conversation, "both"):
        if reader.id != person.id:
            _send(uow, reader, message.id, emoji, mark)
    _keep(uow, conversations.people_away(uow, conversation), message.id, emoji)
    return True


def _send(uow: UnitOfWork, reader: Person, message_id: int, emoji: str, mark: str) -> None:
    outside_id = message_parts.seen_by(uow, message_id, reader)
    if outside_id:
        uow.send(
            SetReaction(chat_id=reader.chat_id, message_id=outside_id, emoji=emoji),
            key=f"reaction/{mark}:{reader.chat_id}",
            lane=f"reaction:{reader.chat_id}:{outside_id}",
        )


def _keep(uow: UnitOfWork, readers: Sequence[int], message_id: int, emoji: str) -> None:
    """Remember the latest reaction for readers who cannot be reached."""
    if not readers:
        return
    values = [{"person_id": reader, "message_id": message_id, "emoji": emoji} for reader in readers]
    statement = insert(MissedReaction).values(values)
    uow.session.execute(
        statement.on_conflict_do_update(
            index_elements=["person_id", "message_id"], set_={"emoji": statement.excluded.emoji}
        )
    )


def missed(uow: UnitOfWork, row: OutboxRow) -> None:
    """Keep the reaction a row carries, whose reader turned out to have blocked the bot; nobody has to decide on the row."""
    reader = people.find(uow, row.payload["chat_id"]) if row.kind == SetReaction.__name__ else None
    if reader is None:
        return
    number = uow.session.scalars(message_parts.shown_as(reader, row.payload["message_id"]).limit(1)).first()
    if number is not None:
        _keep(uow, [reader.id], number, row.payload["emoji"])
    outbox.drop(uow.session, row.id)


def bring(uow: UnitOfWork, reader: Person, conversation: Conversation) -> None:
    """Show a reader who is back what was shown under the messages of a conversation meanwhile."""
    of_conversation = select(Message.id).where(Message.conversation_id == conversation.id)
    taken = (
        delete(MissedReaction)
        .where(MissedReaction.person_id == reader.id, MissedReaction.message_id.in_(of_conversation))
        .returning(MissedReaction.message_id, MissedReaction.emoji)
    )
    for message_id, emoji in sorted(uow.session.execute(taken).all()):
        _send(uow, reader, message_id, emoji, f"back-{uow.now:%Y%m%dT%H%M%S}-{message_id}")
