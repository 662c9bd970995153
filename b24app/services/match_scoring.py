"""The hard conditions and the score of `domain.matching` as SQL, between one lot and many factories or one factory and many lots.

Called by `matching`. Either side is a set of columns or of constants, so both directions are one formula. Every operation is on 64-bit
floats in the order in which the domain does it: the same rows give the same points in both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    Double,
    Integer,
    SQLColumnExpression,
    String,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
)
from sqlalchemy.dialects.postgresql import ARRAY

from b24app.domain import matching as rules
from b24app.services.industries import pack
from storage.models import CatalogueEntry, Lot

Number = SQLColumnExpression[Any]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A lot's side. `days` is the time for production, at least 1; `target_minor` is None when it is known that there is none."""

    quantity: Number
    unit: Number
    days: Number
    target_minor: Number | None
    target_currency: Number


@dataclass(frozen=True, kw_only=True)
class Able:
    """A factory's side. `makes` tells whether the lot's segment is among its `segments`, whose number that is."""

    makes: Number
    segments: Number
    unit: Number
    moq: Number
    capacity: Number
    lead: Number
    verified: Number
    price_minor: Number
    price_currency: Number
    answer_minutes: Number
    invited: Number
    answered: Number
    finished: Number
    on_time: Number
    open_orders: Number
    rating_total: Number
    rating_weight: Number


def asked_by(wish: rules.Wish) -> Asked:
    """Give one lot as constants."""
    return Asked(
        quantity=literal(wish.quantity, BigInteger),
        unit=literal(wish.unit, String),
        days=literal(max(1, wish.days), BigInteger),
        target_minor=literal(wish.target_minor, BigInteger) if wish.target_minor else None,
        target_currency=literal(wish.target_currency, String),
    )


def asked_by_lots(now: datetime) -> Asked:
    """Give the columns of lots, their days counted from `now`."""
    target = Lot.fields["target_price"]
    until = cast(Lot.fields["produce_by"].astext, Date)
    return Asked(
        quantity=Lot.quantity,
        unit=Lot.unit,
        days=func.greatest(cast(until - literal(now.date(), Date), Integer), 1),
        target_minor=cast(target["amount_minor"].astext, BigInteger),
        target_currency=target["currency"].astext,
    )


def able_factories(segment: str, now: datetime) -> Able:
    """Give the columns of catalogue entries, as far as they concern a segment, at a moment."""
    entry, price = CatalogueEntry, CatalogueEntry.prices[segment]
    return Able(
        makes=entry.segments.op("@>")(literal([segment], ARRAY(Text))),
        segments=func.cardinality(entry.segments),
        unit=entry.unit,
        moq=entry.moq,
        capacity=entry.capacity_per_month,
        lead=entry.lead_time_days,
        verified=func.coalesce(entry.verified_until > now, False),
        price_minor=cast(price[1].astext, BigInteger),
        price_currency=price[0].astext,
        answer_minutes=entry.answer_minutes,
        invited=entry.invited_lots,
        answered=entry.answered_lots,
        finished=entry.finished_orders,
        on_time=entry.on_time_orders,
        open_orders=entry.open_orders,
        rating_total=entry.rating_total,
        rating_weight=entry.rating_weight,
    )


def able_factory(entry: CatalogueEntry, now: datetime) -> Able:
    """Give one factory as constants; its price depends on the segment of the lot beside it."""
    verified = entry.verified_until is not None and entry.verified_until > now
    return Able(
        makes=Lot.segment.in_(entry.segments),
        segments=literal(len(entry.segments), BigInteger),
        unit=literal(entry.unit, String),
        moq=literal(entry.moq, BigInteger),
        capacity=literal(entry.capacity_per_month, BigInteger),
        lead=literal(entry.lead_time_days, BigInteger),
        verified=literal(verified, Boolean),
        price_minor=_by_segment({segment: price for segment, (_, price) in entry.prices.items()}, BigInteger()),
        price_currency=_by_segment({segment: currency for segment, (currency, _) in entry.prices.items()}, String()),
        answer_minutes=literal(entry.answer_minutes, BigInteger),
        invited=literal(entry.invited_lots, BigInteger),
        answered=literal(entry.answered_lots, BigInteger),
        finished=literal(entry.finished_orders, BigInteger),
        on_time=literal(entry.on_time_orders, BigInteger),
        open_orders=literal(entry.open_orders, BigInteger),
        rating_total=literal(entry.rating_total, Double),
        rating_weight=literal(entry.rating_weight, Double),
    )


