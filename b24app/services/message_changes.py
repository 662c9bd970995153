"""Changing what was said: edits, what is taken back, originals shown after all.

Called by the bot, the open line's events, the desk and cards. `message_edits` carries each change to the copies. May send: edits,
deletions and new copies wherever the message went, notices to its sender. Errors: InvalidInput, InvalidState, NotFound.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from b24app.domain.messages import kind_by_name
from b24app.domain.side_marks import addressed
from b24app.errors import InvalidState, NotAllowed, NotFound
from b24app.services import (
    audit,
    conversations,
    message_cards,
    message_copies,
    message_edits,
    message_news,
    messages,
    split_contacts,
)
from b24app.services.spoken import SpokenByManager
from storage.holding import HELD
from storage.models import Conversation, Message, Person
from storage.unit_of_work import UnitOfWork

_BEFORE = "#before:"
"""Marks the keys of words that were said anew to another side."""


def edit(uow: UnitOfWork, *, source: str, source_key: str, text: str) -> Message:
    """Change what was said, wherever it was copied to; an employee's words that get another side's mark are said anew to that side.

    NotFound when it never was in a conversation, InvalidState when that is closed for the sender, NotAllowed when the sender left it.
    """
    message = messages.find(uow, source, source_key, lock=True)
    if message is None:
        raise NotFound(code="message")
    side, new = addressed(messages.sized(text)) if message.side == "manager" else ("both", messages.sized(text))
    was_for = "note" if message.kind == "note" else message.addressed
    if message.side == "manager" and side not in {"both", was_for}:
        return _say_to_another_side(uow, message, text)
    if message.deleted_at is not None or message.original == new:
        return message
    conversation = conversations.get(uow, message.conversation_id)
    if message.person_id is not None:
        _must_take_part(uow, message.person_id, conversation)
    was_hidden = message.hidden
    message.original = new
    message.edited_at = message_edits.moment(uow, message)
    if message.side == "manager":
        message.text = message_copies.with_links(new, [_file_of(message)]) if message.kind == "note" else new
    else:
        messages.show(uow, conversation, message)
        split_contacts.hide(uow, conversation, message)
    message_edits.changed(uow, conversation, message)
    if message.hidden and not was_hidden and message.person_id is not None:
        message_news.hidden(uow, uow.session.get_one(Person, message.person_id), message, held=False)
    return message


def _must_take_part(uow: UnitOfWork, person_id: int, conversation: Conversation) -> None:
    if conversation.state != "open":
        raise InvalidState("This conversation is closed.", code="conversation_closed")
    try:
        conversations.side_of(uow, uow.session.get_one(Person, person_id), conversation)
    except NotFound as error:
        raise NotAllowed(code="left_conversation") from error


def _say_to_another_side(uow: UnitOfWork, message: Message, text: str) -> Message:
    """Take an employee's words and files back from whom they were for, and say them under the same key to whom they are for now."""
    key, files = message.source_key, []
    for one in delete(uow, source=message.source, source_key=key):
        if file := _file_of(one):
            files.append(file)
        # The key is free for what is said now.
        one.source_key = f"{key}{_BEFORE}{one.id}"
    uow.session.flush()
    conversation = conversations.get(uow, message.conversation_id)
    return messages.say_as_manager(
        uow,
        SpokenByManager(
            user_id=message.user_id, user_name=message.speaker_name, text=text, source_key=key, files=files
        ),
        conversation_id=conversation.id,
        line_chat_id=conversation.line_chat_id if message.source == messages.OPEN_LINE else "",
    )


def _file_of(message: Message) -> dict[str, Any]:
    if message.file_id is not None:
        kind = kind_by_name(message.file_name) if message.kind == "note" else message.kind
        return {"name": message.file_name, "file_id": message.file_id, "kind": kind}
    return {"name": message.file_name, "url": message.file_address} if message.file_address else {}


def delete(uow: UnitOfWork, *, source: str, source_key: str) -> list[Message]:
    """Take back what was said, with every file of it, wherever it was copied to; answers its pieces, the words first.

    NotFound when it never was in a conversation.
    """
    message = messages.find(uow, source, source_key, lock=True)
    if message is None:
        raise NotFound(code="message")
    further = Message.source_key.startswith(f"{source_key}#", autoescape=True)
    earlier = Message.source_key.startswith(f"{source_key}{_BEFORE}", autoescape=True)
    query = select(Message).where(Message.source == source, further, ~earlier).order_by(Message.id)
    pieces = [message, *(uow.session.scalars(query) if source_key else ())]
    for one in pieces:
        if one.deleted_at is None:
            one.deleted_at = uow.now
            message_edits.deleted(uow, conversations.get(uow, one.conversation_id), one)
            message_cards.close(uow, one, "taken_back")
    return pieces


def release(uow: UnitOfWork, message_id: int, actor: str) -> Message:
    """Show the other side the original of a message in which something was hidden, file included."""
    message = uow.session.get(Message, message_id, with_for_update=HELD)
    if message is None or message.person_id is None:
        raise NotFound(code="message")
    if not (message.hidden or message.file_state == "cleaning") or message.deleted_at is not None:
        raise InvalidState("Nothing is hidden in this message.", code="nothing_hidden")
    message.hidden = False
    message.text = message.original
    message_edits.released(uow, conversations.get(uow, message.conversation_id), message)
    audit.record(uow, actor, "message_released", f"message/{message.id}")
    message_cards.close(uow, message, "shown")
    return message
