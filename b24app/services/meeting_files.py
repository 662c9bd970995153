"""A meeting as a file for anybody's calendar: iCalendar, RFC 5545.

Called by `meeting_news` and the door of files. Holds subject, time and link, never a name: its readers may not know each other.
"""

from __future__ import annotations

from datetime import timedelta

from icalendar import Alarm, Calendar, Event

from b24app.domain.meetings import SOON_BEFORE
from b24app.errors import NotFound
from storage.models import Meeting
from storage.unit_of_work import UnitOfWork

NAME = "meeting.ics"
MIME = "text/calendar"
_MAKER = "-//Marketplace//Meetings//EN"


def calendar(meeting: Meeting) -> str:
    """Give the file of an agreed meeting. NotFound while there is no time to write down."""
    if meeting.state != "agreed" or meeting.starts_at is None:
        raise NotFound(code="meeting")
    event = Event()
    event.add("uid", f"meeting-{meeting.id}-{int(meeting.created_at.timestamp())}")
    event.add("dtstamp", meeting.agreed_at or meeting.created_at)
    event.add("dtstart", meeting.starts_at)
    event.add("dtend", meeting.starts_at + timedelta(minutes=meeting.minutes))
    event.add("summary", meeting.subject)
    if meeting.link:
        event.add("location", meeting.link)
        event.add("url", meeting.link)
    bell = Alarm()
    bell.add("action", "DISPLAY")
    bell.add("description", meeting.subject)
    bell.add("trigger", -SOON_BEFORE)
    event.add_component(bell)
    whole = Calendar()
    whole.add("prodid", _MAKER)
    whole.add("version", "2.0")
    whole.add_component(event)
    content: bytes = whole.to_ical()
    return content.decode()


def of(uow: UnitOfWork, meeting_id: int) -> str:
    """Give the file of a meeting by its number. NotFound."""
    meeting = uow.session.get(Meeting, meeting_id)
    if meeting is None:
        raise NotFound(code="meeting")
    return calendar(meeting)
