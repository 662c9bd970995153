"""What past lots, offers and orders tell of a factory: usual prices, answers, orders under way and finished, reviews.

Called by `catalogue_entries`, which keeps it beside what factories are searched by, so that matching never adds up the past.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from b24app.domain import reviews
from b24app.domain.orders import DELIVERED
from storage.models import Invitation, Lot, Offer, Order, OrderUpdate, Review
from storage.unit_of_work import UnitOfWork


def of_company(uow: UnitOfWork, company_id: int) -> dict[str, Any]:
    """Give the columns of a catalogue entry that matching scores the past by."""
    invited = select(func.count()).where(Invitation.company_id == company_id)
    answered = select(func.count(Offer.lot_id.distinct())).where(Offer.company_id == company_id)
    return {
        "invited_lots": uow.session.scalar(invited) or 0,
        "answered_lots": uow.session.scalar(answered) or 0,
        "prices": _usual_prices(uow, company_id),
        **_orders(uow, company_id),
        **_reviews(uow, company_id),
    }


def _reviews(uow: UnitOfWork, company_id: int) -> dict[str, Any]:
    published = select(Review.stars, Review.given_at).where(Review.company_id == company_id)
    given = [(row.stars, row.given_at) for row in uow.session.execute(published.where(Review.state == "published"))]
    total, weight = reviews.weigh(given, uow.now)
    return {"rating_total": total, "rating_weight": weight, "rating_count": len(given)}


def _orders(uow: UnitOfWork, company_id: int) -> dict[str, int]:
    delivered = (
        select(OrderUpdate.order_id, func.min(OrderUpdate.reported_at).label("at"))
        .where(OrderUpdate.step == DELIVERED)
        .join(Order, Order.id == OrderUpdate.order_id)
        .where(Order.company_id == company_id)
        .group_by(OrderUpdate.order_id)
        .subquery()
    )
    done = Order.state == "done"
    row = uow.session.execute(
        select(
            func.count().filter(~done),
            func.count().filter(done, Order.due_at.is_not(None)),
            func.count().filter(done, delivered.c.at <= Order.due_at),
        )
        .select_from(Order)
        .outerjoin(delivered, delivered.c.order_id == Order.id)
        .where(Order.company_id == company_id)
    ).one()
    return {"open_orders": row[0], "finished_orders": row[1], "on_time_orders": row[2]}


def _usual_prices(uow: UnitOfWork, company_id: int) -> dict[str, list[Any]]:
    """Give the average price per segment, in the currency offered in most."""
    rows = uow.session.execute(
        select(Lot.segment, Offer.currency, func.round(func.avg(Offer.price_minor)))
        .join(Lot, Lot.id == Offer.lot_id)
        .where(Offer.company_id == company_id)
        .group_by(Lot.segment, Offer.currency)
        .order_by(Lot.segment, func.count(), Offer.currency.desc())
    )
    # The last of a segment wins: the currency offered in most.
    return {segment: [currency, int(price)] for segment, currency, price in rows}
