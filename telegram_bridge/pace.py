"""Keeping under Telegram's overall rate of messages. Used by the gateway, the only sender in the cluster."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

BURST = 5


class Pace:
    """Lets `per_second` turns through on average and a few at once; the caller sleeps until its turn."""

    def __init__(
        self,
        per_second: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._interval = 1.0 / per_second
        self._clock, self._sleep = clock, sleep
        self._lock = threading.Lock()
        self._due = 0.0

    def wait(self) -> None:
        """Return when it is this caller's turn."""
        with self._lock:
            now = self._clock()
            turn = max(self._due, now - self._interval * (BURST - 1))
            self._due = turn + self._interval
        if turn > now:
            self._sleep(turn - now)
