"""The best schedule that a portal's limits allow: what a drain of the outbox is compared with.

Called by the benchmark of draining. Knows the limits as documented (settings/performance/limits.md), nothing of how we obey them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

IN_A_BATCH = 50
REQUEST_SECONDS = 60.0
OPERATING_SECONDS = 480.0
WINDOW_SECONDS = 600.0


@dataclass(frozen=True)
class Rules:
    """What the portal lets through: calls drained a second, the brim, and the part of it that is kept for people who wait."""

    per_second: float
    burst: float
    reserve: float = 0.0


@dataclass(frozen=True)
class Work:
    """Commands of one method and what one of them costs of its `operating` time."""

    commands: int
    seconds_each: float = 0.0


def best_seconds(work: Mapping[str, Work], rules: Rules) -> float:
    """Give the moment at which the last batch may leave at the earliest, beginning with an empty bucket and fresh budgets.

    Every call takes the fullest batch that exists by then: at most fifty commands and sixty seconds, no method over its budget of the
    window. ValueError when one command alone is over a limit.
    """
    left = {method: one.commands for method, one in work.items() if one.commands}
    spent: dict[str, float] = dict.fromkeys(left, 0.0)
    room = rules.burst - rules.reserve
    level = now = window = 0.0
    while left:
        taken = _fill(left, spent, work)
        if not taken:
            # Every method that is left has used its time up: nothing goes before the window has passed.
            window += WINDOW_SECONDS
            level = max(0.0, level - (window - now) * rules.per_second)
            now, spent = window, dict.fromkeys(left, 0.0)
            if not _fill(dict(left), dict(spent), work):
                raise ValueError("One command alone is over a limit.")
            continue
        wait = max(0.0, (level + 1 - room) / rules.per_second)
        now += wait
        level = max(0.0, level - wait * rules.per_second) + 1
    return now


def _fill(left: dict[str, int], spent: dict[str, float], work: Mapping[str, Work]) -> int:
    """Take one batch out of what is left; answers how many commands it holds."""
    taken, seconds = 0, 0.0
    # The dearest first: they are what a window ends with.
    for method in sorted(left, key=lambda name: -work[name].seconds_each):
        cost = work[method].seconds_each
        count = min(left[method], IN_A_BATCH - taken)
        if cost:
            affordable = min(REQUEST_SECONDS - seconds, OPERATING_SECONDS - spent[method])
            count = min(count, int(affordable / cost + 1e-9))
        taken, seconds = taken + count, seconds + count * cost
        spent[method] += count * cost
        left[method] -= count
        if not left[method]:
            del left[method]
    return taken
