"""Messages of conversations: taking them once, hiding contacts, copying them to everybody concerned.

Called by the bot, the Mini App, the open line's events and the desk. May send: copies to the other side's people in Telegram, to
the open line, to the deal's timeline; notices to the sender. Errors: InvalidState (closed), NotFound.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from b24app.domain.messages import (
    ALBUM_KINDS,
    FILE_KINDS,
    LARGEST_FILE_BYTES,
    LATE_SECONDS,
    kind_by_name,
    shown_to_others,
    worst_state,
)
from b24app.domain.side_marks import addressed
from b24app.errors import InvalidInput, InvalidState, NotFound
from b24app.services import (
    audit,
    automation,
    conversations,
    line_echoes,
    lines,
    message_addressees,
    message_cards,
    message_copies,
    message_edits,
    message_files,
    message_news,
    message_parts,
    people,
    promises,
)
from storage.models import Conversation, Message, MessageCopy, Person
from storage.unit_of_work import UnitOfWork

TELEGRAM = "telegram"
OPEN_LINE = "open_line"
PORTAL = "portal"
LONGEST = 20_000


def say(
    uow: UnitOfWork,
    person: Person,
    conversation: Conversation,
    *,
    kind: str,
    text: str,
    source_key: str,
    file_id: int | None = None,
    telegram_file_id: str = "",
    telegram_unique_id: str = "",
    reply_to_outside_id: str = "",
    quote: str = "",
    source: str = TELEGRAM,
    album: str = "",
    size: int = 0,
    written_at: datetime | None = None,
) -> Message:
    """Take what a person says (BB codes) once per (source, source_key) and copy it to everybody else.

    `written_at` is when it was written; what comes long after that is marked late everywhere.
    While the conversation hides contacts they are masked and the sender is told; files that may tell who sends are cleaned first or stay
    with the employees. `quote` is what a reply quotes, plain; `album` is shared by pieces that belong together, `size`
    counts the file's bytes.
    """
    conversation = conversations.locked(uow, conversation.id)
    known = find(uow, source, source_key)
    if known is not None:
        return known
    if conversation.state != "open":
        raise InvalidState("This conversation is closed.", code="conversation_closed")
    side = conversations.side_of(uow, person, conversation)
    late = written_at is not None and (uow.now - written_at).total_seconds() > LATE_SECONDS
    message = Message(
        conversation_id=conversation.id,
        side=side,
        person_id=person.id,
        kind=kind,
        original=_sized(text),
        quote=_sized(quote),
        file_id=file_id,
        telegram_file_id=telegram_file_id,
        telegram_unique_id=telegram_unique_id,
        source=source,
        source_key=source_key,
        album=album if kind in ALBUM_KINDS else "",
        sent_at=uow.now,
        written_at=written_at if late else None,
    )
    to_clean = _show(uow, conversation, message)
    message.reply_to_id = _replied(uow, person, conversation, reply_to_outside_id)
    uow.session.add(message)
    uow.session.flush()
    conversation.last_message_at = uow.now
    promises.said(uow, conversation, side)
    automation.said(uow, conversation, side, person, text=message.text, fact=f"message/{message.id}")
    _carry(uow, conversation, message, person, size=size, to_clean=to_clean)
    return message


def _carry(
    uow: UnitOfWork, conversation: Conversation, message: Message, person: Person, *, size: int, to_clean: bool
) -> None:
    if to_clean:
        message_files.prepare(uow, message, "cleaning", size=size)
    _copy_to_all(uow, conversation, message, person, has_bytes=size <= LARGEST_FILE_BYTES)
    _tell_speaker(uow, conversation, message, person)


def _tell_speaker(uow: UnitOfWork, conversation: Conversation, message: Message, person: Person) -> None:
    if conversation.kind == "help" and lines.nobody_reads(uow, conversation):
        message_news.nobody_reads(uow, person, conversation)
    if message.hidden:
        message_news.hidden(uow, person, message, held=message.file_state == "held")


def _copy_to_all(
    uow: UnitOfWork, conversation: Conversation, message: Message, person: Person, *, has_bytes: bool
) -> None:
    readers = [one for one in conversations.people_on(uow, conversation, "both") if one.id != person.id]
    waits = message.file_state == "cleaning" or (message.file_state == "held" and not message.text)
    if conversation.kind != "help" and not waits:
        message_copies.to_people(uow, conversation, message, readers)
    message_copies.to_open_line(uow, conversation, message, person, has_bytes=has_bytes)
    message_copies.to_timeline(uow, conversation, message, people.name_of(person))


def _sized(text: str) -> str:
    if len(text) > LONGEST:
        raise InvalidInput("This text is too long.", code="text_too_long")
    return text.replace("\x00", "")


def _show(uow: UnitOfWork, conversation: Conversation, message: Message) -> bool:
    """Set what others see of a message; answers whether its file does not travel as it is."""
    names = conversations.hidden_names(uow, conversation) if conversation.masked else ()
    shown = shown_to_others(message.kind, message.original, masked=conversation.masked, names=names)
    message.text = shown.text
    message.hidden = shown.hidden or message.file_state == "held"
    return shown.to_clean


def _replied(uow: UnitOfWork, person: Person, conversation: Conversation, outside_id: str) -> int | None:
    if not outside_id:
        return None
    shown = message_parts.shown_as(person, outside_id).where(Message.conversation_id == conversation.id)
    return uow.session.scalars(shown.limit(1)).first()


def say_as_manager(
    uow: UnitOfWork,
    *,
    conversation_id: int | str | None = None,
    line_chat_id: str = "",
    user_id: str,
    user_name: str,
    text: str,
    source_key: str,
    side: str = "both",
    files: Sequence[Mapping[str, Any]] = (),
    card: str = "",
) -> Message:
    """Take what an employee says once and send it to a side or both; a side mark at the start of the text decides alone.

    `card` names what the text is a card of. `files` are `{"name", "url"}` of the portal, or `{"name", "file_id", "kind"}` of ours.
    NotFound when no conversation is meant.
    """
    source = OPEN_LINE if line_chat_id else PORTAL
    conversation = conversations.locked(uow, _meant(uow, conversation_id, line_chat_id).id)
    known = find(uow, source, source_key)
    if known is not None:
        return known
    if source == OPEN_LINE and (
        echo := line_echoes.returned(uow, conversation, user_id=user_id, text=text, source_key=source_key)
    ):
        return echo
    side, words = message_addressees.marked(text, side)
    if not words.strip() and not files:
        raise InvalidInput("There is nothing to send.", code="no_words")
    words = message_addressees.words_meant(uow, conversation, words, side)
    who = {"user_id": user_id, "speaker_name": user_name}
    said = [
        _piece(
            conversation, number, file, source=source, source_key=source_key, side=side, text=words, card=card, **who
        )
        for number, file in enumerate(files or (None,))
    ]
    for message in said:
        message.album = source_key if len(files) > 1 else ""
        message.sent_at = uow.now
        uow.session.add(message)
        uow.session.flush()
    if line_chat_id and conversation.line_chat_id != line_chat_id:
        conversation.line_chat_id = line_chat_id
    for message in said if side != "note" else ():
        _from_manager(uow, conversation, message, user_name)
    audit.record(uow, f"user/{user_id}", "message_sent", f"message/{said[0].id}", side=side)
    return said[0]


def _piece(
    conversation: Conversation,
    number: int,
    file: Mapping[str, Any] | None,
    *,
    source_key: str,
    side: str,
    text: str,
    **more: str,
) -> Message:
    """Make one message of what an employee says: the first has the words, each its file."""
    message = Message(
        conversation_id=conversation.id,
        side="manager",
        addressed=side if side != "note" else "both",
        kind="note" if side == "note" else "text",
        text=_sized(text) if number == 0 else "",
        hidden=False,
        source_key=source_key if number == 0 else f"{source_key}#{number}",
        **more,
    )
    message.original = message.text
    if file is not None:
        _take_file(message, file)
    return message


def _take_file(message: Message, file: Mapping[str, Any]) -> None:
    if message.kind == "note":
        message.text = message.original = message_copies.with_links(message.text, [file])
        return
    name = str(file.get("name") or "").replace("\x00", "")
    message.kind = str(file.get("kind") or kind_by_name(name))
    if file.get("file_id"):
        message.file_id = int(file["file_id"])
    else:
        message.file_address = str(file.get("url") or "")
        message.file_name = name


def _from_manager(uow: UnitOfWork, conversation: Conversation, message: Message, user_name: str) -> None:
    # Whoever is written to can answer.
    conversations.set_state(uow, conversation.id, "open", f"user/{message.user_id}")
    conversation.last_message_at = uow.now
    promises.said(uow, conversation, "manager")
    readers = conversations.people_on(uow, conversation, message.addressed)
    if message.file_address:
        message_files.prepare(uow, message, "fetching")
        for reader in readers:
            action = "upload_photo" if message.kind == "photo" else "upload_document"
            message_files.show_activity(uow, reader.chat_id, action, f"activity/{message.id}:{reader.chat_id}")
    else:
        message_copies.to_people(uow, conversation, message, readers, speaker_name=user_name)
    message_copies.to_timeline(uow, conversation, message, user_name)
    if message.source == PORTAL:
        line_echoes.show(uow, conversation, message)


def _meant(uow: UnitOfWork, conversation_id: int | str | None, line_chat_id: str) -> Conversation:
    if conversation_id is not None and str(conversation_id).isdigit():
        return conversations.get(uow, int(conversation_id))
    found = conversations.by_line_chat(uow, line_chat_id) if line_chat_id else None
    if found is None:
        raise NotFound(code="conversation")
    return found


def edit(uow: UnitOfWork, *, source: str, source_key: str, text: str) -> Message:
    """Change what was said, wherever it was copied to; an employee's words that get another side's mark are said anew to that side.

    NotFound when it never was in a conversation, InvalidState when that is closed for the sender.
    """
    message = find(uow, source, source_key, lock=True)
    if message is None:
        raise NotFound(code="message")
    side, new = addressed(_sized(text)) if message.side == "manager" else ("both", _sized(text))
    was_for = "note" if message.kind == "note" else message.addressed
    if message.side == "manager" and side not in {"both", was_for}:
        return _say_to_another_side(uow, message, text)
    if message.deleted_at is not None or message.original == new:
        return message
    conversation = conversations.get(uow, message.conversation_id)
    if conversation.state != "open" and message.side != "manager":
        raise InvalidState("This conversation is closed.", code="conversation_closed")
    was_hidden = message.hidden
    message.original = new
    message.edited_at = uow.now
    if message.side == "manager":
        message.text = new
    else:
        _show(uow, conversation, message)
    message_edits.changed(uow, conversation, message)
    if message.hidden and not was_hidden and message.person_id is not None:
        message_news.hidden(uow, uow.session.get_one(Person, message.person_id), message, held=False)
    return message


def _say_to_another_side(uow: UnitOfWork, message: Message, text: str) -> Message:
    """Take an employee's words back from whom they were for, and say them under the same key to whom they are for now."""
    key = message.source_key
    delete(uow, source=message.source, source_key=key)
    message.source_key = f"{key}#before:{message.id}"
    uow.session.flush()
    files = [{"name": message.file_name, "url": message.file_address}] if message.file_address else []
    conversation = conversations.get(uow, message.conversation_id)
    return say_as_manager(
        uow,
        conversation_id=conversation.id,
        line_chat_id=conversation.line_chat_id if message.source == OPEN_LINE else "",
        user_id=message.user_id,
        user_name=message.speaker_name,
        text=text,
        source_key=key,
        files=files,
    )


