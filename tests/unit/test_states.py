"""What may be done when: companies, lots, offers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b24app.domain import companies, lots, offers, people
from b24app.errors import InvalidState

NOW = datetime(2026, 3, 2, tzinfo=UTC)
ACTIONS = st.lists(
    st.sampled_from(
        ["approve", "request_corrections", "edit", "resubmit", "cancel", "award", "expire", "allow", "decline", "lose"]
    ),
    max_size=12,
)


def walk(start: str, step: Callable[[str, str], str], actions: list[str]) -> list[str]:
    """Give the states a thing passes when every possible action of a list is taken."""
    states = [start]
    for action in actions:
        try:
            states.append(step(states[-1], action))
        except InvalidState:
            continue
    return states


@given(ACTIONS)
def test_a_closed_lot_stays_closed(actions: list[str]) -> None:
    """Whatever is tried, nothing leads out of a closed lot, and nothing is published twice."""
    states = walk("submitted", lots.next_state, actions)
    if "closed" in states:
        assert set(states[states.index("closed") :]) == {"closed"}
    assert states.count("published") <= 1


@given(ACTIONS)
def test_an_offer_is_decided_once(actions: list[str]) -> None:
    """An offer is allowed at most once and never leaves a final state."""
    states = walk("submitted", offers.next_state, actions)
    assert states.count("allowed") <= 1
    for final in ("declined", "awarded", "lost", "withdrawn"):
        if final in states:
            assert set(states[states.index(final) :]) == {final}


@pytest.mark.parametrize(
    ("publication", "state", "subscribed", "shown", "expected"),
    [
        ("hidden", "accepted", True, False, "published"),
        ("published", "accepted", False, False, "hidden"),
        ("hidden", "submitted", True, False, "hidden"),
        ("suspended", "accepted", True, False, "suspended"),
        ("suspended", "accepted", True, True, "published"),
        ("hidden", "accepted", False, True, "unverified_visible"),
        ("unverified_visible", "accepted", False, False, "unverified_visible"),
    ],
)
def test_publication_follows_acceptance_and_subscription(
    publication: str, state: str, subscribed: bool, shown: bool, expected: str
) -> None:
    """A factory is published exactly while accepted and subscribed, unless a manager suspended or showed it."""
    assert companies.publication_after(publication, state, subscribed=subscribed, shown_anyway=shown) == expected


def test_a_grant_ends_at_its_moment() -> None:
    """Verification and subscription hold up to their moment and not beyond."""
    held = companies.standing(
        state="accepted",
        publication="published",
        verified_until=NOW + timedelta(seconds=1),
        subscribed_until=NOW,
        catalogue_until=None,
        now=NOW,
    )
    assert (held.verified, held.subscribed, held.published, held.catalogue) == (True, False, False, False)


@pytest.mark.parametrize(
    ("language", "role", "company", "stage"),
    [
        ("", "", None, "language"),
        ("uz", "", None, "role"),
        ("uz", "factory", None, "questionnaire"),
        ("uz", "factory", "submitted", "submitted"),
        ("ru", "buyer", "changes_requested", "changes_requested"),
        ("ru", "buyer", "accepted", "accepted"),
    ],
)
def test_a_person_is_led_step_by_step(language: str, role: str, company: str | None, stage: str) -> None:
    """Language comes before role, role before the questionnaire."""
    assert people.stage(language, role, company) == stage


@pytest.mark.parametrize(
    ("product", "title"),
    [
        ("Футболки хлопковые с печатью, 180 г/м², размеры от S до XXL, 4 цвета", "Футболки хлопковые с печатью"),
        ("Short", "Short"),
        ("x" * 30 + " " + "y" * 60, "x" * 30 + "…"),
        ("🧶 " + "y" * 90, "🧶 " + "y" * (lots.TITLE_LENGTH - 3) + "…"),
        ("", ""),
    ],
)
def test_a_lot_is_titled_by_its_first_words(product: str, title: str) -> None:
    """A lot is known by the beginning of its description, cut at a sensible place."""
    assert lots.title_of({"product": product}) == title


def test_the_deadline_is_the_wish_or_two_weeks() -> None:
    """A lot takes offers until the end of the day the buyer named by the marketplace's clock, else for two weeks."""
    wished = lots.response_deadline({"respond_by": "2026-03-10"}, NOW, "Asia/Tashkent")
    assert wished == datetime(2026, 3, 10, 18, 59, 59, tzinfo=UTC)
    assert lots.response_deadline({}, NOW, "Asia/Tashkent") == NOW + timedelta(days=14)
    assert lots.takes_offers("published", wished, wished)
    assert not lots.takes_offers("published", wished, wished + timedelta(seconds=1))
