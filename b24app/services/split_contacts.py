"""Contacts told in several messages: each part that was sent is hidden once the next one completes them.

Called by `messages` and `message_changes` for what a person of a conversation says while contacts are hidden. May send: edits of the
parts that were carried already, through `message_edits`.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from b24app.domain.markup import to_plain
from b24app.domain.masking import MARK
from b24app.domain.masking.parts import across, may_be_part
from b24app.domain.messages import FILE_KINDS
from b24app.services import message_edits
from storage.models import Conversation, Message
from storage.unit_of_work import UnitOfWork

_WRITTEN = FILE_KINDS | {"text"}
"""Kinds whose words somebody typed; the figures of places and dice are nobody's."""
MOST_PARTS = 8
LONGEST_LEAD = 200
"""Of longer words before the parts their end leads to a contact."""
TOGETHER = timedelta(minutes=10)
"""What a side says within this time before a message may begin the contact that it ends."""


def hide(uow: UnitOfWork, conversation: Conversation, message: Message) -> None:
    """Hide a message, and what the same side said before it, where they tell a contact together."""
    if not conversation.masked or message.kind not in _WRITTEN or not may_be_part(to_plain(message.original)):
        return
    said = [*_before(uow, message), message]
    for number in across([to_plain(one.original)[-LONGEST_LEAD:] for one in said]):
        one = said[number]
        one.text, one.hidden = MARK, True
        if one is not message:
            message_edits.hidden(uow, conversation, one)


def _before(uow: UnitOfWork, message: Message) -> list[Message]:
    """Give what the side said right before, as far as it may be parts of something; the first may lead to it in more words."""
    query = select(Message).where(
        Message.conversation_id == message.conversation_id,
        Message.side == message.side,
        Message.sent_at > message.sent_at - TOGETHER,
        Message.deleted_at.is_(None),
        Message.kind.in_(_WRITTEN),
        Message.original != "",
    )
    if message.id is not None:
        query = query.where(Message.id < message.id)
    with uow.session.no_autoflush:
        latest = uow.session.scalars(query.order_by(Message.id.desc()).limit(MOST_PARTS)).all()
    found: list[Message] = []
    for one in latest:
        found.append(one)
        if not may_be_part(to_plain(one.original)):
            break
    return found[::-1]
