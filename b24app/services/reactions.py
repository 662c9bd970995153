"""Reactions: what one person shows under a message is shown under it in the other chats. Called by the bot.

May send: SetReaction. The open line has no place for reactions, so an operator sees none.
"""

from __future__ import annotations

from b24app.domain.deliveries import SetReaction
from b24app.errors import NotFound
from b24app.services import conversations, message_parts
from storage.models import Message, Person
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
        outside_id = message_parts.seen_by(uow, message.id, reader)
        if reader.id != person.id and outside_id:
            uow.send(
                SetReaction(chat_id=reader.chat_id, message_id=outside_id, emoji=emoji),
                key=f"reaction/{mark}:{reader.chat_id}",
                lane=f"reaction:{reader.chat_id}:{outside_id}",
            )
    return True
