"""Working time is counted in hours that pass, whatever the clocks of its zone do."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from b24app.domain.working_time import WorkingTime, read, unreadable

BERLIN = WorkingTime("Europe/Berlin", time(0), time(6), frozenset(range(7)))


@pytest.mark.parametrize(
    ("night", "hours"),
    [(date(2026, 3, 29), 5), (date(2026, 10, 25), 7), (date(2026, 6, 7), 6)],
    ids=["spring", "autumn", "ordinary"],
)
def test_a_night_in_which_the_clocks_change(night: date, hours: int) -> None:
    """From midnight to six there are five hours when clocks go forward and seven when they go back."""
    noon = datetime.combine(night, time(12), UTC)
    assert BERLIN.worked(noon - timedelta(days=1), noon) == timedelta(hours=hours)


def test_the_hour_that_comes_twice_counts_twice() -> None:
    """From the first half past two to the second a whole hour was worked."""
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert BERLIN.worked(first, first + timedelta(hours=1)) == timedelta(hours=1)


def test_a_working_day_is_as_long_in_every_season() -> None:
    """From nine to six are nine hours on the working days around a change of the clocks, and each begins by its own clock."""
    work = WorkingTime("Europe/Berlin")
    friday, monday = datetime(2026, 3, 27, 8, tzinfo=UTC), datetime(2026, 3, 30, 7, tzinfo=UTC)
    assert work.worked(friday, friday + timedelta(hours=12)) == timedelta(hours=9)
    assert work.worked(friday, monday) == timedelta(hours=9)
    assert work.worked(friday, monday + timedelta(minutes=30)) == timedelta(hours=9, minutes=30)


def test_an_hour_that_the_clocks_leave_out_begins_when_they_jump() -> None:
    """Work from half past two, which this night does not have, begins as the clocks read half past three."""
    work = WorkingTime("Europe/Berlin", time(2, 30), time(6), frozenset(range(7)))
    night = datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert work.worked(night, night + timedelta(hours=12)) == timedelta(hours=2, minutes=30)


def test_a_holiday_is_a_day_of_the_zone() -> None:
    """The holiday of Tashkent begins at its midnight, while it is still the evening before in UTC."""
    work = WorkingTime(begins=time(0), ends=time(23), holidays=frozenset({date(2026, 3, 9)}))
    evening = datetime(2026, 3, 8, 19, tzinfo=UTC)
    assert work.worked(evening, evening + timedelta(hours=23)) == timedelta()
    assert work.worked(evening + timedelta(hours=24), evening + timedelta(hours=26)) == timedelta(hours=2)


def test_a_holiday_may_be_one_of_a_zone_alone() -> None:
    """A date with a zone behind it is a day off by that zone's clock and a working day by any other; a mistyped zone is told."""
    holidays = "2026-01-07 Europe/Moscow, 2026-01-08"
    work, day = read("Asia/Tashkent", "09:00-18:00", "1-5", holidays), datetime(2026, 1, 7, tzinfo=UTC)
    worked = [
        work.in_zone(zone).worked(day, day + timedelta(days=1)) for zone in ("Asia/Tashkent", "Europe/Moscow", "?")
    ]
    assert worked == [timedelta(hours=9), timedelta(), timedelta(hours=9)]
    assert work.in_zone("Europe/Moscow").worked(day + timedelta(days=1), day + timedelta(days=2)) == timedelta()
    assert unreadable("", "", "", holidays) == []
    assert unreadable("", "", "", "2026-01-07 Europe/Moskva") == ["work_holidays"]
