"""What was said in the conversations of a lot or an order, with the originals of masked texts.

Built for `registry` as a lazy section of the deal tab; reads only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import or_, select

from b24app.i18n import texts
from b24app.services import reply_templates
from b24app.services.message_news import held_words
from b24app.services.reply_templates import Rendering
from placements import subjects
from placements.calls import Call
from placements.subjects import Subject
from storage.models import Company, Conversation, File, Message, MessageCopy, ReplyTemplate
from storage.unit_of_work import UnitOfWork

PAGE_SIZE = 50


@dataclass(frozen=True)
class Line:
    """One message as the manager sees it: `text` is what the others got, `original` differs when contacts were masked."""

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
    file_name: str
    file_subject: str
    can_release: bool
    note: bool
    held: str
    late: datetime | None


def conversations(uow: UnitOfWork, call: Call, subject: Subject) -> dict[str, Any]:
    """Show the conversations of the deal; the chosen one is open at its end, an earlier page or a search on demand."""
    lot = subjects.lot_of(uow, subject)
    query = select(Conversation).where(Conversation.lot_id == lot.id)
    if subject.kind == "order":
        made = subjects.order_of(uow, subject)
        query = query.where(Conversation.factory_company_id == made.company_id)
    found = list(uow.session.scalars(query.order_by(Conversation.last_message_at.desc().nulls_last(), Conversation.id)))
    chosen = _chosen(found, call.asked.get("conversation", ""))
    search = call.asked.get("search", "").strip()[:100]
    lines, earlier = _lines(uow, chosen, call, search) if chosen else ([], 0)
    return {
        "lot": lot,
        "talks": [(talk, _name(uow, talk)) for talk in found],
        "chosen": chosen,
        "lines": lines,
        "earlier": earlier,
        "search": search,
        "say_key": uuid4().hex,
        "templates": _templates(uow, chosen) if chosen else [],
    }


def _templates(uow: UnitOfWork, talk: Conversation) -> list[tuple[ReplyTemplate, list[Rendering]]]:
    """Give every template as both sides would read it here."""
    return [
        (template, reply_templates.renderings(uow, talk, template, "both")) for template in reply_templates.every(uow)
    ]


def _chosen(found: list[Conversation], asked: str) -> Conversation | None:
    return next((talk for talk in found if str(talk.id) == asked), found[0] if found else None)


def _name(uow: UnitOfWork, talk: Conversation) -> str:
    factory = uow.session.get(Company, talk.factory_company_id) if talk.factory_company_id else None
    return factory.name if factory else ""


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
    troubled = _troubled(uow, [message.id for message, _ in shown])
    lines = [_line(message, name or "", message.id in troubled, call.language) for message, name in shown]
    return lines, (lines[0].id if len(rows) > PAGE_SIZE else 0)


def _troubled(uow: UnitOfWork, ids: list[int]) -> set[int]:
    return set(
        uow.session.scalars(
            select(MessageCopy.message_id).where(
                MessageCopy.message_id.in_(ids), MessageCopy.state.in_(("uncertain", "failed"))
            )
        )
    )


def _line(message: Message, file_name: str, trouble: bool, language: str) -> Line:
    t = texts(language)
    sides = {"buyer": t("Buyer"), "factory": t("Factory"), "manager": t("Manager")}
    return Line(
        id=message.id,
        side=message.side,
        side_words=sides.get(message.side, message.side),
        kind=message.kind,
        text=message.text,
        original=message.original if message.original and message.original != message.text else "",
        sent_at=message.sent_at,
        edited=message.edited_at is not None,
        deleted=message.deleted_at is not None,
        trouble=trouble,
        file_name=file_name,
        file_subject=f"message/{message.id}" if message.file_id or message.telegram_file_id else "",
        can_release=message.person_id is not None
        and message.deleted_at is None
        and (message.hidden or message.file_state == "cleaning"),
        note=message.kind == "note",
        held=held_words(message.held_reason, t) if message.file_state == "held" else "",
        late=message.written_at,
    )
