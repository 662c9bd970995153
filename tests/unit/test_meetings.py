"""The rules by which a meeting is arranged."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b24app.domain import meetings
from b24app.domain.meetings import KEPT, NONE_OF_THESE, Proposal, Verdict
from b24app.domain.quiet import ZONES

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SLOTS = {11: NOW + timedelta(hours=1), 12: NOW + timedelta(days=1), 13: NOW - timedelta(minutes=1)}
PRESSES = st.lists(
    st.tuples(st.sampled_from(["buyer", "factory"]), st.sampled_from([NONE_OF_THESE, 11, 12, 13, 99])), max_size=12
)


def _proposal(state: str = "proposed", **choices: int) -> Proposal:
    return Proposal(state=state, sides=("buyer", "factory"), slots=SLOTS, choices=choices)


@given(PRESSES)
def test_a_meeting_is_agreed_when_all_sides_last_chose_the_same_time(presses: list[tuple[str, int]]) -> None:
    """However the sides press, it is agreed with the first press that makes their last choices equal, on a time to come, and for good."""
    choices: dict[str, int] = {}
    state = "proposed"
    for side, slot in presses:
        verdict = meetings.pressed(_proposal(state, **choices), side, slot, NOW)
        if state == "agreed":
            assert verdict is Verdict.SETTLED
            continue
        assert (verdict in KEPT) == (slot in (NONE_OF_THESE, 11, 12))
        if verdict in KEPT:
            choices[side] = slot
        same = len(choices) == 2 and len(set(choices.values())) == 1 and slot != NONE_OF_THESE
        assert (verdict is Verdict.AGREED) == (same and verdict in KEPT)
        state = "agreed" if verdict is Verdict.AGREED else state


@pytest.mark.parametrize(
    ("proposal", "slot", "expected"),
    [
        (_proposal(), 11, Verdict.WAITING),
        (_proposal(factory=NONE_OF_THESE), 11, Verdict.WAITING),
        (_proposal(factory=12), 11, Verdict.DIFFERENT),
        (_proposal(factory=11), 11, Verdict.AGREED),
        (_proposal(), NONE_OF_THESE, Verdict.NONE_FITS),
        (_proposal(), 13, Verdict.LATE),
        (_proposal(), 99, Verdict.UNKNOWN),
        (_proposal("withdrawn", factory=11), 11, Verdict.WITHDRAWN),
        (_proposal("replaced"), 11, Verdict.WITHDRAWN),
        (_proposal("lapsed"), NONE_OF_THESE, Verdict.LATE),
        (_proposal("agreed"), 12, Verdict.SETTLED),
        (Proposal(state="proposed", sides=("buyer",), slots=SLOTS, choices={}), 11, Verdict.AGREED),
    ],
)
def test_a_press_of_the_buyer(proposal: Proposal, slot: int, expected: Verdict) -> None:
    """Each situation has its answer; a side asked alone agrees by itself."""
    assert meetings.pressed(proposal, "buyer", slot, NOW) is expected


@given(st.datetimes(*map(datetime.fromisoformat, ("2026-01-01", "2028-01-01"))), st.sampled_from(ZONES))
def test_a_clock_is_read_back_as_written(local: datetime, zone: str) -> None:
    """The moment of a time in a zone shows that very time there; only times that no clock ever shows have none."""
    moment = meetings.moment_of(local, zone)
    if moment is None:
        utc = local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
        assert utc.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != local
    else:
        assert moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == local


def test_a_time_that_clocks_leave_out_is_none() -> None:
    """In the night of the change of clocks an hour does not exist."""
    assert meetings.moment_of(datetime.fromisoformat("2026-03-29T02:30"), "Europe/Berlin") is None


@pytest.mark.parametrize(
    ("hours", "minutes", "expected"),
    [
        ([1, 2, 3, 4, 5], 30, []),
        ([], 30, ["none"]),
        ([1, 2, 3, 4, 5, 6], 30, ["too_many"]),
        ([1, 1], 30, ["twice"]),
        ([0], 30, ["past"]),
        ([24 * 181], 30, ["too_far"]),
        ([1], 31, ["minutes"]),
        ([-1, -1], 0, ["twice", "past", "minutes"]),
    ],
)
def test_what_may_be_proposed(hours: list[int], minutes: int, expected: list[str]) -> None:
    """One to five different times within half a year, of a usual length."""
    assert meetings.faults([NOW + timedelta(hours=hour) for hour in hours], minutes, NOW) == expected


@given(st.integers(-60, 60 * 72), st.integers(0, 60 * 96), st.booleans(), st.booleans())
def test_each_reminder_comes_once_and_in_its_time(left: int, ahead: int, day_told: bool, soon_told: bool) -> None:
    """The day's reminder comes within 24 hours, the last within 15 minutes, neither twice, after the start, or on top of the agreement."""
    starts = NOW + timedelta(minutes=left)
    due = meetings.reminder(starts, starts - timedelta(minutes=ahead), NOW, day_told=day_told, soon_told=soon_told)
    if due == "soon":
        assert (0 < left <= 15, soon_told, ahead > 15) == (True, False, True)
    elif due == "day":
        assert (15 < left <= 24 * 60, day_told, ahead > 24 * 60) == (True, False, True)
    elif 0 < left <= 24 * 60 and ahead > 24 * 60:
        assert soon_told if left <= 15 else day_told
