"""When a recurring deal comes next. Dates only; knows no portal and no call.

Months and years keep the day where they can: the 31st becomes the last day of a shorter month.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import Any

Setting = dict[str, Any]
TYPES = ("day", "week", "month", "year")
ONCE, MANY = "single", "multiple"


def moved(start: date, kind: str | None, value: int) -> date:
    """A date moved by so many days, weeks, months or years.

    An unknown kind, and a way that leads out of the calendar, leave it where it is.
    """
    try:
        return _moved(start, kind, value)
    except (OverflowError, ValueError):
        return start


def _moved(start: date, kind: str | None, value: int) -> date:
    if kind in {"day", "week"}:
        return start + timedelta(days=value * (7 if kind == "week" else 1))
    if kind not in {"month", "year"}:
        return start
    months = start.year * 12 + start.month - 1 + value * (12 if kind == "year" else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def following(setting: Setting, today: date) -> date | None:
    """The day of the next deal, None when there will be none."""
    if setting["ACTIVE"] != "Y" or _used_up(setting):
        return None
    params = setting["PARAMS"]
    start = date.fromisoformat(setting["START_DATE"]) if setting["START_DATE"] else today
    if params["MODE"] == ONCE:
        shift = -params["SINGLE_BEFORE_START_DATE_VALUE"]
        day: date | None = moved(start, params["SINGLE_BEFORE_START_DATE_TYPE"], shift)
        if setting["made"]:
            day = None
    else:
        day = _repeated(setting, start, today)
    limit = setting["LIMIT_DATE"] if setting["IS_LIMIT"] == "D" else None
    return None if day is None or (limit and day.isoformat() > limit) else day


def _used_up(setting: Setting) -> bool:
    return bool(setting["IS_LIMIT"] == "T" and setting["made"] >= (setting["LIMIT_REPEAT"] or 0))


def _repeated(setting: Setting, start: date, today: date) -> date | None:
    params, last = setting["PARAMS"], setting["last_day"]
    step = params["MULTIPLE_INTERVAL"]
    if params["MULTIPLE_TYPE"] not in TYPES or step <= 0:
        return None
    earliest = max(today, date.fromisoformat(last) + timedelta(days=1)) if last else today
    turn, day = 0, start
    while day < earliest:
        turn += 1
        before, day = day, moved(start, params["MULTIPLE_TYPE"], step * turn)
        if day <= before:
            return None
    return day
