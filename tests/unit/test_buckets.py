"""The leaky bucket never lets through what the other side would refuse, and never waits longer than needed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from b24app.domain.buckets import Bucket, Level, drained, take

BUCKET = Bucket(rate=2.0, burst=50.0, reserve=5.0)


class OtherSide:
    """Counts as the documentation says: a call over the brim is refused."""

    def __init__(self, bucket: Bucket) -> None:
        self.bucket, self.level, self.at = bucket, 0.0, 0.0

    def accepts(self, now: float) -> bool:
        """Count a call; answers False where QUERY_LIMIT_EXCEEDED would come."""
        self.level = max(0.0, self.level - (now - self.at) * self.bucket.rate)
        self.at = now
        if self.level + 1 > self.bucket.burst + 1e-6:
            return False
        self.level += 1
        return True


@given(st.lists(st.tuples(st.floats(0, 3), st.booleans()), max_size=200))
def test_nothing_let_through_is_refused(steps: list[tuple[float, bool]]) -> None:
    """Whatever the rhythm of calls, those the bucket lets through are accepted by the other side."""
    side, level, now = OtherSide(BUCKET), Level(), 0.0
    for pause, urgent in steps:
        now += pause
        level, wait = take(level, BUCKET, now, urgent=urgent)
        if not wait:
            assert side.accepts(now)


@given(st.floats(0, 50), st.floats(0.001, 100))
def test_waiting_as_long_as_told_is_enough_and_not_too_long(calls: float, now: float) -> None:
    """After the stated wait the call passes; a little earlier it would not have."""
    level = Level(calls, now)
    _, wait = take(level, BUCKET, now, urgent=True)
    assert take(level, BUCKET, now + wait + 1e-6, urgent=True)[1] == 0
    if wait > 0.01:
        assert take(level, BUCKET, now + wait - 0.005, urgent=True)[1] > 0


def test_the_reserve_is_kept_for_those_who_wait() -> None:
    """With the ordinary room used up, a person's call still passes and a background call does not."""
    level = Level(45.0, 10.0)
    assert (take(level, BUCKET, 10.0)[1] > 0, take(level, BUCKET, 10.0, urgent=True)[1]) == (True, 0.0)


def test_a_clock_that_went_back_drains_nothing() -> None:
    """A machine whose clock is behind does not empty the bucket for the others."""
    assert drained(Level(10.0, 100.0), BUCKET, 90.0) == Level(10.0, 100.0)


def test_a_clock_set_back_does_not_close_the_gate() -> None:
    """A full bucket noted by a clock that was an hour ahead keeps nobody waiting for that hour."""
    assert take(Level(50.0, 7200.0), BUCKET, 3600.0) == (Level(1.0, 3600.0), 0.0)
