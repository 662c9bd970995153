"""Request limits: the leaky bucket per source address and the `operating` time per method and caller.

Consulted by the HTTP edge and by method execution. The bucket runs on the machine's clock, since it protects real
time; `operating` follows the portal's clock.
"""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from sandbox.portal.errors import RestError

DRAIN_PER_SECOND = 2.0
BLOCK_ABOVE = 50.0
OPERATING_LIMIT_SECONDS = 480.0
BASKET_SECONDS = 60
WINDOW_SECONDS = 600


@dataclass(slots=True)
class Bucket:
    """A counter that leaks."""

    level: float = 0.0
    at: float = 0.0


@dataclass(slots=True)
class Usage:
    """Minute baskets: first call in the minute → seconds spent."""

    baskets: dict[int, list[float]] = field(default_factory=dict)

    def total(self, now: float) -> float:
        """Seconds spent inside the window."""
        for minute in [m for m, (first, _) in self.baskets.items() if first + WINDOW_SECONDS <= now]:
            del self.baskets[minute]
        return sum(spent for _, spent in self.baskets.values())

    def add(self, now: float, seconds: float) -> None:
        """Counts one execution."""
        self.baskets.setdefault(int(now // BASKET_SECONDS), [now, 0.0])[1] += seconds

    def reset_at(self) -> int:
        """When the oldest basket leaves the window, Unix seconds."""
        return int(min((first for first, _ in self.baskets.values()), default=0.0) + WINDOW_SECONDS)


class Limits:
    """Both limits; `factor` 0 switches them off, 1 is real."""

    def __init__(self, mode: str = "off") -> None:
        self.factor = 0.0
        self.drain_per_second = DRAIN_PER_SECOND
        self.block_above = BLOCK_ABOVE
        self.operating_limit = OPERATING_LIMIT_SECONDS
        self.seconds_per_call: dict[str, float] = {}
        self.buckets: dict[str, Bucket] = defaultdict(Bucket)
        self.usage: dict[tuple[str, str], Usage] = defaultdict(Usage)
        self.set({"mode": mode})

    def set(self, wanted: dict[str, Any]) -> None:
        """Keys: mode (real, off or a factor), drain_per_second, block_above, operating_limit_seconds,
        seconds_per_call (method → pretended duration). ValueError when they cannot be understood."""
        mode = str(wanted.get("mode", self.describe()["mode"]))
        named = {"off": 0.0, "real": 1.0}
        self.factor = named[mode] if mode in named else float(mode)
        self.drain_per_second = float(wanted.get("drain_per_second", self.drain_per_second))
        self.block_above = float(wanted.get("block_above", self.block_above))
        self.operating_limit = float(wanted.get("operating_limit_seconds", self.operating_limit))
        self.seconds_per_call = {k.lower(): float(v) for k, v in wanted.get("seconds_per_call", {}).items()}
        self.buckets.clear()
        self.usage.clear()

    def describe(self) -> dict[str, Any]:
        """The limits in force."""
        mode = {0.0: "off", 1.0: "real"}.get(self.factor, str(self.factor))
        return {
            "mode": mode,
            "drain_per_second": self.drain_per_second,
            "block_above": self.block_above,
            "operating_limit_seconds": self.operating_limit,
            "seconds_per_call": self.seconds_per_call,
        }

    def count_request(self, source: str) -> None:
        """Counts one HTTP request. Raises QUERY_LIMIT_EXCEEDED."""
        if not self.factor:
            return
        bucket, now = self.buckets[source], time.monotonic()
        bucket.level = max(0.0, bucket.level - (now - bucket.at) * self.drain_per_second * self.factor)
        bucket.at = now
        if bucket.level + 1 > self.block_above * self.factor:
            raise RestError("QUERY_LIMIT_EXCEEDED", "Too many requests", 503)
        bucket.level += 1

    def check_operating(self, caller: str, method: str, now: float) -> None:
        """Refuses a method whose caller has used it up. Raises OPERATION_TIME_LIMIT."""
        if self.factor and self.usage[caller, method].total(now) > self.operating_limit:
            raise RestError("OPERATION_TIME_LIMIT", "Method is blocked due to operation time limit.", 429)

    def count_operating(self, caller: str, method: str, now: float, seconds: float) -> tuple[float, int]:
        """Counts one execution; the accumulated seconds and the moment of the next reset."""
        usage = self.usage[caller, method]
        usage.add(now, self.seconds_per_call.get(method, seconds))
        return usage.total(now), usage.reset_at()
