"""The schedule that draining is compared with is the best that the limits allow, and none better."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.schedule import Rules, Work, best_seconds

RULES = Rules(per_second=2.0, burst=50.0, reserve=5.0)


@given(st.integers(1, 60_000))
def test_cheap_commands_wait_for_the_rate_alone(commands: int) -> None:
    """Full batches leave at once up to the brim without the reserve, then two a second."""
    calls = -(-commands // 50)
    assert best_seconds({"m": Work(commands)}, RULES) == pytest.approx(max(0.0, (calls - 45) / 2))


def test_a_request_lasts_a_minute_at_most() -> None:
    """Commands of ten seconds go six in a batch."""
    work = {"slow": Work(6, 10.0)}
    assert best_seconds(work, Rules(2.0, 1.0)) == 0.0
    assert best_seconds({"slow": Work(7, 10.0)}, Rules(2.0, 1.0)) == pytest.approx(0.5)


def test_a_method_rests_when_its_time_is_used_up() -> None:
    """What is over eight minutes of a method's own time waits for the next ten minutes; cheap ones do not wait for it."""
    assert best_seconds({"dear": Work(480, 1.0), "cheap": Work(1000)}, RULES) < 600
    assert best_seconds({"dear": Work(481, 1.0), "cheap": Work(1000)}, RULES) == pytest.approx(600.0)


def test_what_can_never_go_is_an_error() -> None:
    """A command that alone takes longer than a request may last is not waited for."""
    with pytest.raises(ValueError, match="over a limit"):
        best_seconds({"endless": Work(1, 61.0)}, RULES)
