"""What was said in the conversations of a lot or an order, with the originals of masked texts.

Built for `registry` as a lazy section of the deal tab and of the chat's sidebar; reads only.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from b24app.domain.markup import to_plain
from b24app.domain.messages import shows_pictures, worst_state
from b24app.i18n import Texts, texts
from b24app.services import conversation_ratings, conversation_reads, message_translations
from b24app.services.message_news import held_words
from b24app.services.spoken import TELEGRAM
from placements import conversation_pages
from placements.calls import Call
from placements.last_sent import state_of, words_of
from placements.subjects import Subject
from storage.models import Conversation, File, Message, MessageCopy, MessageTranslation
from storage.unit_of_work import UnitOfWork

PAGE_SIZE = 50


@dataclass(frozen=True)
class Line:
    """One message as the manager sees it: `text` is what the others got, `original` differs when contacts were masked.

    `unchecked`: a picture went on as it is while contacts are hidden.
    """

    id: int
    side: str
    side_words: str
    kind: str
    text: str
    original: str
    sent_at: datetime
    edited: bool
    deleted: bool
    trouble: bool
    reached: str
    file_name: str
    file_subject: str
    can_release: bool
    note: bool
    held: str
    unchecked: bool
    late: datetime | None
    translation: str
    translating: bool


def conversations(uow: UnitOfWork, call: Call, subject: Subject) -> dict[str, Any]:
    """Show the conversations of the deal; the chosen one is open at its end, an earlier page or a search on demand."""
    writing = conversation_pages.writing(uow, call, subject)
    chosen = writing["chosen"]
    search = call.asked.get("search", "").strip()[:100]
    lines, earlier = _lines(uow, chosen, call, search) if chosen else ([], 0)
    return {
        **writing,
        "lines": lines,
        "earlier": earlier,
        "search": search,
        "can_translate": message_translations.is_on(uow),
        "ratings": conversation_ratings.of(uow, chosen.id) if chosen else [],
    }


def _lines(uow: UnitOfWork, talk: Conversation, call: Call, search: str) -> tuple[list[Line], int]:
    query = select(Message, File.name).outerjoin(File, File.id == Message.file_id)
    query = query.where(Message.conversation_id == talk.id)
    before = call.asked.get("before", "")
    if before.isascii() and before.isdigit() and len(before) <= 18:
        query = query.where(Message.id < int(before))
    if search:
        query = query.where(
            or_(Message.text.icontains(search, autoescape=True), Message.original.icontains(search, autoescape=True))
        )
    rows = list(uow.session.execute(query.order_by(Message.id.desc()).limit(PAGE_SIZE + 1)))
    shown = rows[:PAGE_SIZE][::-1]
    troubled, reached = _copies(uow, [message.id for message, _ in shown])
    newest = conversation_reads.seen_by_sides(uow, talk)
    seen = {message.id for message, _ in shown if conversation_reads.was_seen(message, newest)}
    translated = message_translations.of(uow, [message.id for message, _ in shown], call.language)
    lines = [
        _line(
            message,
            message.file_name or name or "",
            call.language,
            translated.get(message.id),
            masked=talk.masked,
            trouble=message.id in troubled,
            reached=state_of(message.id, reached, seen) if message.side == "manager" and message.kind != "note" else "",
        )
        for message, name in shown
    ]
    return lines, (lines[0].id if len(rows) > PAGE_SIZE else 0)


def _copies(uow: UnitOfWork, ids: list[int]) -> tuple[set[int], dict[int, str]]:
    """Give the messages of which some copy is in trouble, and those that reached everybody on Telegram or are on their way there."""
    troubled, states = set(), defaultdict(set)
    query = select(MessageCopy.message_id, MessageCopy.place, MessageCopy.state).where(MessageCopy.message_id.in_(ids))
    for number, place, state in uow.session.execute(query):
        if state in {"uncertain", "failed"}:
            troubled.add(number)
        elif place == TELEGRAM:
            states[number].add(state)
    return troubled, {number: worst_state(found) for number, found in states.items() if number not in troubled}


def _line(
    message: Message,
    file_name: str,
    language: str,
    translation: MessageTranslation | None,
    *,
    masked: bool,
    trouble: bool,
    reached: str,
) -> Line:
    t = texts(language)
    sides = {"buyer": t("Buyer"), "factory": t("Factory"), "manager": t("Manager")}
    return Line(
        id=message.id,
        side=message.side,
        side_words=sides.get(message.side, message.side),
        kind=message.kind,
        text=to_plain(message.text),
        original=to_plain(message.original) if message.original and message.original != message.text else "",
        sent_at=message.sent_at,
        edited=message.edited_at is not None,
        deleted=message.deleted_at is not None,
        trouble=trouble,
        reached=words_of(reached, t)[0] if reached else "",
        file_name=file_name,
        file_subject=f"message/{message.id}" if message.file_id or message.telegram_file_id else "",
        can_release=message.person_id is not None
        and message.deleted_at is None
        and (message.hidden or message.file_state == "cleaning"),
        note=message.kind == "note",
        held=held_words(message.held_reason, t) if message.file_state == "held" else "",
        unchecked=masked and shows_pictures(message.kind, message.file_name) and message.side != "manager",
        late=message.written_at,
        translation=_translation_words(translation, t),
        translating=translation is not None and translation.state == "wanted",
    )


def _translation_words(translation: MessageTranslation | None, t: Texts) -> str:
    if translation is None:
        return ""
    other = {"wanted": t("being translated…"), "failed": t("The translation service gave no answer.")}
    return other.get(translation.state, translation.text)
