"""Carrying edits, deletions and releases to every copy of a message. Called by `messages`.

Sends EditChatMessage, DeleteChatMessage, EditInOpenLine, AddTimelineComment, and the held file of a released message.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from b24app.domain.deliveries import DeleteChatMessage, EditChatMessage, EditInOpenLine
from b24app.domain.markup import to_html
from b24app.services import conversations, message_copies, message_parts, message_timeline, people, portals
from storage.models import Conversation, Message, MessageCopy, Person
from storage.unit_of_work import UnitOfWork


def _copies(uow: UnitOfWork, message: Message, place: str) -> list[MessageCopy]:
    return list(
        uow.session.scalars(
            select(MessageCopy)
            .where(MessageCopy.message_id == message.id, MessageCopy.place == place)
            .order_by(MessageCopy.id)
        )
    )


def moment(uow: UnitOfWork, message: Message) -> datetime:
    """Give the moment of an edit made now. What carries an edit is named by it, so it is later than that of the edit before."""
    return max(uow.now, message.edited_at + timedelta(microseconds=1)) if message.edited_at else uow.now


def _moment_key(moment: datetime | None) -> str:
    return f"{moment:%Y%m%dT%H%M%S.%f}" if moment else "unedited"


def changed(uow: UnitOfWork, conversation: Conversation, message: Message) -> None:
    """Change every copy of an edited message and record the change."""
    _rewrite_chats(uow, conversation, message)
    t = portals.speech(uow)
    for copy in _copies(uow, message, "open_line"):
        person = uow.session.get_one(Person, message.person_id)
        uow.send(
            EditInOpenLine(
                conversation_id=str(conversation.id),
                message_id=str(message.id),
                speaker_id=f"person{person.id}",
                speaker_name=people.name_of(person),
                text=message_copies.for_employee(message, t),
            ),
            key=f"{copy.outbox_key}:edit:{_moment_key(message.edited_at)}",
        )
    body = message_copies.for_employee(message, t)
    _record(uow, conversation, message, f"[b]{t('Edited')}[/b]\n{body}", f"edit-{_moment_key(message.edited_at)}")


def _rewrite_chats(uow: UnitOfWork, conversation: Conversation, message: Message, why: str = "edit") -> None:
    # Who left the conversation, or cannot be written to, reads no changes.
    readers = {one.chat_id: one for one in conversations.people_on(uow, conversation, "both")}
    for copy in _copies(uow, message, "telegram"):
        reader = readers.get(copy.chat)
        if reader is None:
            continue
        piece = message_parts.piece_of(uow, copy, message)
        head = message_copies.heading(uow, conversation, message, reader, message.speaker_name)
        text = to_html(message.text) if piece > 0 else message_copies.joined(head, message)
        uow.send(
            EditChatMessage(chat_id=copy.chat, original=copy.outbox_key, text=text, piece=piece),
            key=f"{copy.outbox_key}:{why}:{copy.id}:{_moment_key(message.edited_at)}",
        )


def deleted(uow: UnitOfWork, conversation: Conversation, message: Message) -> None:
    """Take every copy in Telegram back and record the deletion; the record itself keeps the text."""
    for copy in _copies(uow, message, "telegram"):
        piece = message_parts.piece_of(uow, copy, message)
        uow.send(
            DeleteChatMessage(chat_id=copy.chat, original=copy.outbox_key, piece=piece),
            key=f"{copy.outbox_key}:delete:{copy.id}",
        )
    t = portals.speech(uow)
    _record(uow, conversation, message, f"[b]{t('Deleted')}[/b]\n{message.original}", "delete")


def released(uow: UnitOfWork, conversation: Conversation, message: Message) -> None:
    """Show the other side what was hidden: texts are rewritten in place, a held file is sent now."""
    person = uow.session.get_one(Person, message.person_id)
    if message.file_state in {"held", "cleaning"}:
        message.file_state = ""
        for copy in _copies(uow, message, "telegram"):
            uow.session.delete(copy)
        uow.session.flush()
        readers = [one for one in conversations.people_on(uow, conversation, "both") if one.id != person.id]
        message_copies.to_people(uow, conversation, message, readers, mark=":released")
        return
    _rewrite_chats(uow, conversation, message, "release")


def _record(uow: UnitOfWork, conversation: Conversation, message: Message, text: str, what: str) -> None:
    ref = conversations.crm_ref(uow, conversation)
    if ref:
        marker = f"message-{message.id}-{what}"
        message_timeline.write(uow, ref, text, marker, key=f"comment:{marker}")
