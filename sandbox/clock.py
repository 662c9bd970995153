"""The settable clock of a world.

Used by everything in the sandbox that stamps, expires or schedules. It runs at real speed from a point that the
control interface can move, so that an hour-long token can be made old in a test without waiting.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class Clock:
    """Wall clock with an adjustable offset; `listeners` are called after each jump."""

    def __init__(self) -> None:
        self.offset = timedelta(0)
        self.listeners: list[Callable[[], None]] = []

    def now(self) -> datetime:
        """The world's present moment, timezone-aware UTC."""
        return datetime.now(UTC) + self.offset

    def timestamp(self) -> float:
        """The world's present moment in Unix seconds."""
        return time.time() + self.offset.total_seconds()

    def set(self, moment: datetime) -> None:
        """Moves the present to `moment` (timezone-aware)."""
        self.offset = moment - datetime.now(UTC)
        self._tell()

    def advance(self, seconds: float) -> None:
        """Moves the present forward (or, with a negative number, back)."""
        self.offset += timedelta(seconds=seconds)
        self._tell()

    def _tell(self) -> None:
        for listener in self.listeners:
            listener()
