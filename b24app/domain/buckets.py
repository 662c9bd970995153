"""The leaky bucket by which the other side limits us, as arithmetic.

Every call adds one to the level, which drains at a steady rate; a call that would lift it over the brim is refused. Bitrix24
documents it as 2 a second over 50 (5 over 250 on Enterprise); Telegram's limits have the same shape. Pure: the moment is handed in.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Bucket:
    """`rate` is calls drained a second, `burst` the brim, `reserve` the room kept free for people who wait."""

    rate: float
    burst: float
    reserve: float = 0.0


@dataclass(frozen=True)
class Level:
    """How full a bucket was at a moment, in seconds of any one clock."""

    calls: float = 0.0
    at: float = 0.0


def drained(level: Level, bucket: Bucket, now: float) -> Level:
    """Give the level at `now`. A clock that went back drains nothing; by more than a full bucket lasts, it says nothing of the level.

    Then the bucket begins empty: a refusal by the other side would fill it.
    """
    if level.at - now > bucket.burst / bucket.rate:
        return Level(0.0, now)
    elapsed = max(0.0, now - level.at)
    return Level(max(0.0, level.calls - elapsed * bucket.rate), max(now, level.at))


def take(level: Level, bucket: Bucket, now: float, *, calls: int = 1, urgent: bool = False) -> tuple[Level, float]:
    """Give the level after `calls` were let through and 0, or the level unchanged and the seconds to wait first.

    Only the urgent may use the reserve. More calls than fit into an empty bucket wait until it is empty.
    """
    current = drained(level, bucket, now)
    brim = bucket.burst if urgent else max(1.0, bucket.burst - bucket.reserve)
    over = current.calls + calls - brim
    if over <= 1e-9 or current.calls <= 1e-9:
        return Level(current.calls + calls, current.at), 0.0
    return current, min(over, current.calls) / bucket.rate
