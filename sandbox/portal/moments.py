"""Dates in parameters: the spellings that the portal reads, as ISO text in its own zone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sandbox.portal.portal import ZONE

PATTERNS = ("%d.%m.%Y %H:%M:%S%z", "%d.%m.%Y %H:%M%z", "%d.%m.%Y%z", "%m/%d/%Y %I:%M:%S %p%z", "%m/%d/%Y%z")


def parse(value: Any) -> datetime | None:
    """A moment in the portal's zone, None when the text is no date; a text without a zone is in the portal's."""
    text = str(value or "").strip()
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        return _by_pattern(text)
    try:
        return (parsed if parsed.tzinfo else parsed.replace(tzinfo=ZONE)).astimezone(ZONE)
    except OverflowError:
        return None


def _by_pattern(text: str) -> datetime | None:
    for pattern in PATTERNS:
        try:
            return datetime.strptime(f"{text}+0300", pattern).astimezone(ZONE)
        except ValueError:
            continue
    return None


def iso(moment: datetime) -> str:
    """A moment as methods print it."""
    return moment.astimezone(ZONE).isoformat(timespec="seconds")


def later(text: str, **delta: float) -> str:
    """An ISO text moved by a `timedelta`."""
    return iso(datetime.fromisoformat(text) + timedelta(**delta))
