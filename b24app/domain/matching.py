"""How well a factory suits a lot: each soft criterion a value from 0 to 1, weighted into a score of 0–100, with reasons. Pure.

A factory without reviews, prices, answers or finished orders is neither best nor worst: its value is that of the prior.
The services compute the same numbers in SQL; every operation here is on 64-bit floats in a fixed order, so that both agree exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

DAYS_A_MONTH = 30
NEUTRAL = 0.5
CRITERIA = ("segment", "capacity", "lead_time", "verified", "rating", "on_time", "price", "response", "load")
ANSWER_PRIOR, ANSWER_PRIOR_LOTS = 0.5, 4
ON_TIME_PRIOR, ON_TIME_PRIOR_ORDERS = 0.8, 3
TONES = ("good", "plain", "bad")
_EASY_LEAD_TIME = 0.52
"""The value of a lead time that leaves a tenth of the time to spare."""
_NEAR_PERCENT = 10
_ALWAYS = {
    "specialised": "good",
    "among_segments": "plain",
    "capacity_fits": "good",
    "capacity_tight": "plain",
    "capacity_unknown": "plain",
    "verified": "good",
    "unverified": "bad",
    "no_rating": "plain",
    "no_finished_orders": "plain",
    "price_below": "good",
    "price_unknown": "plain",
    "answered_none": "bad",
    "answers_unknown": "plain",
    "no_orders": "good",
}
"""Reasons that speak one way whatever their numbers; the others are judged by their value."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a lot asks for. `days` is the time for production from now; the target is per unit, in minor units."""

    segment: str
    quantity: int
    unit: str
    days: int
    target_minor: int | None = None
    target_currency: str = ""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """What a factory offers. `rating` is already Bayesian, 0–5; unknown facts are None.

    `answer_minutes` is its median from invitation to offer; of the lots it was sent (`invited_lots`) it answered `answered_lots`.
    """

    segments: tuple[str, ...]
    unit: str
    moq: int
    capacity_per_month: int
    lead_time_days: int
    verified: bool
    rating: float
    rating_count: int
    usual_price_minor: int | None = None
    usual_price_currency: str = ""
    answer_minutes: int | None = None
    invited_lots: int = 0
    answered_lots: int = 0
    finished_orders: int = 0
    on_time_orders: int = 0
    open_orders: int = 0


@dataclass(frozen=True)
class Reason:
    """Why a criterion got its value: a code, how it speaks, how many points it brought, and what the sentence needs.

    `tone` is good (speaks for the factory), plain (says nothing either way, or nothing is known) or bad (speaks against it).
    """

    code: str
    points: float
    tone: str = "plain"
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Score:
    """0–100 points and the reasons: what speaks for the factory before what does not, the weightiest of a tone first."""

    points: int
    reasons: tuple[Reason, ...]


Judged = tuple[float, str, dict[str, Any]]


def bayesian_rating(total: float, count: float, prior: float, prior_count: int) -> float:
    """Give the mean of `count` ratings summing to `total`, pulled towards `prior` as if it had been given `prior_count` times."""
    return (prior * prior_count + total) / (prior_count + count)


def valid_weights(weights: Mapping[str, int]) -> bool:
    """Tell whether weights name known criteria only, none below 0, and make 100."""
    return set(weights) <= set(CRITERIA) and min(weights.values(), default=0) >= 0 and sum(weights.values()) == 100


def score(wish: Wish, candidate: Candidate, weights: Mapping[str, int]) -> Score:
    """Score a factory against a lot. ValueError when the weights do not make 100."""
    if sum(weights.values()) != 100:
        raise ValueError("The weights must make 100.")
    reasons = []
    total = 0.0
    for criterion in CRITERIA:
        weight = weights.get(criterion, 0)
        value, code, params = _JUDGES[criterion](wish, candidate)
        total += weight * value
        if weight:
            reasons.append(Reason(code, weight * value, tone_of(code, value, params), params))
    # Sorting is stable: of equal points the earlier criterion stays first.
    reasons.sort(key=lambda reason: (TONES.index(reason.tone), -round(reason.points, 6)))
    return Score(max(0, min(100, round(total))), tuple(reasons))