def _by_segment(known: Mapping[str, Any], kind: Any) -> Number:
    if not known:
        return cast(null(), kind)
    return case({segment: literal(value, kind) for segment, value in known.items()}, value=Lot.segment)


def fits(asked: Asked, able: Able) -> ColumnElement[bool]:
    """Give the hard conditions between both sides, all but certificates and the factory's standing."""
    enough = and_(
        able.moq <= asked.quantity,
        asked.quantity * rules.DAYS_A_MONTH <= able.capacity * asked.days,
    )
    return and_(able.makes, or_(able.unit != asked.unit, enough), able.lead <= asked.days)


def points(asked: Asked, able: Able, weights: Mapping[str, int]) -> ColumnElement[int]:
    """Give the score, 0–100, of each pair of both sides that share the segment."""
    total: Number = _real(0.0)
    for criterion in rules.CRITERIA:
        if weight := weights.get(criterion, 0):
            total = total + _real(weight) * _VALUES[criterion](asked, able)
    return cast(func.greatest(0, func.least(100, func.round(total))), Integer)


def _real(value: float) -> Number:
    return literal(float(value), Double)


def _float(value: Any) -> Number:
    return cast(value, Double)


def _segment(asked: Asked, able: Able) -> Number:
    return func.greatest(_real(0.5), _real(1) - _float(able.segments - 1) * _real(0.1))


def _capacity(asked: Asked, able: Able) -> Number:
    share = _float(asked.quantity * rules.DAYS_A_MONTH) / _float(func.nullif(able.capacity, 0) * asked.days)
    return case(
        (or_(asked.unit != able.unit, able.capacity == 0), _real(rules.NEUTRAL)),
        (share > _real(0.8), func.greatest(_real(0.3), _real(1) - (share - _real(0.8)) * _real(2.5))),
        (share < _real(0.02), _real(0.7)),
        else_=_real(1),
    )


def _lead_time(asked: Asked, able: Able) -> Number:
    spare = _float(func.greatest(0, asked.days - able.lead))
    return func.least(_real(1), _real(0.4) + _real(1.2) * spare / _float(asked.days))


def _verified(asked: Asked, able: Able) -> Number:
    return case((able.verified, _real(1)), else_=_real(0))


def _price(asked: Asked, able: Able) -> Number:
    if asked.target_minor is None:
        return _real(rules.NEUTRAL)
    known = and_(asked.target_minor > 0, able.price_currency == asked.target_currency, able.price_minor > 0)
    ratio = _float(able.price_minor) / _float(func.nullif(asked.target_minor, 0))
    value = func.greatest(_real(0), func.least(_real(1), _real(0.75) + (_real(1) - ratio)))
    return case((known, value), else_=_real(rules.NEUTRAL))


def rated(total: Number, weight: Number) -> Number:
    """Give the Bayesian rating, 1–5, of a factory whose reviews sum up to this, as `domain.reviews.rating` does."""
    prior, prior_count = pack().prior_rating, pack().prior_count
    return (_real(prior * prior_count) + total) / (_real(prior_count) + weight)


def _rating(asked: Asked, able: Able) -> Number:
    return func.greatest(_real(0), func.least(_real(1), rated(able.rating_total, able.rating_weight) / _real(5)))


def _on_time(asked: Asked, able: Able) -> Number:
    return _shared(able.on_time, able.finished, rules.ON_TIME_PRIOR, rules.ON_TIME_PRIOR_ORDERS)


def _response(asked: Asked, able: Able) -> Number:
    minutes = _float(func.greatest(0, able.answer_minutes))
    speed = case(
        (able.answer_minutes.is_(None), _real(rules.NEUTRAL)),
        else_=_real(1) / (_real(1) + minutes / _real(1440)),
    )
    answered = func.least(able.answered, able.invited)
    rate = _shared(answered, able.invited, rules.ANSWER_PRIOR, rules.ANSWER_PRIOR_LOTS)
    return (speed + rate) / _real(2)


def _shared(part: Number, whole: Number, prior: float, prior_count: int) -> Number:
    return (_real(prior * prior_count) + _float(part)) / _float(whole + prior_count)


def _load(asked: Asked, able: Able) -> Number:
    return _real(1) / _float(able.open_orders + 1)


_VALUES: Mapping[str, Callable[[Asked, Able], Number]] = {
    "segment": _segment,
    "capacity": _capacity,
    "lead_time": _lead_time,
    "verified": _verified,
    "rating": _rating,
    "on_time": _on_time,
    "price": _price,
    "response": _response,
    "load": _load,
}
