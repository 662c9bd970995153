"""Reviews of an order: who may give one, what it holds, who may reply, what it weighs as it grows old. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from b24app.domain.matching import bayesian_rating

FEWEST, MOST = 1, 5
LOW = 2
"""So many stars, or fewer, call the responsible employee."""
LONGEST = 2000
ASPECTS = {
    "buyer": ("quality", "time", "communication", "described"),
    "factory": ("time", "communication", "described"),
}
"""What each side may mark beside its stars; any may be left out."""
REVIEWED_STATES = frozenset({"shipped", "done"})
"""An order in one of these states can be reviewed by both of its sides."""
HALF_LIFE = timedelta(days=730)
"""After so long a review counts half."""


def may_review(order_state: str) -> bool:
    """Tell whether an order has come far enough to be reviewed."""
    return order_state in REVIEWED_STATES


def faults(side: str, stars: int, text: str, marks: Mapping[str, int]) -> list[str]:
    """Name what is wrong with a side's review: stars, text, an aspect; an empty list when it may be kept."""
    wrong = [] if FEWEST <= stars <= MOST else ["stars"]
    wrong += [] if len(text) <= LONGEST else ["text"]
    known = ASPECTS[side]
    return wrong + [code for code, mark in marks.items() if code not in known or not FEWEST <= mark <= MOST]


def may_reply(review_state: str, *, replied: bool) -> bool:
    """Tell whether the reviewed side may still answer: once, and only what others read."""
    return review_state == "published" and not replied


def too_low(stars: int, rating_now: float, floor: float) -> bool:
    """Tell whether a review just published takes its factory out of the catalogue: itself low, and the rating below the floor.

    A better review never does, so that a factory which a manager published again stays until somebody is unhappy once more.
    """
    return stars <= LOW and rating_now < floor


def weigh(given: Iterable[tuple[int, datetime]], now: datetime) -> tuple[float, float]:
    """Give (sum of weighted stars, sum of weights) of published reviews: (stars, when given); the fresh weigh 1, the old less."""
    total, weight = 0.0, 0.0
    for stars, at in given:
        share = 0.5 ** (max(timedelta(), now - at) / HALF_LIFE)
        total, weight = total + share * stars, weight + share
    return total, weight


def rating(total: float, weight: float, prior: float, prior_count: int) -> float:
    """Give a factory's rating, 1–5: the weighted mean pulled towards `prior`, so that few reviews decide little."""
    return bayesian_rating(total, weight, prior, prior_count)
