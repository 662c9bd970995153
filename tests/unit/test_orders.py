"""The way of an order: forward only, by plan."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from b24app.domain import orders
from b24app.errors import InvalidState

STEPS = ["material", "making", "shipped", "delivered"]
AWARDED = datetime(2026, 3, 1, tzinfo=UTC)
DUE = AWARDED + timedelta(days=40)


@pytest.mark.parametrize(
    ("reached", "percent", "step", "more"),
    [("making", 40, "making", 30), ("making", 0, "material", 100), ("delivered", 100, "delivered", 100)],
)
def test_progress_never_goes_back(reached: str, percent: int, step: str, more: int) -> None:
    """Neither an earlier step nor a smaller share of the same one is taken."""
    with pytest.raises(InvalidState):
        orders.must_advance(STEPS, reached, percent, step, more)


def test_a_step_may_be_skipped_and_go_on() -> None:
    """A factory may report a later step at once, or more of the present one."""
    steps = [("", 0), ("making", 10), ("making", 60), ("delivered", 100)]
    refused = [later for earlier, later in pairwise(steps) if not _advances(earlier, later)]
    assert refused == []


def _advances(earlier: tuple[str, int], later: tuple[str, int]) -> bool:
    try:
        orders.must_advance(STEPS, *earlier, *later)
    except InvalidState:
        return False
    return True


def test_the_stage_follows_the_step() -> None:
    """Any step is production until the goods are shipped, and done once they are delivered."""
    assert [orders.state_at(step) for step in ("", *STEPS)] == [
        "contract",
        "production",
        "production",
        "shipped",
        "done",
    ]


@pytest.mark.parametrize(
    ("days", "reached", "percent", "late"),
    [
        (9, "", 0, ""),
        (11, "", 0, "material"),
        (11, "material", 100, ""),
        (11, "material", 50, "material"),
        (41, "shipped", 100, "delivered"),
        (99, "delivered", 100, ""),
    ],
)
def test_lateness_is_told_by_the_plan(days: int, reached: str, percent: int, late: str) -> None:
    """Each step has an even share of the promised time; the first one missed is named."""
    now = AWARDED + timedelta(days=days)
    assert orders.late_step(STEPS, orders.finished(STEPS, reached, percent), AWARDED, DUE, now) == late
