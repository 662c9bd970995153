"""What the card of a meeting says, as things stand: to a reader by his own clock, and to employees.

Called by `sent_cards`, `meetings` and `meeting_news`. Reads only; whoever changes a meeting has its cards shown anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from b24app.domain.markup import escape_codes
from b24app.domain.meetings import NONE_OF_THESE
from b24app.i18n import Texts
from storage.models import Meeting, MeetingAnswer, MeetingSlot
from storage.unit_of_work import UnitOfWork

Buttons = list[list[dict[str, str]]]
CHOSEN = "✓"


def slots_of(uow: UnitOfWork, meeting_id: int) -> dict[int, datetime]:
    """Give the proposed moments by the number of each, the earliest first."""
    query = select(MeetingSlot.id, MeetingSlot.starts_at).where(MeetingSlot.meeting_id == meeting_id)
    return {int(number): moment for number, moment in uow.session.execute(query.order_by(MeetingSlot.starts_at))}


def choices_of(uow: UnitOfWork, meeting_id: int) -> dict[str, int]:
    """Give what each side chose last: the number of a time, or NONE_OF_THESE; sides that said nothing are left out."""
    query = select(MeetingAnswer.side, MeetingAnswer.slot_id).where(MeetingAnswer.meeting_id == meeting_id)
    rows = uow.session.execute(query.order_by(MeetingAnswer.id))
    return {side: slot_id or NONE_OF_THESE for side, slot_id in rows}


def words(uow: UnitOfWork, meeting_id: int, side: str, t: Texts) -> str:
    """Give a meeting as BB codes for a reader of a side: what it is about, when, and what is expected of him."""
    meeting = uow.session.get_one(Meeting, meeting_id)
    lines = [_heading(meeting, t)]
    if meeting.state == "proposed":
        slots, choices = slots_of(uow, meeting.id), choices_of(uow, meeting.id)
        lines += [f"• {t.moment(moment)}" for moment in slots.values()]
        lines += [_length(meeting, t), _clock(t), *_standing(slots, choices, _seat(meeting, side), t)]
    else:
        lines += outcome(meeting, t)
    return "\n".join(lines)


def buttons(uow: UnitOfWork, meeting_id: int, side: str, t: Texts) -> Buttons:
    """Give a button for each time to come and one for none of them; once agreed, the one that joins."""
    meeting = uow.session.get_one(Meeting, meeting_id)
    if meeting.state == "agreed":
        return join(meeting, t)
    seat = _seat(meeting, side)
    if meeting.state != "proposed" or seat not in meeting.sides:
        return []
    chosen = choices_of(uow, meeting.id).get(seat)
    rows = [
        [_press(meeting, number, t.moment(moment), is_chosen=number == chosen)]
        for number, moment in slots_of(uow, meeting.id).items()
        if moment > uow.now
    ]
    return [*rows, [_press(meeting, NONE_OF_THESE, t("None of these"), is_chosen=chosen == NONE_OF_THESE)]]


def join(meeting: Meeting, t: Texts) -> Buttons:
    """Give the button that joins a meeting, if it has a link."""
    return [[{"text": t("Join"), "url": meeting.link}]] if meeting.link else []


def _press(meeting: Meeting, number: int, words: str, *, is_chosen: bool) -> dict[str, str]:
    return {"text": f"{CHOSEN} {words}" if is_chosen else words, "data": f"meet:{meeting.id}:{number}"}


def _seat(meeting: Meeting, side: str) -> str:
    """Give the name under which a side was asked: in a conversation with the platform there is one person, whatever his role."""
    return "person" if "person" in meeting.sides else side


def _heading(meeting: Meeting, t: Texts) -> str:
    return f"[b]{escape_codes(t('Online meeting: {subject}', subject=meeting.subject))}[/b]"


def _length(meeting: Meeting, t: Texts) -> str:
    return t("Length: {length}", length=t.tn("{count} minute", "{count} minutes", meeting.minutes))


def _clock(t: Texts) -> str:
    return t("Times by the clock of: {place}", place=t.place(t.zone))


def _standing(slots: Mapping[int, datetime], choices: Mapping[str, int], side: str, t: Texts) -> list[str]:
    """Say what a side chose and what the other did."""
    own = choices.get(side)
    others = [slots[choice] for one, choice in choices.items() if one != side and choice in slots]
    if own is None:
        said = [t("Press the time that suits you.")]
    elif own == NONE_OF_THESE:
        said = [t("You said that none of these suits; the manager proposes others.")]
    else:
        said = [t("You chose {time}. Waiting for the other side.", time=t.moment(slots[own]))]
    return said + [t("The other side chose {time}.", time=t.moment(moment)) for moment in others]


def outcome(meeting: Meeting, t: Texts) -> list[str]:
    """Say in lines what became of a meeting."""
    if meeting.state == "agreed" and meeting.starts_at is not None:
        return [t("Agreed: {time}.", time=t.moment(meeting.starts_at)), _length(meeting, t), _clock(t)]
    return [
        {
            "withdrawn": t("The manager withdrew this meeting."),
            "replaced": t("The manager proposed other times."),
        }.get(meeting.state, t("The proposed times have passed."))
    ]


def for_employees(uow: UnitOfWork, meeting: Meeting, t: Texts) -> str:
    """Give a meeting as the record of the conversation keeps it: what is said at this moment, with the link."""
    lines = [_heading(meeting, t)]
    if meeting.state == "proposed":
        lines += [f"• {t.moment(moment)}" for moment in slots_of(uow, meeting.id).values()]
        lines += [_length(meeting, t), _clock(t)]
    else:
        lines += outcome(meeting, t)
    if meeting.link and meeting.state in {"proposed", "agreed"}:
        lines.append(f"[url={meeting.link}]{t('Join')}[/url]")
    return "\n".join(lines)
