"""Which conversation a message belongs to.

Called by the message handlers. What is written in a conversation's topic belongs to it; a reply goes where the message replied to came
from; anything else to the current conversation.
Changes nothing.
"""

from __future__ import annotations

from sqlalchemy import select

from b24app.errors import NotFound
from b24app.services import conversations, message_parts
from storage.models import Conversation, ConversationTopic, Message, Person
from storage.unit_of_work import UnitOfWork

PLACE = "telegram"


def source_key(chat_id: str, message_id: int) -> str:
    """Name a message of a chat as the place something came from."""
    return f"{chat_id}:{message_id}"


def conversation_of_reply(uow: UnitOfWork, person: Person, message_id: int) -> Conversation | None:
    """Give the conversation of a message shown in, or sent from, the person's chat; None when it belongs to none.

    NotFound when the person takes no part in it any more.
    """
    shown = message_parts.shown_as(person, str(message_id)).limit(1)
    found = uow.session.scalar(select(Message.conversation_id).where(Message.id.in_(shown)))
    if found is None:
        return None
    return conversations.get_for(uow, person, found)


def conversation_of_topic(uow: UnitOfWork, person: Person, thread_id: int) -> Conversation | None:
    """Give the conversation whose topic this is in the person's chat; None for a topic that the person made.

    NotFound when the person takes no part in it any more.
    """
    found = uow.session.scalar(
        select(ConversationTopic.conversation_id).where(
            ConversationTopic.chat == person.chat_id, ConversationTopic.thread_id == str(thread_id)
        )
    )
    return conversations.get_for(uow, person, found) if found is not None else None


def conversation_for(
    uow: UnitOfWork, person: Person, reply_to: int | None, thread_id: int | None = None
) -> Conversation | None:
    """Give the conversation a new message goes to, or None when the person has to choose."""
    try:
        if thread_id is not None and (topical := conversation_of_topic(uow, person, thread_id)):
            return topical
        if reply_to is not None and (found := conversation_of_reply(uow, person, reply_to)):
            return found
    except NotFound:
        # It was meant for a conversation that the person has left: the current one must not hear it.
        return None
    return conversations.current(uow, person)
