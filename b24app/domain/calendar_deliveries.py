"""What is said to the calendars of employees; part of `deliveries`, which lists every message to the outside."""

from __future__ import annotations

from dataclasses import dataclass

from b24app.domain.delivery import Delivery, Network, Repeat


@dataclass(frozen=True, kw_only=True)
class AddCalendarEvent(Delivery):
    """Put an event into an employee's calendar; times are ISO 8601 with zone, `marker` proves it after a lost answer.

    `owner` is the ref whose CRM item it is bound to, if there is one by then.
    """

    network = Network.BITRIX24
    repeat = Repeat.PROVABLE
    user_id: str
    title: str
    text: str
    place: str = ""
    starts_at: str
    ends_at: str
    marker: str
    owner: str = ""


@dataclass(frozen=True, kw_only=True)
class RemoveCalendarEvent(Delivery):
    """Take an event of ours out of a calendar; `marker` names what it was about."""

    network = Network.BITRIX24
    repeat = Repeat.HARMLESS
    event_id: str
    marker: str
