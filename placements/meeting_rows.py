"""The meetings of a conversation as a manager sees them, and what the form for a new one needs.

Called by `conversation_pages`; reads only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from b24app.domain.meetings import LENGTHS, MOST_SLOTS
from b24app.i18n import Texts, texts_in_zone
from b24app.services import meeting_cards, meetings, staff
from storage.models import Conversation, Meeting
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Row:
    """One meeting that people wait for: what it is about, when once agreed, and what each side said."""

    id: int
    subject: str
    agreed: str
    answers: list[tuple[str, str]]


def shown(uow: UnitOfWork, talk: Conversation, language: str) -> dict[str, Any]:
    """Give the meetings that are being arranged or to come, the clocks, the lengths and the places for times."""
    t = texts_in_zone(language, staff.zone(uow))
    return {
        "meetings": [_row(uow, meeting, t) for meeting in meetings.live(uow, talk)],
        "clocks": [(zone, t.place(zone)) for zone in meetings.zones(uow)],
        "lengths": [(minutes, t.tn("{count} minute", "{count} minutes", minutes)) for minutes in LENGTHS],
        "slots": range(1, MOST_SLOTS + 1),
    }


def _row(uow: UnitOfWork, meeting: Meeting, t: Texts) -> Row:
    names = {"buyer": t("Buyer"), "factory": t("Factory"), "person": t("Answer")}
    slots, choices = meeting_cards.slots_of(uow, meeting.id), meeting_cards.choices_of(uow, meeting.id)
    answers = [(names[side], _said(slots, choices, side, t)) for side in meeting.sides]
    agreed = t("Agreed: {time}.", time=t.moment(meeting.starts_at)) if meeting.starts_at else ""
    return Row(meeting.id, meeting.subject, agreed, answers)


def _said(slots: Mapping[int, datetime], choices: Mapping[str, int], side: str, t: Texts) -> str:
    if side not in choices:
        return t("no answer yet")
    return t.moment(slots[choices[side]]) if choices[side] in slots else t("None of these")
