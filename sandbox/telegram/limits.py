"""How often a bot may send: overall, per chat, per group. Off by default; measured in real seconds.

Asked by the server before each call that sends. Knows nothing of messages.
"""

from __future__ import annotations

import math
import time
from dataclasses import asdict, dataclass
from typing import Any

from sandbox.telegram.errors import too_many_requests

SENDING_PREFIXES = ("send", "copy", "forward")
_FREE = {"sendchataction", "sendmessagedraft", "sendrichmessagedraft"}


@dataclass
class Rates:
    """Sustained rates and the bursts that pass at once."""

    overall_per_second: float = 30
    chat_per_second: float = 1
    chat_burst: float = 3
    group_per_minute: float = 20

    def scaled(self, factor: float) -> Rates:
        """The same rates, ``factor`` times as generous."""
        if factor <= 0:
            raise ValueError("limits are real, off or a positive factor")
        return Rates(**{name: rate * factor for name, rate in asdict(self).items()})


class Limits:
    """Token buckets per bot and per chat."""

    def __init__(self, mode: str = "off") -> None:
        self.rates = Rates()
        self.enabled = False
        self._buckets: dict[tuple[int, str], tuple[float, float]] = {}
        self.change({"mode": mode})

    def forget(self) -> None:
        """Fills all buckets."""
        self._buckets.clear()

    def describe(self) -> dict[str, Any]:
        """What the control interface shows."""
        return {"mode": "real" if self.enabled else "off", **asdict(self.rates)}

    def change(self, wanted: dict[str, Any]) -> None:
        """Takes ``mode`` (real, off, or a factor of the real rates) and single rates; ValueError otherwise."""
        if "mode" in wanted:
            mode = str(wanted["mode"])
            self.enabled = mode != "off"
            self.rates = Rates() if mode in {"real", "off"} else Rates().scaled(float(mode))
        for name in asdict(self.rates):
            if name in wanted:
                setattr(self.rates, name, float(wanted[name]))
        self._buckets.clear()

    def counts(self, method: str) -> bool:
        """True for methods that put messages into chats."""
        return method.startswith(SENDING_PREFIXES) and method not in _FREE

    def take(self, bot_id: int, chat_id: str, count: int = 1) -> None:
        """Counts one call that sends ``count`` messages; raises 429 with the pause when a bucket is empty."""
        if not self.enabled:
            return
        group = chat_id.startswith(("-", "@"))
        checks: list[tuple[str, float, float]] = [("all", self.rates.overall_per_second, self.rates.overall_per_second)]
        checks.append((chat_id, self.rates.chat_per_second, self.rates.chat_burst))
        if group:
            checks.append((f"group {chat_id}", self.rates.group_per_minute / 60, self.rates.group_per_minute))
        now = time.monotonic()
        waits = [self._wait((bot_id, name), rate, burst, count) for name, rate, burst in checks]
        if max(waits) > 0:
            raise too_many_requests(max(1, math.ceil(max(waits))))
        for name, rate, burst in checks:
            level, since = self._buckets.get((bot_id, name), (burst, now))
            level = min(burst, level + (now - since) * rate)
            self._buckets[bot_id, name] = (level - count, now)

    def _wait(self, bucket: tuple[int, str], rate: float, burst: float, count: int) -> float:
        now = time.monotonic()
        level, since = self._buckets.get(bucket, (burst, now))
        level = min(burst, level + (now - since) * rate)
        need = min(count, burst)
        return (need - level) / rate if level < need else 0.0
