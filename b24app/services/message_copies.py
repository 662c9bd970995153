"""Copying a message to Telegram chats, the open line and the timeline, each copy remembered with its outgoing key.

Called by `messages` and `message_edits`. Sends SendConversationMessage, SendChatFile, SendToOpenLine, AddTimelineComment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.dialects.postgresql import insert

from b24app.domain.deliveries import SendChatFile, SendConversationMessage, SendToOpenLine
from b24app.domain.delivery import Delivery
from b24app.domain.markup import escape_codes, quoted_part, to_html
from b24app.domain.messages import ALBUM_KINDS, FILE_KINDS, LATE_SECONDS, shows_pictures, usual_name
from b24app.i18n import Texts
from b24app.services import (
    bot_texts,
    conversations,
    lines,
    message_albums,
    message_parts,
    message_timeline,
    people,
    portals,
    sent_cards,
)
from b24app.services.notices import escaped, waits_until
from storage.models import Conversation, File, Message, MessageCopy, Person
from storage.unit_of_work import UnitOfWork


def to_people(
    uow: UnitOfWork,
    conversation: Conversation,
    message: Message,
    readers: Sequence[Person],
    *,
    speaker_name: str = "",
    mark: str = "",
) -> set[str]:
    """Carry a message to each reader's chat under a heading in the reader's language; answers on which sides anybody gets it.

    `mark` tells a second sending apart.
    """
    file, quote = _file_for_others(message), _quote_of(uow, message)
    reached = set()
    for reader in readers:
        copy = new_copy(uow, message, "telegram", reader.chat_id, mark)
        if copy is None:
            continue
        side = conversations.side_of(uow, reader, conversation)
        reached.add(side)
        head = heading(uow, conversation, message, reader, speaker_name, side=side, late=_is_late(uow, message))
        place = {
            "reply_to": message_parts.seen_by(uow, message.reply_to_id, reader),
            "conversation_id": str(conversation.id),
            "topic": topic_for(uow, conversation, reader, side),
        }
        if file and message.album and message.kind in ALBUM_KINDS and not mark:
            _to_album(uow, message, copy, reader, head=head, file=file, place=place)
            continue
        shared: dict[str, Any] = {
            **place,
            "about": f"copy/{copy.id}",
            "chat_id": reader.chat_id,
            "quote": quote,
            # A conversation never waits, but in the person's quiet hours it makes no sound.
            "silent": waits_until(uow, reader) is not None,
        }
        delivery: Delivery
        if file:
            delivery = SendChatFile(caption=joined(head, message), **shared, **file)
        else:
            delivery = _in_words(uow, conversation, message, reader, side=side, head=head, shared=shared)
        uow.send(delivery, key=copy.outbox_key)
    return reached


def _to_album(
    uow: UnitOfWork,
    message: Message,
    copy: MessageCopy,
    reader: Person,
    *,
    head: str,
    file: Mapping[str, Any],
    place: Mapping[str, str],
) -> None:
    """Put a piece of an album to its others, under whose heading it stands; `place` is where in the reader's chat they go."""
    follows = message_albums.joins(uow, message, reader)
    item = {**file, "caption": to_html(message.text) if follows else joined(head, message)}
    message_albums.add(uow, message, copy, reader, item=item, **place)


def _in_words(
    uow: UnitOfWork,
    conversation: Conversation,
    message: Message,
    reader: Person,
    *,
    side: str,
    head: str,
    shared: Mapping[str, Any],
) -> SendConversationMessage:
    """Give a message without a file, or its card, as its reader gets it; `shared` is what a file would have too."""
    t = bot_texts.speaker(uow, people.language_of(reader), reader.zone)
    buttons = sent_cards.buttons(uow, conversation, message, side, t)
    text = under(head, sent_cards.words(uow, message, side, t))
    return SendConversationMessage(text=text, buttons=buttons, **shared)


def _quote_of(uow: UnitOfWork, message: Message) -> str:
    """Give what a message quotes as Telegram HTML, if everybody sees those words in the message that it answers."""
    if not message.quote or message.reply_to_id is None:
        return ""
    return quoted_part(uow.session.get_one(Message, message.reply_to_id).text, message.quote)


def topic_for(uow: UnitOfWork, conversation: Conversation, reader: Person, side: str = "") -> str:
    """Name the topic that a conversation has in a reader's chat, where the bot has topics; `side` is the reader's, if it is known."""
    side = side or conversations.side_of(uow, reader, conversation)
    return conversations.title_for(
        uow, conversation, side, bot_texts.speaker(uow, people.language_of(reader), reader.zone)
    )


def _file_for_others(message: Message) -> dict[str, Any] | None:
    """Give the file as others get it: the original, its cleaned copy, or none while it is prepared or held."""
    if message.kind not in FILE_KINDS or message.file_state in {"cleaning", "fetching", "held", "lost"}:
        return None
    if message.clean_file_id is not None:
        return {"kind": message.kind, "telegram_file_id": "", "file_id": message.clean_file_id}
    if not message.telegram_file_id and not message.file_id:
        return None
    return {"kind": message.kind, "telegram_file_id": message.telegram_file_id, "file_id": message.file_id or 0}


def joined(head: str, message: Message) -> str:
    """Put the heading above the text, as Telegram HTML."""
    return under(head, message.text)


def under(head: str, text: str) -> str:
    """Put a heading above BB codes, as Telegram HTML."""
    body = to_html(text)
    return f"<b>{head}</b>\n{body}" if body else f"<b>{head}</b>"


def heading(
    uow: UnitOfWork,
    conversation: Conversation,
    message: Message,
    reader: Person,
    speaker_name: str = "",
    *,
    side: str = "",
    late: bool = False,
) -> str:
    """Say who speaks, as far as the reader may know, and about what, and when, if it comes `late`; Telegram HTML.

    `side` is the reader's, if it is known.
    """
    t = bot_texts.speaker(uow, people.language_of(reader), reader.zone)
    if message.side == "manager":
        who = t("Manager {name}", name=speaker_name) if speaker_name else t("Manager")
    else:
        who = {"buyer": t("Buyer"), "factory": t("Factory")}[message.side]
        if (side or conversations.side_of(uow, reader, conversation)) == message.side and message.person_id:
            who = f"{who} · {people.name_of(uow.session.get_one(Person, message.person_id))}"
    written = [late_words(message, t)] if late or message.written_at else []
    return escaped(" · ".join([who, conversations.title_in(uow, conversation, t), *written]))


def _is_late(uow: UnitOfWork, message: Message) -> bool:
    """Tell whether a copy made now comes long after the message: its file was held, or its reader away."""
    return (uow.now - message.sent_at).total_seconds() > LATE_SECONDS


def late_words(message: Message, t: Texts) -> str:
    """Say of a message that came late when it was written."""
    return t("late: written {moment}", moment=t.moment(message.written_at or message.sent_at))


def to_open_line(
    uow: UnitOfWork, conversation: Conversation, message: Message, person: Person, *, has_bytes: bool = True
) -> None:
    """Show the original to the operator, with a line on top when others see less of it, or its file cannot be had."""
    copy = new_copy(uow, message, "open_line", str(conversation.id))
    if copy is None:
        return
    t = portals.speech(uow)
    lines.line_for(uow, conversation)
    text = for_employee(message, t) if has_bytes else _without_bytes(message, t)
    if conversation.masked and shows_pictures(message.kind, message.file_name):
        text = f"[i]{t('Look at it: contacts in a picture are not hidden.')}[/i]\n{text}".strip()
    files = files_of(uow, message) if has_bytes else []
    title = conversations.title(uow, conversation, t.language, for_employee=True)
    uow.send(on_the_line(message, copy, person, conversation_title=title, text=text, files=files), key=copy.outbox_key)


