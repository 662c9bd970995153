"""Scores of factories: bounded, repeatable, explained, fair to newcomers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b24app.domain.matching import CRITERIA, TONES, Candidate, Wish, bayesian_rating, score
from b24app.services.industries import pack

WEIGHTS = dict(pack().weights)
WISH = Wish(segment="tshirts", quantity=20000, unit="pcs", days=60, target_minor=350, target_currency="USD")
GOOD = Candidate(
    segments=("tshirts",),
    unit="pcs",
    moq=1000,
    capacity_per_month=60000,
    lead_time_days=30,
    verified=True,
    rating=4.0,
    rating_count=0,
)

candidates = st.builds(
    Candidate,
    segments=st.lists(st.sampled_from(["tshirts", "denim", "home", "yarn"]), unique=True).map(tuple),
    unit=st.sampled_from(["pcs", "kg"]),
    moq=st.integers(0, 10**6),
    capacity_per_month=st.integers(0, 10**7),
    lead_time_days=st.integers(0, 730),
    verified=st.booleans(),
    rating=st.floats(0, 5),
    rating_count=st.integers(0, 100),
    usual_price_minor=st.none() | st.integers(1, 10**6),
    usual_price_currency=st.sampled_from(["USD", "RUB", ""]),
    answer_minutes=st.none() | st.integers(0, 10**6),
    invited_lots=st.integers(0, 300),
    answered_lots=st.integers(0, 400),
    finished_orders=st.integers(0, 50),
    on_time_orders=st.integers(0, 50),
    open_orders=st.integers(0, 50),
)


@given(candidates)
def test_a_score_is_between_0_and_100_and_says_why(candidate: Candidate) -> None:
    """Any factory gets 0 to 100 points, one reason for each criterion, and the same twice."""
    found = score(WISH, candidate, WEIGHTS)
    assert 0 <= found.points <= 100
    assert len(found.reasons) == len(CRITERIA)
    assert found == score(WISH, candidate, WEIGHTS)
    order = [(TONES.index(reason.tone), -round(reason.points, 6)) for reason in found.reasons]
    assert order == sorted(order)


@pytest.mark.parametrize(
    "worse",
    [
        {"verified": False},
        {"lead_time_days": 59},
        {"capacity_per_month": 10500},
        {"segments": ("tshirts", "a", "b", "c", "d")},
        {"open_orders": 5},
        {"rating": 2.0, "rating_count": 40},
        {"invited_lots": 40},
        {"answer_minutes": 60 * 24 * 10},
        {"finished_orders": 10, "on_time_orders": 2},
    ],
)
def test_what_is_worse_scores_less(worse: dict[str, Any]) -> None:
    """Each criterion moves the score in the right direction."""
    assert score(WISH, replace(GOOD, **worse), WEIGHTS).points < score(WISH, GOOD, WEIGHTS).points


@pytest.mark.parametrize(
    ("change", "code", "tone"),
    [
        ({}, "specialised", "good"),
        ({}, "capacity_fits", "good"),
        ({}, "no_rating", "plain"),
        ({}, "price_unknown", "plain"),
        ({}, "answers_unknown", "plain"),
        ({}, "no_finished_orders", "plain"),
        ({"capacity_per_month": 11000}, "capacity_tight", "plain"),
        ({"verified": False}, "unverified", "bad"),
        ({"lead_time_days": 30}, "lead_time", "good"),
        ({"lead_time_days": 58}, "lead_time", "plain"),
        ({"lead_time_days": 90}, "lead_time", "bad"),
        ({"rating": 4.6, "rating_count": 9}, "rating", "good"),
        ({"rating": 3.4, "rating_count": 9}, "rating", "plain"),
        ({"rating": 2.1, "rating_count": 9}, "rating", "bad"),
        ({"finished_orders": 10, "on_time_orders": 10}, "on_time", "good"),
        ({"finished_orders": 10, "on_time_orders": 1}, "on_time", "bad"),
        ({"invited_lots": 12}, "answered_none", "bad"),
        ({"open_orders": 2}, "orders", "plain"),
        ({"open_orders": 9}, "orders", "bad"),
    ],
)
def test_a_reason_says_whether_it_speaks_for_the_factory(change: dict[str, Any], code: str, tone: str) -> None:
    """What is unknown is neither praise nor blame; what speaks against a factory is not ticked as if it spoke for it."""
    told = {reason.code: reason.tone for reason in score(WISH, replace(GOOD, **change), WEIGHTS).reasons}
    assert told[code] == tone


@pytest.mark.parametrize(("usual", "tone"), [(300, "good"), (335, "plain"), (480, "bad")])
def test_a_price_is_praised_only_below_the_target(usual: int, tone: str) -> None:
    """A usual price below the target is good, a little above it is neither, far above it is bad."""
    wish = replace(WISH, target_minor=320, target_currency="USD")
    found = score(wish, replace(GOOD, usual_price_minor=usual, usual_price_currency="USD"), WEIGHTS)
    assert [reason.tone for reason in found.reasons if reason.code.startswith("price_")] == [tone]


def test_a_newcomer_is_neither_best_nor_worst() -> None:
    """Without reviews the rating is the prior; one bad review weighs less than many good ones."""
    prior = bayesian_rating(0, 0, 4.0, 5)
    assert prior == 4.0
    assert bayesian_rating(1, 1, 4.0, 5) < prior < bayesian_rating(5 * 40, 40, 4.0, 5)


def test_weights_must_make_100() -> None:
    """A set of weights that does not make 100 is refused."""
    with pytest.raises(ValueError, match="100"):
        score(WISH, GOOD, {"segment": 50})
