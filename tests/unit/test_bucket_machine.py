"""Several processes share one bucket against a portal that counts in whole seconds: nothing let through is refused."""

from __future__ import annotations

import math

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from b24app.domain.buckets import Bucket, Level, take

RATE, BURST, RESERVE = 2.0, 50.0, 5.0
BRIM = BURST - RATE
"""As the pacing of calls sets it: right before the portal's counter falls it is one second's worth higher than ours."""


class OneBucket(RuleBasedStateMachine):
    """Visitors and background work ask for turns; the portal's counter falls once a second by a whole second's worth."""

    def __init__(self) -> None:
        super().__init__()
        self.bucket = Bucket(RATE, BRIM, RESERVE)
        self.level = Level()
        self.now = 0.0
        self.portal = 0.0
        self.fallen_at = 0

    @rule(seconds=st.one_of(st.floats(0, 0.6), st.floats(0, 40)))
    def time_passes(self, seconds: float) -> None:
        """The clock goes on."""
        self.now += seconds
        whole = math.floor(self.now)
        self.portal = max(0.0, self.portal - (whole - self.fallen_at) * RATE)
        self.fallen_at = whole

    @rule(urgent=st.booleans(), calls=st.integers(1, 60))
    def many_ask(self, urgent: bool, calls: int) -> None:
        """Somebody makes calls as fast as he may."""
        for _ in range(calls):
            before = self.level
            self.level, wait = take(self.level, self.bucket, self.now, urgent=urgent)
            if wait:
                assert self.level.calls <= before.calls
                return
            self.portal += 1
            assert urgent or self.level.calls <= BRIM - RESERVE + 1e-6

    @rule()
    def one_waits_as_told(self) -> None:
        """Whoever waits as long as he was told passes then, and waits no longer than one call needs to drain."""
        _, wait = take(self.level, self.bucket, self.now, urgent=True)
        assert wait <= 1 / RATE + 1e-6 or self.level.calls > BRIM
        self.time_passes(wait + 1e-6)
        self.many_ask(urgent=True, calls=1)

    @rule()
    def the_portal_says_that_it_is_used_up(self) -> None:
        """Somebody else used the portal: our count is believed to be full from then on."""
        self.level = Level(BRIM, self.now)

    @invariant()
    def the_portal_refuses_nothing(self) -> None:
        """Its counter never passes the brim by calls of ours."""
        assert self.portal <= BURST + 1e-6


def test_a_shared_bucket_is_never_overfilled() -> None:
    """Over every rhythm of visitors and background work, the portal would have answered each call."""
    run_state_machine_as_test(OneBucket, settings=settings(max_examples=60, stateful_step_count=40, deadline=None))
