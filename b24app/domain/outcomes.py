"""What a gateway says became of one outgoing message, and what that means for its row.

Gateways return these; the dispatchers record them. Pure values.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from b24app.domain.delivery import Delivery, Repeat


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """One outgoing message as a gateway sees it. `attempt` counts from 1; `key` is its idempotency key.

    `sent_at` is when it was last handed to the network.
    """

    row_id: int
    key: str
    lane: str
    attempt: int
    delivery: Delivery
    correlation_id: str = ""
    sent_at: datetime | None = None


@dataclass(frozen=True)
class Done:
    """It happened. `answer` is what the other side said, JSON-able (ids among it)."""

    answer: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class TryLater:
    """It certainly did not happen. `counted` is False when this says nothing about the message itself (a closed gate).

    `code` names what it waits for, where somebody may end the waiting.
    """

    reason: str
    after_seconds: float = 1.0
    counted: bool = True
    code: str = ""


@dataclass(frozen=True)
class Unclear:
    """It may have happened: the answer was lost, or, when `running`, is perhaps still being worked out.

    A look-up that got no answer itself is not `counted`. `raw` is what the other side said, if it said anything.
    """

    reason: str
    counted: bool = True
    running: bool = False
    raw: str = ""


@dataclass(frozen=True)
class Refused:
    """It was refused for good. `code` is the other side's own, `raw` its whole answer."""

    reason: str
    code: str = ""
    raw: str = ""


Outcome = Done | TryLater | Unclear | Refused

MAX_ATTEMPTS = 12
MAX_UNCLEAR = 40
MAX_PROOFS = 5
LONGEST_PAUSE_SECONDS = 300.0


def state_after(outcome: Outcome, repeat: Repeat, attempt: int, proofs: int = 0) -> str:
    """Give the row state that follows an outcome: done, todo, proving, uncertain or dead.

    After an unclear outcome a provable effect is looked up, at most MAX_PROOFS times in vain, a harmless one is simply repeated,
    an unprovable one is left to a person, as is whatever stays unclear for too long.
    """
    if isinstance(outcome, Done):
        return "done"
    if isinstance(outcome, Refused):
        return "dead"
    if isinstance(outcome, Unclear):
        if repeat is Repeat.PROVABLE and proofs < MAX_PROOFS:
            return "proving"
        return "todo" if repeat is Repeat.HARMLESS and attempt < MAX_UNCLEAR else "uncertain"
    return "todo" if attempt < MAX_ATTEMPTS or not outcome.counted else "dead"


def pause_seconds(outcome: Outcome, tries: int) -> float:
    """Give how long a row put back waits: as asked, doubled with each counted try, at most five minutes."""
    asked = outcome.after_seconds if isinstance(outcome, TryLater) else 1.0
    if isinstance(outcome, TryLater) and not outcome.counted:
        return asked
    return min(LONGEST_PAUSE_SECONDS, asked * 2.0 ** min(tries - 1, 10))
