"""When a person does not want to be disturbed. Pure: hours are whole hours of the person's own day."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

NOTICE_KINDS = ("lots", "offers", "orders", "reminders", "team")
"""What can be switched off. Whatever concerns the account itself always arrives."""


ZONES = (
    "Asia/Tashkent",
    "Asia/Almaty",
    "Asia/Bishkek",
    "Asia/Dushanbe",
    "Asia/Ashgabat",
    "Asia/Yekaterinburg",
    "Asia/Novosibirsk",
    "Europe/Moscow",
    "Europe/Minsk",
    "Europe/Istanbul",
    "Asia/Baku",
    "Asia/Tbilisi",
    "Asia/Dubai",
    "Asia/Kolkata",
    "Asia/Shanghai",
    "Europe/Warsaw",
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
)
"""The zones a person may choose from, those nearest to the trade first."""


def quiet_until(now: datetime, start_hour: int | None, end_hour: int | None, zone: str) -> datetime | None:
    """Give the end of the quiet hours that `now` falls into, or None outside them. The hours may reach over midnight."""
    if start_hour is None or end_hour is None or start_hour == end_hour:
        return None
    local = now.astimezone(ZoneInfo(zone))
    end = local.replace(hour=end_hour, minute=0, second=0, microsecond=0)
    if start_hour < end_hour:
        return end if start_hour <= local.hour < end_hour else None
    if local.hour >= start_hour:
        return end + timedelta(days=1)
    return end if local.hour < end_hour else None
