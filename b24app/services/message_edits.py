"""Carrying edits, deletions and releases to every copy of a message.

Called by `message_changes`, and by `deliveries` and `message_returns` for what did not reach somebody who blocked the bot.
Sends EditChatMessage, DeleteChatMessage, EditInOpenLine, AddTimelineComment, and the held file of a released message.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update

from b24app.domain.deliveries import DeleteChatMessage, EditChatMessage, EditInOpenLine
from b24app.domain.markup import to_html
from b24app.services import conversations, message_copies, message_parts, message_timeline, people, portals
from storage import outbox
from storage.models import Conversation, Message, MessageCopy, OutboxRow, Person
from storage.unit_of_work import UnitOfWork

_CARRIED_BY = (EditChatMessage.__name__, DeleteChatMessage.__name__)


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
    # Who left the conversation reads no changes; who cannot be written to is brought them once they are back.
    readers = {one.chat_id: one for one in conversations.people_on(uow, conversation, "both")}
    for copy in _copies(uow, message, "telegram"):
        reader = readers.get(copy.chat)
        copy.behind = reader is None
        if reader is not None:
            _rewrite(uow, message, copy, reader, why)


def _rewrite(uow: UnitOfWork, message: Message, copy: MessageCopy, reader: Person, why: str) -> None:
    conversation = conversations.get(uow, message.conversation_id)
    piece = message_parts.piece_of(uow, copy, message)
    head = message_copies.heading(uow, conversation, message, reader, message.speaker_name)
    text = to_html(message.text) if piece > 0 else message_copies.joined(head, message)
    uow.send(
        EditChatMessage(chat_id=copy.chat, original=copy.outbox_key, text=text, piece=piece),
        key=f"{copy.outbox_key}:{why}:{copy.id}:{_moment_key(message.edited_at)}",
    )


def hidden(uow: UnitOfWork, conversation: Conversation, message: Message) -> None:
    """Cover every copy of a message that turned out to tell a part of a contact; employees see the original as before."""
    _rewrite_chats(uow, conversation, message, "hide")


def deleted(uow: UnitOfWork, conversation: Conversation, message: Message) -> None:
    """Take every copy in Telegram back and record the deletion; the record itself keeps the text."""
    for copy in _copies(uow, message, "telegram"):
        _take_back(uow, message, copy, "delete")
    t = portals.speech(uow)
    _record(uow, conversation, message, f"[b]{t('Deleted')}[/b]\n{message.original}", "delete")


def _take_back(uow: UnitOfWork, message: Message, copy: MessageCopy, why: str) -> None:
    piece = message_parts.piece_of(uow, copy, message)
    uow.send(
        DeleteChatMessage(chat_id=copy.chat, original=copy.outbox_key, piece=piece),
        key=f"{copy.outbox_key}:{why}:{copy.id}",
    )


def missed(uow: UnitOfWork, row: OutboxRow) -> None:
    """Remember that the change a row carries did not reach its reader, who blocked the bot."""
    if row.kind in _CARRIED_BY:
        query = update(MessageCopy).where(
            MessageCopy.outbox_key == row.payload["original"], MessageCopy.place == "telegram"
        )
        uow.session.execute(query.values(behind=True))


def bring(uow: UnitOfWork, reader: Person, conversation: Conversation) -> None:
    """Change and take back what a reader who is back has in the chat as it was before."""
    behind = (
        select(MessageCopy, Message)
        .join(Message, Message.id == MessageCopy.message_id)
        .where(
            MessageCopy.chat == reader.chat_id,
            MessageCopy.behind,
            MessageCopy.state == "delivered",
            Message.conversation_id == conversation.id,
        )
        .order_by(MessageCopy.id)
    )
    for copy, message in uow.session.execute(behind).all():
        copy.behind = False
        _forget_refused(uow, copy)
        why = f"back-{uow.now:%Y%m%dT%H%M%S}"
        if message.deleted_at is None:
            _rewrite(uow, message, copy, reader, why)
        else:
            _take_back(uow, message, copy, why)


def _forget_refused(uow: UnitOfWork, copy: MessageCopy) -> None:
    """Give up the changes that the block refused: they are carried anew, so nobody has to decide on them any more."""
    query = select(OutboxRow.id).where(
        OutboxRow.network == "telegram",
        OutboxRow.state == "dead",
        OutboxRow.kind.in_(_CARRIED_BY),
        OutboxRow.payload["original"].astext == copy.outbox_key,
    )
    for row_id in uow.session.scalars(query).all():
        outbox.drop(uow.session, row_id)


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
