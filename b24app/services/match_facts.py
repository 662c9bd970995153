"""What past lots, offers and orders tell of a factory: usual prices, answers, orders under way and finished, reviews.

Called by `catalogue_entries`, which keeps it beside what factories are searched by, so that matching never adds up the past.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Select, Subquery, bindparam, extract, func, select, true
from sqlalchemy.dialects.postgresql import aggregate_order_by

from b24app.domain import reviews
from b24app.domain.orders import DELIVERED
from storage.models import Invitation, Lot, Offer, Order, OrderUpdate, Review
from storage.unit_of_work import UnitOfWork

_COMPANY = bindparam("company_id", type_=BigInteger)


def of_company(uow: UnitOfWork, company_id: int) -> dict[str, Any]:
    """Give the columns of a catalogue entry that matching scores the past by: one question, for an offer waits for the answer."""
    row = uow.session.execute(_PAST, {"company_id": company_id}).one()
    total, weight = reviews.weigh(list(zip(row.stars or (), row.given or (), strict=True)), uow.now)
    return {
        "answer_minutes": None if row.answer_seconds is None else max(0, round(float(row.answer_seconds) / 60)),
        "invited_lots": row.invited_lots,
        "answered_lots": row.answered_lots,
        # The last of a segment wins: the currency offered in most.
        "prices": {segment: [currency, int(price)] for segment, currency, price in row.prices or ()},
        "completed_orders": row.completed_orders,
        "open_orders": row.open_orders,
        "finished_orders": row.finished_orders,
        "on_time_orders": row.on_time_orders,
        "rating_total": total,
        "rating_weight": weight,
        "rating_count": len(row.stars or ()),
    }


def _answer_seconds() -> Select[Any]:
    taken = extract("epoch", Offer.created_at - Invitation.invited_at)
    return (
        select(func.percentile_cont(0.5).within_group(taken))
        .join(Invitation, (Invitation.lot_id == Offer.lot_id) & (Invitation.company_id == Offer.company_id))
        .where(Offer.company_id == _COMPANY)
    )


def _answered_lots() -> Select[Any]:
    return select(func.count(Offer.lot_id.distinct())).where(Offer.company_id == _COMPANY)


def _reviews() -> Subquery:
    return (
        select(
            func.array_agg(aggregate_order_by(Review.stars, Review.id)).label("stars"),
            func.array_agg(aggregate_order_by(Review.given_at, Review.id)).label("given"),
        )
        .where(Review.company_id == _COMPANY, Review.state == "published")
        .subquery()
    )


def _orders() -> Subquery:
    delivered = _deliveries()
    done = Order.state == "done"
    return (
        select(
            func.count().filter(Order.state.in_(("done", "delivered"))).label("completed_orders"),
            func.count().filter(~done).label("open_orders"),
            func.count().filter(done, Order.due_at.is_not(None)).label("finished_orders"),
            func.count().filter(done, delivered.c.at <= Order.due_at).label("on_time_orders"),
        )
        .select_from(Order)
        .outerjoin(delivered, delivered.c.order_id == Order.id)
        .where(Order.company_id == _COMPANY)
        .subquery()
    )


def _deliveries() -> Subquery:
    return (
        select(OrderUpdate.order_id, func.min(OrderUpdate.reported_at).label("at"))
        .where(OrderUpdate.step == DELIVERED)
        .join(Order, Order.id == OrderUpdate.order_id)
        .where(Order.company_id == _COMPANY)
        .group_by(OrderUpdate.order_id)
        .subquery()
    )


def _usual_prices() -> Select[Any]:
    """Ask for the average price per segment and currency as one list, the currency offered in most coming last."""
    found = (
        select(
            Lot.segment, Offer.currency, func.round(func.avg(Offer.price_minor)).label("price"), func.count().label("n")
        )
        .join(Lot, Lot.id == Offer.lot_id)
        .where(Offer.company_id == _COMPANY)
        .group_by(Lot.segment, Offer.currency)
        .subquery()
    )
    entry = func.jsonb_build_array(found.c.segment, found.c.currency, found.c.price)
    return select(
        func.jsonb_agg(aggregate_order_by(entry, found.c.segment, found.c.n, found.c.currency.desc()))
    ).select_from(found)


def _past() -> Select[Any]:
    orders, given = _orders(), _reviews()
    return (
        select(
            _answer_seconds().scalar_subquery().label("answer_seconds"),
            select(func.count()).where(Invitation.company_id == _COMPANY).scalar_subquery().label("invited_lots"),
            _answered_lots().scalar_subquery().label("answered_lots"),
            _usual_prices().scalar_subquery().label("prices"),
            orders,
            given,
        )
        .select_from(orders)
        .join(given, true())
    )


# Put together once: doing that for each question cost more than the answer.
_PAST = _past()
