"""Factories side by side in a period: lots sent, answered and won, how fast; and how their audits ended.

Called by the desk's reports. Reads the database only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, case, extract, func, or_, select

from b24app.domain.offers import SEEN_BY_BUYER
from b24app.i18n import texts
from b24app.services.report_sheets import Cell, Column, Sheet, Span, share
from storage.models import Audit, Company, Invitation, Lot, Offer, Order
from storage.unit_of_work import UnitOfWork

PAGE = 20
EXPORTED = 1000
SORTS = ("won", "invited", "answered", "rate", "let", "hours", "late")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which part of the league is asked for: names that hold `name`, the order, the page from 0."""

    name: str = ""
    sort: str = "won"
    page: int = 0
    size: int = PAGE


@dataclass(frozen=True, kw_only=True)
class League:
    """One page of the league and how many factories there are on all; `ids` name the companies row by row."""

    sheet: Sheet
    ids: tuple[int, ...]
    total: int


def league(uow: UnitOfWork, span: Span, language: str, wanted: Wanted) -> League:
    """Give the factories that had anything to do in the period, the most successful first unless asked otherwise."""
    rows = uow.session.execute(_ordered(_measured(span, wanted.name), wanted)).all()
    total = uow.session.scalar(select(func.count()).select_from(_measured(span, wanted.name).subquery())) or 0
    t = texts(language)
    columns = (
        Column(t("Factory"), "text"),
        Column(t("Lots received")),
        Column(t("Answered")),
        Column(t("Answered, %"), "percent"),
        Column(t("Contact allowed")),
        Column(t("Orders won")),
        Column(t("Half of the answers within, hours"), "hours"),
        Column(t("Orders late")),
    )
    sheet = Sheet(
        code="league",
        title=t("Factory league"),
        columns=columns,
        rows=[_row(row) for row in rows],
        drawn=(5,),
        is_empty=not total,
    )
    return League(sheet=sheet, ids=tuple(row.id for row in rows), total=total)


def _row(row: Any) -> tuple[Cell, ...]:
    hours = None if row.hours is None else float(row.hours)
    return row.name, row.invited, row.answered, share(row.met, row.invited), row.let, row.won, hours, row.late


def _measured(span: Span, name: str) -> Select[Any]:
    of_segment = span.about(Lot.segment)
    answered = and_(Offer.lot_id == Invitation.lot_id, Offer.company_id == Invitation.company_id)
    invited = (
        select(Invitation.company_id, func.count().label("invited"), func.count(Offer.id.distinct()).label("met"))
        .join(Lot, Lot.id == Invitation.lot_id)
        .outerjoin(Offer, answered)
        .where(span.holds(Invitation.invited_at), of_segment)
        .group_by(Invitation.company_id)
        .subquery()
    )
    offered = _offered(span, of_segment).subquery()
    won = (
        select(
            Order.company_id,
            func.count().label("won"),
            func.count().filter(Order.late_step != "").label("late"),
        )
        .join(Lot, Lot.id == Order.lot_id)
        .where(span.holds(Order.created_at), of_segment)
        .group_by(Order.company_id)
        .subquery()
    )
    met = func.least(func.coalesce(invited.c.met, 0), func.coalesce(invited.c.invited, 0))
    had_any = or_(invited.c.invited.is_not(None), offered.c.answered.is_not(None), won.c.won.is_not(None))
    return (
        select(
            Company.id,
            Company.name,
            func.coalesce(invited.c.invited, 0).label("invited"),
            met.label("met"),
            func.coalesce(offered.c.answered, 0).label("answered"),
            func.coalesce(offered.c.let, 0).label("let"),
            func.coalesce(won.c.won, 0).label("won"),
            func.coalesce(won.c.late, 0).label("late"),
            offered.c.hours,
            case((invited.c.invited > 0, met * 1.0 / invited.c.invited)).label("rate"),
        )
        .outerjoin(invited, invited.c.company_id == Company.id)
        .outerjoin(offered, offered.c.company_id == Company.id)
        .outerjoin(won, won.c.company_id == Company.id)
        .where(Company.kind == "factory", had_any, Company.name.icontains(name, autoescape=True))
    )


def _offered(span: Span, of_segment: Any) -> Select[Any]:
    let = and_(Offer.state.in_(SEEN_BY_BUYER), Offer.decided_at.is_not(None))
    hours = extract("epoch", Offer.created_at - Lot.published_at) / 3600
    return (
        select(
            Offer.company_id,
            func.count().label("answered"),
            func.count().filter(let).label("let"),
            func.percentile_cont(0.5).within_group(hours).label("hours"),
        )
        .join(Lot, Lot.id == Offer.lot_id)
        .where(span.holds(Offer.created_at), of_segment)
        .group_by(Offer.company_id)
    )


def _ordered(measured: Select[Any], wanted: Wanted) -> Select[Any]:
    found = measured.subquery()
    by = found.c[wanted.sort if wanted.sort in SORTS else "won"]
    first = by.asc().nulls_last() if wanted.sort == "hours" else by.desc().nulls_last()
    order = (first, found.c.won.desc(), found.c.answered.desc(), found.c.name, found.c.id)
    return select(found).order_by(*order).limit(wanted.size).offset(wanted.page * wanted.size)


def audits(uow: UnitOfWork, span: Span, language: str) -> Sheet:
    """Give how the audits that began in the period ended."""
    t = texts(language)
    days = extract("epoch", Audit.decided_at - Audit.created_at) / 86400
    rows = uow.session.execute(
        select(
            Audit.state,
            func.count().label("made"),
            func.avg(Audit.score).label("score"),
            func.percentile_cont(0.5).within_group(days).label("days"),
        )
        .where(span.holds(Audit.created_at))
        .group_by(Audit.state)
    )
    found: dict[str, Any] = {row.state: row for row in rows}
    under_way = sum(found[state].made for state in ("requested", "documents", "visit", "scoring") if state in found)
    ended = {
        "passed": t("Passed"),
        "conditional": t("Passed with conditions"),
        "failed": t("Not passed"),
        "cancelled": t("Stopped"),
    }
    table: list[tuple[Cell, ...]] = [(t("Under way"), under_way, None, None)]
    table += [(name, *_ending(found.get(state))) for state, name in ended.items()]
    return Sheet(
        code="audits",
        title=t("Audits begun in the period"),
        columns=(
            Column(t("How they ended"), "text"),
            Column(t("Audits")),
            Column(t("Average score"), "hours"),
            Column(t("Half of them within, days"), "hours"),
        ),
        rows=table,
        drawn=(1,),
        is_empty=not found,
    )


def _ending(row: Any) -> tuple[Cell, ...]:
    if row is None:
        return 0, None, None
    return row.made, *(None if value is None else float(value) for value in (row.score, row.days))
