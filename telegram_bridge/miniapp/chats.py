"""The person's conversations: the list, one conversation with its history, saying something."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import nh3
from babel.dates import format_date, format_time
from flask import Response, request
from marshmallow import fields, validate
from sqlalchemy import select

from b24app.domain.markup import escape_codes, quoted_part, to_html, to_plain
from b24app.domain.messages import CLEANED_KINDS, kind_by_content
from b24app.errors import InvalidInput, NotFound
from b24app.form_parts import Form, WholeNumber, plain
from b24app.i18n import babel_locale
from b24app.services import (
    conversation_reads,
    conversations,
    meeting_news,
    meetings,
    message_history,
    messages,
    screens,
    sent_cards,
)
from b24app.services.spoken import Spoken
from storage.models import Company, Conversation, File, Message, MessageCopy
from telegram_bridge.miniapp.door import Door, Visit, answer
from telegram_bridge.miniapp.paging import read_before

PAGE = 50
LOOKED_BACK = 5
TEXT_LIMIT = 4096
SOURCE = "miniapp"


class SayForm(Form):
    """One message; `key` is made by the browser so that a repeat is harmless."""

    conversation_id = WholeNumber(required=True, strict=False)
    text = fields.String(load_default="", validate=validate.Length(max=TEXT_LIMIT))
    file_id = WholeNumber(load_default=None)
    key = fields.String(required=True, validate=validate.Length(min=8, max=64))


class AnswerMeetingForm(Form):
    """One of the times of a meeting; 0 is none of them."""

    meeting_id = WholeNumber(required=True)
    slot_id = WholeNumber(required=True)


@dataclass(frozen=True)
class Said:
    """One message as this reader sees it. `mark` tells of own ones: sent (under way), delivered, seen, uncertain, failed, or empty.

    `buttons` are those under a card.
    """

    message: Message
    mine: bool
    mark: str
    quoted: str
    text: str
    buttons: list[dict[str, str]]
    file: str
    day: str
    time: str


def add_to(door: Door) -> None:
    """Offer the conversations."""

    @door.screen("/chats")
    def chats(visit: Visit) -> str:
        found = conversations.of_person(visit.uow, visit.person)
        unread = conversation_reads.unread(visit.uow, visit.person, [thread.id for thread in found])
        threads = [
            (thread, _heading(visit, thread), _last(visit, thread), _when(visit, thread), unread.get(thread.id, 0))
            for thread in found
        ]
        return visit.render("chats", threads=threads)

    @door.screen("/chats/<int:conversation_id>")
    def chat(visit: Visit, conversation_id: int) -> str:
        thread = conversations.get_for(visit.uow, visit.person, conversation_id)
        return visit.render(
            "chat", thread=thread, heading=_heading(visit, thread), limit=TEXT_LIMIT, **_log(visit, thread)
        )

    @door.screen("/chats/<int:conversation_id>/log")
    def chat_log(visit: Visit, conversation_id: int) -> str:
        thread = conversations.get_for(visit.uow, visit.person, conversation_id)
        values = _log(visit, thread)
        # An unchanged log is answered with nothing, which the browser leaves alone.
        return "" if request.args.get("mark") == values["fingerprint"] else visit.render("log", thread=thread, **values)

    @door.action("say", SayForm())
    def say(visit: Visit, conversation_id: int, text: str, key: str, file_id: int | None) -> Response:
        thread = conversations.get_for(visit.uow, visit.person, conversation_id)
        file = _own_file(visit, file_id)
        if file is None and not text.strip():
            raise InvalidInput(fields={"text": [visit.t("Please fill this in.")]})
        messages.say(
            visit.uow,
            visit.person,
            thread,
            Spoken(
                kind=_kind_of(file),
                file_id=file.id if file else None,
                text=escape_codes(text),
                source=SOURCE,
                source_key=f"{visit.person.id}:{key}",
            ),
        )
        return answer()

    @door.action("answer_meeting", AnswerMeetingForm())
    def answer_meeting(visit: Visit, meeting_id: int, slot_id: int) -> Response:
        meeting, verdict = meetings.answer(visit.uow, visit.person, meeting_id, slot_id)
        words = meeting_news.reply(visit.uow, meeting, verdict, slot_id, visit.t)
        return answer(toast=words, again=True)


def _own_file(visit: Visit, file_id: int | None) -> File | None:
    """Give the file to send. NotFound for one that somebody else uploaded."""
    if file_id is None:
        return None
    file = visit.uow.session.get(File, file_id)
    if file is None or file.person_id != visit.person.id:
        raise NotFound
    return file


def _kind_of(file: File | None) -> str:
    return kind_by_content(file.mime) if file else "text"


def _heading(visit: Visit, thread: Conversation) -> str:
    """Name a conversation by its lot and by who is on the other side."""
    title = conversations.title(visit.uow, thread, visit.language)
    if thread.kind == "help":
        return title
    side = conversations.side_of(visit.uow, visit.person, thread)
    if thread.kind == "catalogue" and side == "buyer":
        # The buyer chose this factory by name; the factory does not know the buyer.
        return visit.uow.session.get_one(Company, thread.factory_company_id).name
    if side == "factory":
        return f"{title} · {visit.t('Buyer')}"
    # Several factories talk about one lot: told apart by their offer's number, as in the bot.
    mark = f" #{thread.offer_id}" if thread.offer_id else ""
    return f"{title} · {visit.t('Factory')}{mark}"


def _last(visit: Visit, thread: Conversation) -> str:
    """Give the newest message of a conversation as plain words, for the list."""
    said = _log(visit, thread, limit=LOOKED_BACK)["said"]
    return to_plain(said[-1].message.text) or visit.t("File") if said else ""


def _when(visit: Visit, thread: Conversation) -> str:
    """Say when a conversation was last spoken in, as short as it can be told: the time today, else the day."""
    if thread.last_message_at is None:
        return ""
    zone = ZoneInfo(visit.person.zone)
    local = thread.last_message_at.astimezone(zone)
    if local.date() != visit.uow.now.astimezone(zone).date():
        return visit.t.date(local.date())
    return format_time(local, format="short", locale=babel_locale(visit.language))


def _log(visit: Visit, thread: Conversation, limit: int = PAGE) -> dict[str, Any]:
    before_id = read_before()
    search, files = plain(request.args.get("q", ""))[:100], request.args.get("files") == "1"
    found = message_history.history(visit.uow, thread.id, before_id=before_id, limit=limit, search=search, files=files)
    side = conversations.side_of(visit.uow, visit.person, thread)
    came = _came_to(visit, thread, side, found)
    states = message_history.states(visit.uow, [message.id for message in found])
    shown = [message for message in found if message.person_id == visit.person.id or message.id in came]
    known = {message.id: message for message in shown}
    seen = conversation_reads.seen_by_others(visit.uow, visit.person, thread) if thread.kind != "help" else 0
    states |= {number: "seen" for number, state in states.items() if state == "delivered" and number <= seen}
    said = [_said(visit, thread, message, states, known.get(message.reply_to_id or 0)) for message in shown]
    if limit == PAGE and shown:
        conversation_reads.seen(visit.uow, visit.person, thread, shown[-1].id)
    parts = [f"{s.message.id}:{s.mark}:{s.message.edited_at}:{s.message.deleted_at}:{_face(s)}" for s in said]
    return {
        "said": said,
        "earlier": found[0].id if len(found) == limit else 0,
        "is_newest": before_id is None and not search and not files,
        "search": search,
        "files": files,
        "fingerprint": hashlib.sha256("|".join(parts).encode()).hexdigest()[:16],
    }


def _face(said: Said) -> str:
    """Give what of a card may change under its reader's eyes; every other message changes with an edit alone."""
    return "" if not said.message.card else f"{said.text}{[button['text'] for button in said.buttons]}"