def on_the_line(message: Message, copy: MessageCopy, speaker: Person, **said: Any) -> SendToOpenLine:
    """Give a copy as the line gets it: `said` are the conversation's title, the text, the files, and whose of the employees' it is."""
    return SendToOpenLine(
        about=f"copy/{copy.id}",
        conversation_id=str(message.conversation_id),
        message_id=str(message.id),
        speaker_id=f"person{speaker.id}",
        speaker_name=people.name_of(speaker),
        sent_at_epoch=int((message.written_at or message.sent_at).timestamp()),
        **said,
    )


def for_employee(message: Message, t: Texts) -> str:
    """Give the original with BB codes, and lines on top when it came late or something of it is hidden from the other side."""
    notes = [late_words(message, t)] if message.written_at else []
    if message.hidden:
        notes.append(t("Hidden from the other side until the contract:"))
    return "\n".join([*(f"[i]{note}[/i]" for note in notes), message.original])


def _without_bytes(message: Message, t: Texts) -> str:
    note = t("A file over 20 MB: it can be seen in Telegram only.")
    return f"[i]{note}[/i]\n{for_employee(message, t)}".strip()


def files_of(uow: UnitOfWork, message: Message) -> list[dict[str, str]]:
    """Give the file of a message as the open line gets it."""
    if message.kind not in FILE_KINDS:
        return []
    file = uow.session.get(File, message.file_id) if message.file_id else None
    name = message.file_name or (file.name if file else usual_name(message.kind))
    number = str(message.file_id or "")
    return [{"name": name, "kind": message.kind, "file_id": number, "telegram_file_id": message.telegram_file_id}]


def to_timeline(uow: UnitOfWork, conversation: Conversation, message: Message, speaker_name: str) -> None:
    """Record a message on the timeline of the deal, or of the person's card."""
    ref = conversations.crm_ref(uow, conversation)
    copy = new_copy(uow, message, "timeline", ref) if ref and message_timeline.mode(uow) != "line" else None
    if copy is None:
        return
    t = portals.speech(uow)
    who = {"buyer": t("Buyer"), "factory": t("Factory"), "manager": t("Manager")}[message.side]
    body = "\n".join(part for part in (_kind_words(message.kind, t), for_employee(message, t)) if part)
    heading_of_entry = f"[b]{' · '.join(part for part in (who, escape_codes(speaker_name)) if part)}[/b]"
    message_timeline.write(
        uow, ref, f"{heading_of_entry}\n{body}", f"message-{message.id}", key=copy.outbox_key, copy=copy
    )


def _kind_words(kind: str, t: Texts) -> str:
    return {
        "photo": t("Photo"),
        "video": t("Video"),
        "voice": t("Voice message"),
        "audio": t("Audio"),
        "document": t("Document"),
        "animation": t("Animation"),
        "sticker": t("Sticker"),
        "video_note": t("Video message"),
    }.get(kind, "")


def new_copy(uow: UnitOfWork, message: Message, place: str, chat: str, mark: str = "") -> MessageCopy | None:
    """Remember a copy about to be made; None when there is one already."""
    # One statement looks and stores: every message of a conversation makes several copies.
    made = (
        insert(MessageCopy)
        .values(
            message_id=message.id,
            place=place,
            chat=chat,
            state="sent",
            outbox_key=f"message/{message.id}:{place}:{chat}{mark}",
            created_at=uow.now,
        )
        .on_conflict_do_nothing(index_elements=["message_id", "place", "chat"])
        .returning(MessageCopy)
    )
    return uow.session.scalars(made).first()


def with_links(text: str, files: Sequence[Mapping[str, Any]]) -> str:
    """Add the portal's files to a text as named links; files of ours travel as themselves."""
    links = [
        f"[url={file['url']}]{escape_codes(str(file.get('name') or file['url']))}[/url]"
        for file in files
        if file.get("url") and not file.get("file_id")
    ]
    return "\n".join(part for part in (text, *links) if part)