def tone_of(code: str, value: float, params: Mapping[str, Any]) -> str:
    """Tell whether a reason speaks for the factory (good), against it (bad) or neither (plain)."""
    if code in _ALWAYS:
        return _ALWAYS[code]
    match code:
        case "lead_time":
            return "bad" if not params["spare"] else "good" if value >= _EASY_LEAD_TIME else "plain"
        case "price_above":
            return "plain" if params["percent"] <= _NEAR_PERCENT else "bad"
        case "rating":
            return _between(value, good=0.8, bad=0.6)
        case "orders":
            return _between(value, good=1.0, bad=0.2)
        case _:
            return _between(value, good=0.7, bad=0.4)


def _between(value: float, *, good: float, bad: float) -> str:
    return "good" if value >= good else "bad" if value < bad else "plain"


def _segment(wish: Wish, candidate: Candidate) -> Judged:
    if wish.segment not in candidate.segments:
        return 0.0, "among_segments", {}
    others = len(candidate.segments) - 1
    return max(0.5, 1 - others * 0.1), "specialised" if others <= 2 else "among_segments", {}


def _capacity(wish: Wish, candidate: Candidate) -> Judged:
    if wish.unit != candidate.unit or not candidate.capacity_per_month:
        return NEUTRAL, "capacity_unknown", {}
    share = wish.quantity * DAYS_A_MONTH / (candidate.capacity_per_month * max(1, wish.days))
    params = {"capacity": candidate.capacity_per_month, "percent": round(share * 100)}
    if share > 0.8:
        return max(0.3, 1 - (share - 0.8) * 2.5), "capacity_tight", params
    return (0.7 if share < 0.02 else 1.0), "capacity_fits", params


def _lead_time(wish: Wish, candidate: Candidate) -> Judged:
    spare = max(0, wish.days - candidate.lead_time_days)
    value = min(1.0, 0.4 + 1.2 * spare / max(1, wish.days))
    return value, "lead_time", {"lead": candidate.lead_time_days, "spare": spare}


def _verified(wish: Wish, candidate: Candidate) -> Judged:
    return (1.0, "verified", {}) if candidate.verified else (0.0, "unverified", {})


def _rating(wish: Wish, candidate: Candidate) -> Judged:
    value = max(0.0, min(1.0, candidate.rating / 5))
    return value, "rating" if candidate.rating_count else "no_rating", {"rating": f"{candidate.rating:.1f}"}


def _price(wish: Wish, candidate: Candidate) -> Judged:
    usual, target = candidate.usual_price_minor, wish.target_minor
    if not usual or not target or candidate.usual_price_currency != wish.target_currency:
        return NEUTRAL, "price_unknown", {}
    ratio = usual / target
    code = "price_below" if ratio <= 1 else "price_above"
    return max(0.0, min(1.0, 0.75 + (1 - ratio))), code, {"percent": abs(round((ratio - 1) * 100))}


def _on_time(wish: Wish, candidate: Candidate) -> Judged:
    value = bayesian_rating(candidate.on_time_orders, candidate.finished_orders, ON_TIME_PRIOR, ON_TIME_PRIOR_ORDERS)
    if not candidate.finished_orders:
        return value, "no_finished_orders", {}
    return value, "on_time", {"on_time": candidate.on_time_orders, "count": candidate.finished_orders}


def _response(wish: Wish, candidate: Candidate) -> Judged:
    speed = NEUTRAL if candidate.answer_minutes is None else 1 / (1 + max(0, candidate.answer_minutes) / 1440)
    answered = min(candidate.answered_lots, candidate.invited_lots)
    value = (speed + bayesian_rating(answered, candidate.invited_lots, ANSWER_PRIOR, ANSWER_PRIOR_LOTS)) / 2
    if candidate.answer_minutes is not None:
        return value, "answers_in", {"hours": max(1, round(candidate.answer_minutes / 60))}
    if candidate.invited_lots:
        return value, "answered_none", {"count": candidate.invited_lots}
    return value, "answers_unknown", {}


def _load(wish: Wish, candidate: Candidate) -> Judged:
    if not candidate.open_orders:
        return 1.0, "no_orders", {}
    return 1 / (1 + candidate.open_orders), "orders", {"open": candidate.open_orders}


_JUDGES: Mapping[str, Callable[[Wish, Candidate], Judged]] = {
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
