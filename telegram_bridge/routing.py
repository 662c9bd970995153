"""Which conversation a message belongs to.

Called by the message handlers. What is written in a conversation's topic belongs to it; a reply goes where the message replied to came
from, or which the bot's own message replied to is about; anything else to the current conversation.
Changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from sqlalchemy import select

from b24app.errors import NotFound
from b24app.services import conversations, message_parts
from b24app.services.screens import conversation_path
from storage.models import Conversation, ConversationTopic, Message, Person
from storage.unit_of_work import UnitOfWork

PLACE = "telegram"
CHOSEN = "conv:"
"""What the data of buttons that choose a conversation begin with."""
_CHAT = re.compile(rf"(?:{re.escape(conversation_path(0)).removesuffix('0')}|^{CHOSEN})(\d{{1,18}})$")


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


def conversation_opened(uow: UnitOfWork, person: Person, opened: Collection[str]) -> Conversation | None:
    """Give the conversation that buttons lead to by what they open: a header of it, a reminder; None unless it is one alone.

    NotFound when the person takes no part in it any more.
    """
    numbers = {int(found[1]) for one in opened if (found := _CHAT.search(one))}
    return conversations.get_for(uow, person, numbers.pop()) if len(numbers) == 1 else None


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
    uow: UnitOfWork,
    person: Person,
    reply_to: int | None,
    thread_id: int | None = None,
    *,
    opened: Collection[str] = (),
) -> Conversation | None:
    """Give the conversation a new message goes to, or None when the person has to choose.

    `opened` is what buttons under the message replied to open.
    """
    try:
        if thread_id is not None and (topical := conversation_of_topic(uow, person, thread_id)):
            return topical
        if reply_to is not None and (found := conversation_of_reply(uow, person, reply_to)):
            return found
        if opened and (about := conversation_opened(uow, person, opened)):
            return about
    except NotFound:
        # It was meant for a conversation that the person has left: the current one must not hear it.
        return None
    return conversations.current(uow, person)
