"""How an order gets on: which step may follow which, what stage of the pipeline that is, when each step is due. Pure.

The steps are the industry's own and come in its order; of their names only `shipped` and `delivered` mean something here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from b24app.errors import InvalidState

SHIPPED = "shipped"
DELIVERED = "delivered"
REQUIRED_STEPS = frozenset({SHIPPED, DELIVERED})
RUNNING = ("contract", "production", "shipped")
DONE_PERCENT = 100


def must_advance(steps: Sequence[str], reached: str, percent: int, step: str, new_percent: int) -> None:
    """Raise InvalidState unless a report leads on: to a later step, or to no less of the present one."""
    before = steps.index(reached) if reached in steps else -1
    after = steps.index(step)
    if reached == DELIVERED or after < before or (after == before and new_percent < percent):
        raise InvalidState("Progress only goes forward.", code="progress_back")


def state_at(step: str) -> str:
    """Give the state of an order that reached a step."""
    return {"": "contract", SHIPPED: "shipped", DELIVERED: "done"}.get(step, "production")


def due_at(awarded_at: datetime, lead_time_days: int) -> datetime:
    """Give when the last step should be reached: the lead time that the factory promised, from the award."""
    return awarded_at + timedelta(days=lead_time_days)


def step_due(steps: Sequence[str], step: str, awarded_at: datetime, due: datetime) -> datetime:
    """Give when a step should be reached: the steps share the time evenly."""
    return awarded_at + (due - awarded_at) * (steps.index(step) + 1) / len(steps)


def finished(steps: Sequence[str], reached: str, percent: int) -> int:
    """Give how many steps are finished; one under way does not count."""
    return steps.index(reached) + (percent >= DONE_PERCENT) if reached in steps else 0


def late_step(steps: Sequence[str], finished_steps: int, awarded_at: datetime, due: datetime, now: datetime) -> str:
    """Give the earliest step that should be finished by now and is not, or an empty text."""
    for step in steps[finished_steps:]:
        if step_due(steps, step, awarded_at, due) < now:
            return step
    return ""