def delete(uow: UnitOfWork, *, source: str, source_key: str) -> Message:
    """Take back what was said, with every file of it, wherever it was copied to. NotFound when it never was in a conversation."""
    message = find(uow, source, source_key, lock=True)
    if message is None:
        raise NotFound(code="message")
    further = Message.source_key.startswith(f"{source_key}#", autoescape=True)
    others = uow.session.scalars(select(Message).where(Message.source == source, further)) if source_key else ()
    for one in (message, *others):
        if one.deleted_at is None:
            one.deleted_at = uow.now
            message_edits.deleted(uow, conversations.get(uow, one.conversation_id), one)
            message_cards.close(uow, one, "taken_back")
    return message


def release(uow: UnitOfWork, message_id: int, actor: str) -> Message:
    """Show the other side the original of a message in which something was hidden, file included."""
    message = uow.session.get(Message, message_id, with_for_update=True)
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


def find(uow: UnitOfWork, source: str, source_key: str, *, lock: bool = False) -> Message | None:
    """Find a message by where it came from, or None."""
    query = select(Message).where(Message.source == source, Message.source_key == source_key)
    return uow.session.scalars(query.with_for_update() if lock else query).first()


def history(
    uow: UnitOfWork,
    conversation_id: int,
    before_id: int | None = None,
    limit: int = 50,
    *,
    notes: bool = False,
    search: str = "",
    files: bool = False,
) -> list[Message]:
    """Give the newest messages, or those before one, in the order they were said; internal notes only for employees.

    With `search` only those in whose shown text these words stand, with `files` only those that carry a file.
    """
    query = select(Message).where(Message.conversation_id == conversation_id)
    if search:
        query = query.where(Message.text.icontains(search, autoescape=True), Message.deleted_at.is_(None))
    if files:
        query = query.where(Message.kind.in_(FILE_KINDS), Message.deleted_at.is_(None))
    if before_id is not None:
        query = query.where(Message.id < before_id)
    if not notes:
        query = query.where(Message.kind != "note")
    return list(uow.session.scalars(query.order_by(Message.id.desc()).limit(limit)))[::-1]


def states(uow: UnitOfWork, message_ids: Sequence[int]) -> dict[int, str]:
    """Tell how far each message got on its way to Telegram: delivered, sent (under way), uncertain or failed."""
    found: dict[int, list[str]] = {number: [] for number in message_ids}
    rows = uow.session.execute(
        select(MessageCopy.message_id, MessageCopy.state).where(
            MessageCopy.message_id.in_(message_ids), MessageCopy.place == TELEGRAM
        )
    )
    for number, state in rows:
        found[number].append(state)
    return {number: worst_state(copies) for number, copies in found.items()}
