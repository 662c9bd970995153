"""Working hours of a zone: how much of a stretch of time somebody could have been at work. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

LONGEST_LOOK = timedelta(days=60)


@dataclass(frozen=True)
class WorkingTime:
    """Hours from `begins` to `ends` on `weekdays` (Monday is 0) except `holidays`, all in `zone`.

    `local_holidays` are (zone, date): days off where that zone's clock is looked at.
    """

    zone: str = "Asia/Tashkent"
    begins: time = time(9)
    ends: time = time(18)
    weekdays: frozenset[int] = frozenset(range(5))
    holidays: frozenset[date] = frozenset()
    local_holidays: frozenset[tuple[str, date]] = frozenset()

    def in_zone(self, zone: str) -> WorkingTime:
        """Give the same hours by the clock, and with the holidays, of another zone; of an unknown one nothing changes."""
        return replace(self, zone=zone) if zone != self.zone and _is_zone(zone) else self

    def worked(self, since: datetime, until: datetime) -> timedelta:
        """Give the working time between two moments; a stretch over 60 days counts by its last 60."""
        zone = ZoneInfo(self.zone)
        start, end = max(since, until - LONGEST_LOOK).astimezone(UTC), until.astimezone(UTC)
        total, day = timedelta(), start.astimezone(zone).date()
        while day <= end.astimezone(zone).date():
            if self._is_worked(day):
                # In UTC, since clocks of one zone are subtracted as they read, also over a night in which they change.
                opened = max(start, datetime.combine(day, self.begins, zone).astimezone(UTC))
                closed = min(end, datetime.combine(day, self.ends, zone).astimezone(UTC))
                total += max(timedelta(), closed - opened)
            day += timedelta(days=1)
        return total

    def _is_worked(self, day: date) -> bool:
        off = day in self.holidays or (self.zone, day) in self.local_holidays
        return day.weekday() in self.weekdays and not off


def read(zone: str, hours: str, weekdays: str, holidays: str) -> WorkingTime:
    """Read what an administrator wrote: `Asia/Tashkent`, `09:00-18:00`, `1-5` or `1,2,6`, `2026-01-01, 2026-03-21`;
    a zone behind a date makes it a holiday of that zone alone: `2026-01-07 Europe/Moscow`.
    What cannot be read is left at its default: a mistyped setting must not stop the reminders.
    """
    default = WorkingTime()
    begins, ends = _hours(hours) or (default.begins, default.ends)
    days = [found for part in holidays.split(",") if (found := _holiday(part))]
    return WorkingTime(
        zone=zone if _is_zone(zone) else default.zone,
        begins=begins,
        ends=ends,
        weekdays=_weekdays(weekdays) or default.weekdays,
        holidays=frozenset(day for where, day in days if not where),
        local_holidays=frozenset(one for one in days if one[0]),
    )


def unreadable(zone: str, hours: str, weekdays: str, holidays: str) -> list[str]:
    """Name what an administrator wrote in a way that nobody can read; an empty text means the default and is fine."""
    days = [part.strip() for part in holidays.split(",") if part.strip()]
    readable = {
        "work_zone": not zone or _is_zone(zone),
        "work_hours": not hours or _hours(hours) is not None,
        "work_weekdays": not weekdays or bool(_weekdays(weekdays)),
        "work_holidays": all(_holiday(part) for part in days),
    }
    return [name for name, fine in readable.items() if not fine]


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return bool(name)


def _hours(text: str) -> tuple[time, time] | None:
    try:
        begins, ends = (time.fromisoformat(part.strip()) for part in text.split("-"))
    except ValueError:
        return None
    return (begins, ends) if begins < ends else None


def _weekdays(text: str) -> frozenset[int]:
    found: set[int] = set()
    for part in text.replace(" ", "").split(","):
        first, _, last = part.partition("-")
        if first.isdigit() and (last or first).isdigit():
            found |= set(range(int(first) - 1, int(last or first)))
    return frozenset(day for day in found if 0 <= day <= 6)


def _holiday(text: str) -> tuple[str, date] | None:
    """Give the zone, empty for every one, and the day."""
    day, _, zone = text.strip().partition(" ")
    try:
        return (zone, date.fromisoformat(day)) if not zone or _is_zone(zone) else None
    except ValueError:
        return None