def _said(visit: Visit, thread: Conversation, message: Message, states: dict[int, str], quoted: Message | None) -> Said:
    mine = message.person_id == visit.person.id
    side = conversations.side_of(visit.uow, visit.person, thread) if message.card else ""
    text = sent_cards.words(visit.uow, message, side, visit.t) if side else message.text
    local = message.sent_at.astimezone(ZoneInfo(visit.person.zone))
    return Said(
        message=message,
        mine=mine,
        mark=states.get(message.id, "") if mine and thread.kind != "help" else "",
        quoted=_quoted(message, quoted),
        text=page_text(text),
        buttons=_buttons(visit, thread, message, side) if side and not message.deleted_at else [],
        day=format_date(local, format="medium", locale=babel_locale(visit.language)),
        time=format_time(local, format="short", locale=babel_locale(visit.language)),
        file=visit.download(subject) if (subject := _file_subject(thread, message, mine=mine)) else "",
    )


def _file_subject(thread: Conversation, message: Message, *, mine: bool) -> str:
    """Name the file that a reader may open: while contacts are hidden a file may tell who sent it, so only what was carried to them."""
    if mine or message.side == "manager" or not thread.masked:
        return f"message/{message.id}" if message.file_id or message.telegram_file_id else ""
    if message.clean_file_id is not None:
        return f"file/{message.clean_file_id}"
    as_itself = message.telegram_file_id and message.kind not in CLEANED_KINDS and not message.file_state
    return f"message/{message.id}" if as_itself else ""


def _quoted(message: Message, answered: Message | None) -> str:
    """Give what stands above an answer: the words it quotes, or the whole message that it answers while that is there."""
    if answered is None or answered.deleted_at:
        return ""
    return _safe(quoted_part(answered.text, message.quote) or to_html(answered.text))


def _buttons(visit: Visit, thread: Conversation, message: Message, side: str) -> list[dict[str, str]]:
    """Give the buttons under a card as the page shows them: a screen, an address outside, or a press of one of a meeting's times."""
    found = [button for row in sent_cards.buttons(visit.uow, thread, message, side, visit.t) for button in row]
    noun, _, number = message.card.partition("/")
    if noun == "meeting" and meetings.is_agreed(visit.uow, int(number)):
        found.append({"text": visit.t("Add to the calendar"), "url": visit.download(message.card)})
    # In a chat a card may lead to the conversation; here the reader is in it already.
    return [button for button in found if button.get("web_app") != screens.conversation_path(thread.id)]


def _came_to(visit: Visit, thread: Conversation, side: str, found: list[Message]) -> set[int]:
    """Name the messages that were carried to the reader's side: a manager may have meant the other one alone."""
    chats = {visit.person.chat_id, *(person.chat_id for person in conversations.people_on(visit.uow, thread, side))}
    return set(
        visit.uow.session.scalars(
            select(MessageCopy.message_id).where(
                MessageCopy.message_id.in_([message.id for message in found]),
                MessageCopy.place == "telegram",
                MessageCopy.chat.in_(chats),
            )
        )
    )


def page_text(bb_codes: str) -> str:
    """Give a message's BB codes as HTML that is safe on a page: only plain formatting and outside links survive."""
    return _safe(to_html(bb_codes))


def _safe(html: str) -> str:
    return nh3.clean(
        html,
        tags={"b", "i", "u", "s", "code", "pre", "blockquote", "a"},
        attributes={"a": {"href"}},
        url_schemes={"http", "https"},
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )
