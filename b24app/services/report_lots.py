"""Figures of lots placed in a period: the funnel, how it went over time, time to the first offer, offers per lot.

Called by the desk's reports. Reads the database only.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Subquery, and_, case, extract, func, select

from b24app.domain.offers import SEEN_BY_BUYER
from b24app.i18n import Texts, texts
from b24app.services.report_sheets import Column, Sheet, Span, share
from storage.models import Lot, Offer, Order
from storage.unit_of_work import UnitOfWork

BUCKETS = ((0, 0), (1, 1), (2, 2), (3, 5), (6, 10), (11, None))


def sheets(uow: UnitOfWork, span: Span, language: str) -> list[Sheet]:
    """Give the sheets on lots."""
    lots = _facts(span)
    return [_funnel(uow, lots, language), *_over_time(uow, lots, span, language), _offers_per_lot(uow, lots, language)]


def _facts(span: Span) -> Subquery:
    """One row a lot placed in the period: when it was published, its offers, contacts allowed and orders."""
    made = and_(span.holds(Lot.created_at), span.about(Lot.segment))
    let = and_(Offer.state.in_(SEEN_BY_BUYER), Offer.decided_at.is_not(None))
    offers = (
        select(
            Offer.lot_id,
            func.count().label("offers"),
            func.count().filter(let).label("let"),
            func.min(Offer.created_at).label("first_at"),
        )
        .where(Offer.created_at >= span.starts_at)
        .group_by(Offer.lot_id)
        .subquery()
    )
    orders = (
        select(Order.lot_id, func.count().label("orders"), func.count().filter(Order.state == "done").label("done"))
        .where(Order.created_at >= span.starts_at)
        .group_by(Order.lot_id)
        .subquery()
    )
    hours = extract("epoch", offers.c.first_at - Lot.published_at) / 3600
    return (
        select(
            span.step_of(Lot.created_at).label("step"),
            Lot.published_at.is_not(None).label("published"),
            func.coalesce(offers.c.offers, 0).label("offers"),
            func.coalesce(offers.c.let, 0).label("let"),
            func.coalesce(orders.c.orders, 0).label("orders"),
            func.coalesce(orders.c.done, 0).label("done"),
            case((hours >= 0, hours)).label("hours"),
        )
        .outerjoin(offers, offers.c.lot_id == Lot.id)
        .outerjoin(orders, orders.c.lot_id == Lot.id)
        .where(made)
        .subquery("made")
    )


def _funnel(uow: UnitOfWork, lots: Subquery, language: str) -> Sheet:
    t, c = texts(language), lots.c
    row = uow.session.execute(
        select(
            func.count(),
            func.count().filter(c.published),
            func.count().filter(c.offers > 0),
            func.count().filter(c.let > 0),
            func.count().filter(c.orders > 0),
            func.count().filter(c.done > 0),
        ).select_from(lots)
    ).one()
    names = (
        t("Placed"),
        t("Made public"),
        t("Got an offer"),
        t("Contact allowed"),
        t("A factory was chosen"),
        t("Delivered"),
    )
    counts = [int(count) for count in row]
    before = [counts[0], *counts[:-1]]
    rows = [
        (name, count, share(count, counts[0]), share(count, earlier))
        for name, count, earlier in zip(names, counts, before, strict=True)
    ]
    columns = (
        Column(t("Step"), "text"),
        Column(t("Lots")),
        Column(t("Of all placed"), "percent"),
        Column(t("Of the step before"), "percent"),
    )
    note = t("Lots placed in the period, wherever they stand today.")
    title = t("Funnel of lots")
    return Sheet(code="funnel", title=title, columns=columns, rows=rows, drawn=(1,), note=note, is_empty=not counts[0])


def _by_step(uow: UnitOfWork, lots: Subquery) -> dict[date, Any]:
    """Give one row for each step of the period in which lots were placed."""
    c, quantile = lots.c, func.percentile_cont
    return {
        row.step.date(): row
        for row in uow.session.execute(
            select(
                c.step,
                func.count().label("placed"),
                func.count().filter(c.published).label("published"),
                func.count().filter(c.orders > 0).label("chosen"),
                quantile(0.5).within_group(c.hours).label("median"),
                quantile(0.9).within_group(c.hours).label("slow"),
                func.avg(c.offers).filter(c.published).label("average"),
            ).group_by(c.step)
        )
    }


def _over_time(uow: UnitOfWork, lots: Subquery, span: Span, language: str) -> list[Sheet]:
    t, found = texts(language), _by_step(uow, lots)
    when = Column(t("Week of") if span.step == "week" else t("Month"), "text")
    steps = [(span.words(step, t), found.get(step)) for step in span.steps()]
    return [_counts(when, steps, t), _first_offer(when, steps, t)]


def _counts(when: Column, steps: Sequence[tuple[str, Any]], t: Texts) -> Sheet:
    return Sheet(
        code="lots_over_time",
        title=t("Lots over time"),
        columns=(when, Column(t("Placed")), Column(t("Made public")), Column(t("A factory was chosen"))),
        rows=[(name, row.placed, row.published, row.chosen) if row else (name, 0, 0, 0) for name, row in steps],
        drawn=(1, 2, 3),
        over_time=True,
        is_empty=not any(row for _, row in steps),
    )


def _first_offer(when: Column, steps: Sequence[tuple[str, Any]], t: Texts) -> Sheet:
    rows = [
        (name, _number(row and row.median), _number(row and row.slow), _number(row and row.average))
        for name, row in steps
    ]
    return Sheet(
        code="first_offer",
        title=t("Time to the first offer"),
        columns=(
            when,
            Column(t("Half of the lots within, hours"), "hours"),
            Column(t("Nine of ten within, hours"), "hours"),
            Column(t("Offers per lot"), "hours"),
        ),
        rows=rows,
        drawn=(1,),
        over_time=True,
        note=t("From publication to the first offer."),
        is_empty=not any(row[1] is not None for row in rows),
    )


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _offers_per_lot(uow: UnitOfWork, lots: Subquery, language: str) -> Sheet:
    t, c = texts(language), lots.c
    within = [c.offers >= low if high is None else c.offers.between(low, high) for low, high in BUCKETS]
    counted = select(*(func.count().filter(c.published, one) for one in within)).select_from(lots)
    counts = [int(count) for count in uow.session.execute(counted).one()]
    names = [f"{low}" if low == high else f"{low}+" if high is None else f"{low}–{high}" for low, high in BUCKETS]
    rows = [(name, count, share(count, sum(counts))) for name, count in zip(names, counts, strict=True)]
    return Sheet(
        code="offers_per_lot",
        title=t("Offers per lot"),
        columns=(Column(t("Offers"), "text"), Column(t("Published lots")), Column(t("Share"), "percent")),
        rows=rows,
        drawn=(1,),
        is_empty=not sum(counts),
    )
