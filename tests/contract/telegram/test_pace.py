"""Messages keep Telegram's rates, and stand still when it says so."""

from __future__ import annotations

from telegram_bridge.pace import Pace


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """Give the time."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Move on."""
        self.now += seconds


def test_a_chat_hears_a_burst_and_then_one_a_second() -> None:
    """Three messages pass at once, the fourth is told to wait a second; another chat is not concerned."""
    clock = Clock()
    pace = Pace(30.0, clock=clock, sleep=clock.sleep)
    assert [pace.enter("1") for _ in range(4)] == [0.0, 0.0, 0.0, 1.0]
    assert pace.enter("2") == 0.0
    clock.sleep(1.0)
    assert pace.enter("1") == 0.0


def test_a_group_hears_twenty_a_minute() -> None:
    """However slowly they come, the twenty-first message of a minute has to wait."""
    clock = Clock()
    pace = Pace(30.0, clock=clock, sleep=clock.sleep)
    waits = []
    for _ in range(35):
        waits.append(pace.enter("-100"))
        clock.sleep(1.0)
    assert any(waits)
    assert sum(1 for wait in waits if not wait) <= 20 + 35 // 3


def test_one_refused_chat_waits_alone_and_a_second_stops_everything() -> None:
    """`retry_after` holds the refused chat; when another is refused meanwhile, nothing at all is sent for as long."""
    clock = Clock()
    pace = Pace(30.0, clock=clock, sleep=clock.sleep)
    pace.refused("1", 7.0)
    assert (pace.enter("1"), pace.enter("2"), pace.pause()) == (7.0, 0.0, 0.0)
    pace.refused("2", 5.0)
    assert (pace.enter("3"), pace.pause()) == (5.0, 5.0)
    clock.sleep(7.1)
    assert (pace.enter("1"), pace.enter("3"), pace.pause()) == (0.0, 0.0, 0.0)


def test_the_overall_rate_is_kept() -> None:
    """A hundred turns take as long as the rate says, but for the first few."""
    clock = Clock()
    pace = Pace(10.0, clock=clock, sleep=clock.sleep)
    for _ in range(100):
        pace.wait()
    assert 9.0 < clock.now - 1000.0 < 10.0


def test_a_broadcast_leaves_room_for_whoever_talks() -> None:
    """While a broadcast goes at the full rate a word of a conversation waits for nothing, and the rate is kept all the same."""
    clock = Clock()
    pace = Pace(10.0, clock=clock, sleep=clock.sleep)
    for _ in range(50):
        pace.wait(urgent=False)
    before = clock.now
    pace.wait()
    assert clock.now == before
    for _ in range(50):
        pace.wait(urgent=False)
    assert clock.now - 1000.0 >= (101 - 5) / 10.0
