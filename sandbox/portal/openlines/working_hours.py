"""When an open line works: its days, hours, holidays, and what it says outside of them.

Asked by incoming messages when a session begins. Hours are read as `9`, `18.30` or `09:00`, in the line's time zone.
"""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sandbox.portal.call import to_int, to_map
from sandbox.portal.portal import Portal
from sandbox.portal.store import Row

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def works(portal: Portal, line: Row) -> bool:
    """Whether somebody may be expected to answer now; lines without working hours always work."""
    if line.get("WORKTIME_ENABLE") != "Y":
        return True
    now = _local(portal, line)
    if DAYS[now.weekday()] in map(str, to_map(line.get("WORKTIME_DAYOFF")).values()):
        return False
    if now.strftime("%d.%m") in (line.get("WORKTIME_HOLIDAYS") or ()):
        return False
    return _hour(line.get("WORKTIME_FROM")) <= now.time().replace(tzinfo=None) < _hour(line.get("WORKTIME_TO"))


def closed_text(portal: Portal, line: Row) -> str:
    """What the line says to someone who writes outside of its hours; empty when it says nothing."""
    if works(portal, line) or line.get("WORKTIME_DAYOFF_RULE") != "text":
        return ""
    return str(line.get("WORKTIME_DAYOFF_TEXT") or "")


def _local(portal: Portal, line: Row) -> datetime:
    try:
        return portal.now().astimezone(ZoneInfo(str(line.get("WORKTIME_TIMEZONE") or "")))
    except (ZoneInfoNotFoundError, ValueError):
        return portal.now()


def _hour(value: object) -> time:
    hours, _, minutes = str(value or "").replace(":", ".").partition(".")
    return time(min(max(to_int(hours), 0), 23), min(max(to_int(minutes), 0), 59))
