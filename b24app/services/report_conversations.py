"""Conversations in a period: how many, how much was said, and how fast each side answers.

Called by the desk's reports. Reads the database only.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, extract, func, select, true

from b24app.i18n import Texts, texts
from b24app.services import promises
from b24app.services.report_sheets import Cell, Column, Sheet, Span
from storage.models import Conversation, Lot, Message
from storage.unit_of_work import UnitOfWork

SIDES = ("buyer", "factory", "manager")


def sheets(uow: UnitOfWork, span: Span, language: str) -> list[Sheet]:
    """Give the sheets on conversations."""
    t, said = texts(language), _said(span).subquery("said")
    return [_over_time(uow, span, said, t), _replies(uow, said, t)]


def _said(span: Span) -> Select[Any]:
    """Every message of the period with the hours since the other side's last word, None where nobody waited for it."""
    side, at = (
        func.lag(said).over(partition_by=Message.conversation_id, order_by=Message.id)
        for said in (Message.side, Message.sent_at)
    )
    told = (
        select(
            Message.side,
            Message.sent_at,
            side.label("side_before"),
            (extract("epoch", Message.sent_at - at) / 3600).label("hours"),
        )
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Message.sent_at < span.ends_at, Conversation.last_message_at >= span.starts_at, _of_segment(span))
        .subquery()
    )
    answers = and_(told.c.side_before != told.c.side, told.c.hours >= 0)
    return select(
        span.step_of(told.c.sent_at).label("step"),
        told.c.side,
        told.c.hours,
        answers.label("answers"),
    ).where(told.c.sent_at >= span.starts_at)


def _of_segment(span: Span) -> ColumnElement[bool]:
    if not span.segment:
        return true()
    return Conversation.lot_id.in_(select(Lot.id).where(span.about(Lot.segment)))


def _over_time(uow: UnitOfWork, span: Span, said: Subquery, t: Texts) -> Sheet:
    step = span.step_of(Conversation.opened_at).label("step")
    opened = select(step, func.count()).where(span.holds(Conversation.opened_at), _of_segment(span)).group_by(step)
    begun: dict[date, int] = {row[0].date(): int(row[1]) for row in uow.session.execute(opened)}
    spoken = select(said.c.step, func.count()).group_by(said.c.step)
    told: dict[date, int] = {row[0].date(): int(row[1]) for row in uow.session.execute(spoken)}
    return Sheet(
        code="conversations",
        title=t("Conversations"),
        columns=(
            Column(t("Week of") if span.step == "week" else t("Month"), "text"),
            Column(t("Conversations opened")),
            Column(t("Messages")),
        ),
        rows=[(span.words(one, t), begun.get(one, 0), told.get(one, 0)) for one in span.steps()],
        drawn=(1, 2),
        over_time=True,
        is_empty=not begun and not told,
    )


def _replies(uow: UnitOfWork, said: Subquery, t: Texts) -> Sheet:
    quantile = func.percentile_cont
    rows = uow.session.execute(
        select(
            said.c.side,
            func.count().label("messages"),
            func.count().filter(said.c.answers).label("answers"),
            quantile(0.5).within_group(said.c.hours).filter(said.c.answers).label("median"),
            quantile(0.9).within_group(said.c.hours).filter(said.c.answers).label("slow"),
        ).group_by(said.c.side)
    )
    found: dict[str, Any] = {row.side: row for row in rows}
    names = {"buyer": t("Buyers"), "factory": t("Factories"), "manager": t("Managers")}
    late, _ = uow.session.execute(promises.overdue()).one()
    return Sheet(
        code="replies",
        title=t("Reply times"),
        columns=(
            Column(t("Who"), "text"),
            Column(t("Messages")),
            Column(t("Replies")),
            Column(t("Half of the replies within, hours"), "hours"),
            Column(t("Nine of ten within, hours"), "hours"),
        ),
        rows=[(names[side], *_answered(found.get(side))) for side in SIDES],
        drawn=(3,),
        note=t.tn(
            "In {count} open conversation an answer is owed too long today.",
            "In {count} open conversations an answer is owed too long today.",
            late,
        ),
        is_empty=not found,
    )


def _answered(row: Any) -> tuple[Cell, ...]:
    if row is None:
        return 0, 0, None, None
    return row.messages, row.answers, *(None if v is None else float(v) for v in (row.median, row.slow))
