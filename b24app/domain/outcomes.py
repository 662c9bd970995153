"""What a gateway says became of one outgoing message, and what that means for its row.

Gateways return these; the dispatchers record them. Pure values.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from b24app.domain.deliveries import Delivery, Repeat


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """One outgoing message as a gateway sees it. `attempt` counts from 1; `key` is its idempotency key."""

    row_id: int
    key: str
    lane: str
    attempt: int
    delivery: Delivery
    correlation_id: str = ""


@dataclass(frozen=True)
class Done:
    """It happened. `answer` is what the other side said, JSON-able (ids among it)."""

    answer: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class TryLater:
    """It certainly did not happen. `counted` is False when this says nothing about the message itself (a closed gate)."""

    reason: str
    after_seconds: float = 1.0
    counted: bool = True


@dataclass(frozen=True)
class Unclear:
    """It may have happened: the answer was lost."""

    reason: str


@dataclass(frozen=True)
class Refused:
    """It was refused for good. `code` is the other side's own."""

    reason: str
    code: str = ""


Outcome = Done | TryLater | Unclear | Refused

MAX_ATTEMPTS = 12


def state_after(outcome: Outcome, repeat: Repeat, attempt: int) -> str:
    """Give the row state that follows an outcome: done, todo, proving, uncertain or dead.

    After an unclear outcome a provable effect is looked up, a harmless one is simply repeated, an unprovable one is left
    to a person.
    """
    if isinstance(outcome, Done):
        return "done"
    if isinstance(outcome, Refused):
        return "dead"
    if isinstance(outcome, Unclear):
        return {Repeat.PROVABLE: "proving", Repeat.HARMLESS: "todo", Repeat.UNPROVABLE: "uncertain"}[repeat]
    return "todo" if attempt < MAX_ATTEMPTS or not outcome.counted else "dead"


def pause_seconds(outcome: Outcome, attempt: int) -> float:
    """Give how long a row put back waits: as asked, doubled with each try, at most five minutes."""
    asked = outcome.after_seconds if isinstance(outcome, TryLater) else 1.0
    if isinstance(outcome, TryLater) and not outcome.counted:
        return asked
    return min(300.0, asked * 2.0 ** min(attempt - 1, 10))
