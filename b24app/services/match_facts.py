"""What past offers and orders tell of factories: usual price, speed of answer, orders under way. Called by `matching`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import extract, func, select

from storage.models import Company, Lot, Offer, Order
from storage.unit_of_work import UnitOfWork

FINISHED = ("done", "lost")


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of one factory; None where nothing is."""

    usual_price_minor: int | None = None
    usual_price_currency: str = ""
    answer_hours: float | None = None
    open_orders: int = 0


def of_companies(uow: UnitOfWork, companies: Sequence[Company], segment: str) -> dict[int, Facts]:
    """Give the facts of each company, prices for one segment only, in three queries however many they are."""
    ids = [company.id for company in companies]
    if not ids:
        return {}
    prices = _usual_prices(uow, ids, segment)
    hours: dict[int, float] = {
        company: float(seconds) / 3600
        for company, seconds in uow.session.execute(
            select(Offer.company_id, func.avg(extract("epoch", Offer.created_at - Lot.published_at)))
            .join(Lot, Lot.id == Offer.lot_id)
            .where(Offer.company_id.in_(ids), Lot.published_at.is_not(None))
            .group_by(Offer.company_id)
        )
        if seconds is not None
    }
    orders: dict[int, int] = {
        company: int(count)
        for company, count in uow.session.execute(
            select(Order.company_id, func.count())
            .where(Order.company_id.in_(ids), Order.state.not_in(FINISHED))
            .group_by(Order.company_id)
        )
    }
    return {
        number: Facts(
            usual_price_minor=prices.get(number, ("", None))[1],
            usual_price_currency=prices.get(number, ("", None))[0],
            answer_hours=hours.get(number),
            open_orders=orders.get(number, 0),
        )
        for number in ids
    }


def _usual_prices(uow: UnitOfWork, ids: list[int], segment: str) -> dict[int, tuple[str, int | None]]:
    """Give each company's average price in the currency it offers in most."""
    rows = uow.session.execute(
        select(Offer.company_id, Offer.currency, func.count(), func.avg(Offer.price_minor))
        .join(Lot, Lot.id == Offer.lot_id)
        .where(Offer.company_id.in_(ids), Lot.segment == segment)
        .group_by(Offer.company_id, Offer.currency)
        .order_by(Offer.company_id, func.count(), Offer.currency.desc())
    )
    return {company: (currency, round(average)) for company, currency, _, average in rows}
