"""Events in the calendars of employees. Pure; called by the gateway.

Documentation: calendar.event.add, calendar.event.get, calendar.event.delete. An event takes no id of ours, so a marker at the end of
its description proves it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from b24app.bitrix24.client import Command
from b24app.bitrix24.surroundings import Surroundings
from b24app.domain.calendar_deliveries import AddCalendarEvent, RemoveCalendarEvent
from b24app.domain.outcomes import Done, Outcome, Refused, TryLater
from b24app.errors import Rejected

PREFIXES = {1: "L", 2: "D", 3: "C", 4: "CO"}
"""How an event names a CRM item of a type."""
REMINDERS = ({"type": "min", "count": 15}, {"type": "day", "count": 1})


def _mark(marker: str) -> str:
    return f"({marker})"


def add(delivery: AddCalendarEvent, around: Surroundings) -> Command:
    """Give calendar.event.add for the employee's own calendar, bound to the CRM item where there is one."""
    params = {
        "type": "user",
        "ownerId": delivery.user_id,
        "from": delivery.starts_at,
        "to": delivery.ends_at,
        "name": delivery.title,
        "description": f"{delivery.text}\n{delivery.place}\n{_mark(delivery.marker)}",
        "location": delivery.place,
        "accessibility": "busy",
        "is_meeting": "N",
        "remind": list(REMINDERS),
    }
    link = around.links.get(delivery.owner)
    if link is not None and link.entity_type_id in PREFIXES:
        params["crm_fields"] = [f"{PREFIXES[link.entity_type_id]}_{link.entity_id}"]
    return Command("calendar.event.add", params)


def added(delivery: AddCalendarEvent, result: Any, around: Surroundings) -> Outcome:
    """Read the id of an event."""
    return Done({"event_id": str(int(result))})


def lookup(delivery: AddCalendarEvent, around: Surroundings) -> Command:
    """Give the call that lists the employee's events around that day."""
    day = datetime.fromisoformat(delivery.starts_at)
    begin, end = ((day + timedelta(days=days)).date().isoformat() for days in (-1, 2))
    return Command("calendar.event.get", {"type": "user", "ownerId": delivery.user_id, "from": begin, "to": end})


def found(delivery: AddCalendarEvent, result: Any, around: Surroundings) -> Outcome:
    """Tell whether one of them carries the marker."""
    for row in result or ():
        if _mark(delivery.marker) in str(row.get("DESCRIPTION", "")):
            return Done({"event_id": str(row["ID"]), "found": True})
    return TryLater("The event is not there.", after_seconds=0.0)


def remove(delivery: RemoveCalendarEvent, around: Surroundings) -> Command:
    """Give calendar.event.delete."""
    return Command("calendar.event.delete", {"id": delivery.event_id})


def gone(error: Rejected) -> Outcome:
    """Take an event that cannot be deleted for one that the employee deleted himself: the portal answers both alike, without a code."""
    return Done({"gone": True}) if not error.code else Refused(str(error), error.code, error.body)
