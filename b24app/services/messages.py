"""Messages of conversations: taking them once, hiding contacts, copying them to everybody concerned.

Called by the bot, the Mini App, the open line's events and the desk; what is said can be changed in `message_changes`, and is read in
`message_history`. May send: copies to the other side's people in Telegram, to
the open line, to the deal's timeline; notices to the sender. Errors: InvalidState (closed), NotFound.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from b24app.domain.messages import (
    ALBUM_KINDS,
    LARGEST_FILE_BYTES,
    LATE_SECONDS,
    kind_by_name,
    shown_to_others,
)
from b24app.errors import InvalidInput, InvalidState, NotFound
from b24app.services import (
    audit,
    automation,
    conversations,
    line_echoes,
    lines,
    message_addressees,
    message_copies,
    message_files,
    message_news,
    message_parts,
    people,
    promises,
    split_contacts,
)
from b24app.services.spoken import Spoken, SpokenByManager
from storage.models import Conversation, Message, Person
from storage.unit_of_work import UnitOfWork

OPEN_LINE = "open_line"
PORTAL = "portal"
LONGEST = 20_000
OTHER_SIDE = {"buyer": "factory", "factory": "buyer"}


def say(uow: UnitOfWork, person: Person, conversation: Conversation, spoken: Spoken) -> Message:
    """Take what a person says once and copy it to everybody else; what was written long ago is marked late everywhere.

    While the conversation hides contacts they are masked and the sender is told; files that may tell who sends are cleaned first or stay
    with the employees.
    """
    conversation = conversations.locked(uow, conversation.id)
    known = find(uow, spoken.source, spoken.source_key)
    if known is not None:
        return known
    if conversation.state != "open":
        raise InvalidState("This conversation is closed.", code="conversation_closed")
    side = conversations.side_of(uow, person, conversation)
    message = _message_of(uow, person, conversation, side, spoken)
    to_clean = show(uow, conversation, message)
    split_contacts.hide(uow, conversation, message)
    message.reply_to_id = _replied(uow, person, conversation, spoken.reply_to_outside_id)
    uow.session.add(message)
    uow.session.flush()
    conversation.last_message_at = uow.now
    promises.said(uow, conversation, side)
    automation.said(uow, conversation, side, person, text=message.text, fact=f"message/{message.id}")
    _carry(uow, conversation, message, person, size=spoken.size, to_clean=to_clean)
    return message


def _message_of(uow: UnitOfWork, person: Person, conversation: Conversation, side: str, spoken: Spoken) -> Message:
    written_at = spoken.written_at
    late = written_at is not None and (uow.now - written_at).total_seconds() > LATE_SECONDS
    return Message(
        conversation_id=conversation.id,
        side=side,
        person_id=person.id,
        kind=spoken.kind,
        original=sized(spoken.text),
        quote=sized(spoken.quote),
        file_id=spoken.file_id,
        telegram_file_id=spoken.telegram_file_id,
        telegram_unique_id=spoken.telegram_unique_id,
        file_name=spoken.file_name,
        source=spoken.source,
        source_key=spoken.source_key,
        album=spoken.album if spoken.kind in ALBUM_KINDS else "",
        sent_at=uow.now,
        written_at=written_at if late else None,
    )


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
        reached = message_copies.to_people(uow, conversation, message, readers)
        if OTHER_SIDE[message.side] not in reached:
            message_news.out_of_reach(uow, person, conversation)
    message_copies.to_open_line(uow, conversation, message, person, has_bytes=has_bytes)
    message_copies.to_timeline(uow, conversation, message, people.name_of(person))


def sized(text: str) -> str:
    """Give a text that can be kept; InvalidInput when it is too long."""
    if len(text) > LONGEST:
        raise InvalidInput("This text is too long.", code="text_too_long")
    return text.replace("\x00", "")


def show(uow: UnitOfWork, conversation: Conversation, message: Message) -> bool:
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
    spoken: SpokenByManager,
    *,
    conversation_id: int | str | None = None,
    line_chat_id: str = "",
) -> Message:
    """Take what an employee says once and send it to a side or both; a side mark at the start of the text decides alone.

    NotFound when no conversation is meant.
    """
    source = OPEN_LINE if line_chat_id else PORTAL
    conversation = conversations.locked(uow, _meant(uow, conversation_id, line_chat_id).id)
    known = find(uow, source, spoken.source_key)
    if known is not None:
        return known
    if source == OPEN_LINE and (echo := line_echoes.returned(uow, conversation, spoken)):
        return echo
    spoken = _addressed(uow, conversation, spoken)
    said = _pieces(uow, conversation, source, spoken)
    if line_chat_id and conversation.line_chat_id != line_chat_id:
        conversation.line_chat_id = line_chat_id
    for message in said if spoken.side != "note" else ():
        _from_manager(uow, conversation, message, spoken.user_name)
    audit.record(uow, f"user/{spoken.user_id}", "message_sent", f"message/{said[0].id}", side=spoken.side)
    return said[0]


def _addressed(uow: UnitOfWork, conversation: Conversation, spoken: SpokenByManager) -> SpokenByManager:
    """Give the words without their side mark, and the side that they are for. InvalidInput when nothing is left to send."""
    side, words = message_addressees.marked(spoken.text, spoken.side)
    if not words.strip() and not spoken.files:
        raise InvalidInput("There is nothing to send.", code="no_words")
    return replace(spoken, side=side, text=message_addressees.words_meant(uow, conversation, words, side))


def _pieces(uow: UnitOfWork, conversation: Conversation, source: str, spoken: SpokenByManager) -> list[Message]:
    """Keep what an employee says as messages: the first has the words, each its file."""
    said = [_piece(conversation, source, spoken, number) for number in range(len(spoken.files) or 1)]
    for message in said:
        message.album = spoken.source_key if len(spoken.files) > 1 else ""
        message.sent_at = uow.now
        uow.session.add(message)
        uow.session.flush()
    return said


def _piece(conversation: Conversation, source: str, spoken: SpokenByManager, number: int) -> Message:
    side = spoken.side
    message = Message(
        conversation_id=conversation.id,
        side="manager",
        addressed=side if side != "note" else "both",
        kind="note" if side == "note" else "text",
        text=sized(spoken.text) if number == 0 else "",
        hidden=False,
        user_id=spoken.user_id,
        speaker_name=spoken.user_name,
        source=source,
        source_key=spoken.source_key if number == 0 else f"{spoken.source_key}#{number}",
        card=spoken.card,
    )
    message.original = message.text
    if spoken.files:
        _take_file(message, spoken.files[number])
    return message


def _take_file(message: Message, file: Mapping[str, Any]) -> None:
    message.file_name = str(file.get("name") or "").replace("\x00", "")
    if file.get("file_id"):
        message.file_id = int(file["file_id"])
    else:
        message.file_address = str(file.get("url") or "")
    if message.kind == "note":
        # Colleagues follow the link; the file itself is kept for words that the note may become.
        message.text = message.original = message_copies.with_links(message.text, [file])
    else:
        message.kind = str(file.get("kind") or kind_by_name(message.file_name))


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


def find(uow: UnitOfWork, source: str, source_key: str, *, lock: bool = False) -> Message | None:
    """Find a message by where it came from, or None."""
    query = select(Message).where(Message.source == source, Message.source_key == source_key)
    return uow.session.scalars(query.with_for_update(key_share=True) if lock else query).first()
