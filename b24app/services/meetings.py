"""Meetings: a manager proposes times, each side that was asked chooses one, and what all chose is agreed.

Called by the desk (`propose`, `withdraw`), the bot and the Mini App (`answer`), the clock (`remind`). May send: cards, a file and
reminders to the sides, notifications and a calendar event to the manager. Errors: NotFound, InvalidState, InvalidInput (by field).
Everything that changes a meeting holds its conversation, so that two presses at once come one after the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from b24app.domain import links
from b24app.domain import meetings as rules
from b24app.domain.answers import tidy
from b24app.domain.meetings import Proposal, Verdict
from b24app.domain.quiet import ZONES
from b24app.errors import InvalidInput, InvalidState, NotFound
from b24app.i18n import texts
from b24app.services import audit, conversations, invoice_links, meeting_cards, meeting_news, messages, portals, staff
from b24app.services.spoken import SpokenByManager
from storage.holding import HELD
from storage.models import Conversation, Meeting, MeetingAnswer, MeetingSlot, Person
from storage.unit_of_work import UnitOfWork

AT_ONCE = 200


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a manager proposes: `locals` are times by the clock of `zone`, `side` is buyer, factory or both, `instead_of` a meeting or 0."""

    subject: str
    link: str
    zone: str
    minutes: int
    locals: Sequence[datetime]
    side: str
    instead_of: int = 0


def zones(uow: UnitOfWork) -> list[str]:
    """Give the clocks by which a manager may write times, his own first."""
    return list(dict.fromkeys((staff.zone(uow), *ZONES)))


def propose(
    uow: UnitOfWork, conversation: Conversation, wish: Wish, *, user_id: str, key: str, language: str
) -> Meeting:
    """Propose a meeting to the chosen sides; the same `key` again changes nothing.

    InvalidInput for times, subject or link that cannot be, in the manager's language; InvalidState when a side cannot be reached.
    """
    talk = conversations.locked(uow, conversation.id)
    pressed_before = select(Meeting).where(Meeting.conversation_id == talk.id, Meeting.key == key)
    known = uow.session.scalars(pressed_before).first()
    if known is not None:
        return known
    moments, subject = _sound(uow, wish, language)
    sides = _sides(uow, talk, wish.side)
    earlier = of_conversation(uow, talk, wish.instead_of) if wish.instead_of else None
    if earlier is not None:
        _end(uow, talk, earlier, "replaced")
    meeting = Meeting(
        conversation_id=talk.id,
        user_id=user_id,
        subject=subject,
        link=wish.link,
        zone=wish.zone,
        minutes=wish.minutes,
        sides=sides,
        state="proposed",
        event_id="",
        changes=0,
        key=key,
        created_at=uow.now,
    )
    uow.session.add(meeting)
    uow.session.flush()
    uow.session.add_all(MeetingSlot(meeting_id=meeting.id, starts_at=moment) for moment in moments)
    uow.session.flush()
    _say(uow, talk, meeting, "proposed")
    audit.record(uow, f"user/{user_id}", "meeting_proposed", f"meeting/{meeting.id}")
    return meeting


def _sound(uow: UnitOfWork, wish: Wish, language: str) -> tuple[list[datetime], str]:
    """Give the moments in order and the subject. InvalidInput."""
    t = texts(language)
    if wish.zone not in zones(uow):
        raise InvalidInput(fields={"zone": [t("Choose a clock from the list.")]})
    moments = [rules.moment_of(local, wish.zone) for local in wish.locals]
    known = sorted(moment for moment in moments if moment is not None)
    words = {
        "none": t("Choose at least one time."),
        "too_many": t("Five times at most."),
        "twice": t("One time stands there twice."),
        "past": t("A time has passed already."),
        "too_far": t("A time is more than half a year away."),
        "minutes": t("Choose a length from the list."),
    }
    faults = [words[name] for name in rules.faults(known, wish.minutes, uow.now)]
    if len(known) < len(moments):
        faults = [t("A time does not exist there: the clocks are changed in that night.")]
    subject = tidy(wish.subject, lines=False)
    if not 0 < len(subject) <= rules.LONGEST_SUBJECT:
        faults.append(t("Say in a few words what the meeting is about."))
    if wish.link and not links.is_safe(wish.link):
        faults.append(invoice_links.address_fault(language))
    if faults:
        raise InvalidInput(fields={"slots": faults})
    return known, subject


def _sides(uow: UnitOfWork, talk: Conversation, side: str) -> list[str]:
    """Give the sides to be asked. InvalidState when somebody whose answer is needed can be reached by nobody."""
    asked = ["person"] if talk.kind == "help" else ["buyer", "factory"] if side == "both" else [side]
    if not all(conversations.people_on(uow, talk, one) for one in asked):
        raise InvalidState("Nobody can be reached on Telegram on a side that is to be asked.", code="nobody_there")
    return asked


def answer(uow: UnitOfWork, person: Person, meeting_id: int, slot: int) -> tuple[Meeting, Verdict]:
    """Take a press of one of the times, or of none of them (0). NotFound for a meeting or a time that the person was not asked for."""
    found = uow.session.get(Meeting, meeting_id)
    if found is None:
        raise NotFound(code="meeting")
    talk = conversations.locked(uow, conversations.get_for(uow, person, found.conversation_id).id)
    meeting = uow.session.get_one(Meeting, meeting_id, populate_existing=True)
    side = "person" if talk.kind == "help" else conversations.side_of(uow, person, talk)
    if side not in meeting.sides:
        raise NotFound(code="meeting")
    proposal = _proposal(uow, meeting)
    verdict = rules.pressed(proposal, side, slot, uow.now)
    if verdict is Verdict.UNKNOWN:
        raise NotFound(code="meeting")
    if verdict in rules.KEPT and proposal.choices.get(side) != slot:
        given = MeetingAnswer(
            meeting_id=meeting.id, side=side, person_id=person.id, slot_id=slot or None, answered_at=uow.now
        )
        _keep(uow, talk, meeting, given, verdict)
    return meeting, verdict


def _proposal(uow: UnitOfWork, meeting: Meeting) -> Proposal:
    slots, choices = meeting_cards.slots_of(uow, meeting.id), meeting_cards.choices_of(uow, meeting.id)
    return Proposal(state=meeting.state, sides=meeting.sides, slots=slots, choices=choices)


def _keep(uow: UnitOfWork, talk: Conversation, meeting: Meeting, given: MeetingAnswer, verdict: Verdict) -> None:
    uow.session.add(given)
    uow.session.flush()
    if verdict is Verdict.AGREED:
        _agree(uow, talk, meeting, f"person/{given.person_id}", given.slot_id or 0)
        return
    meeting_news.shown_anew(uow, talk, meeting)
    if verdict is not Verdict.WAITING:
        meeting_news.manager(uow, talk, meeting, verdict.value)


def _agree(uow: UnitOfWork, talk: Conversation, meeting: Meeting, actor: str, slot: int) -> None:
    meeting.state, meeting.agreed_at = "agreed", uow.now
    meeting.starts_at = uow.session.get_one(MeetingSlot, slot).starts_at
    meeting_news.shown_anew(uow, talk, meeting)
    _say(uow, talk, meeting, "agreed")
    meeting_news.files(uow, talk, meeting)
    meeting_news.calendar(uow, talk, meeting)
    meeting_news.manager(uow, talk, meeting, "agreed")
    audit.record(uow, actor, "meeting_agreed", f"meeting/{meeting.id}")


def withdraw(uow: UnitOfWork, conversation: Conversation, meeting_id: int, actor: str) -> Meeting:
    """Call a meeting off, proposed or agreed, and tell everybody. NotFound for another conversation's, InvalidState when it is over."""
    talk = conversations.locked(uow, conversation.id)
    meeting = of_conversation(uow, talk, meeting_id)
    _end(uow, talk, meeting, "withdrawn")
    _say(uow, talk, meeting, "withdrawn")
    audit.record(uow, actor, "meeting_withdrawn", f"meeting/{meeting.id}")
    return meeting


def of_conversation(uow: UnitOfWork, talk: Conversation, meeting_id: int) -> Meeting:
    """Find a meeting of a conversation, as it stands now. NotFound."""
    # Held: its event may come to stand in the calendar at this very moment.
    meeting = uow.session.get(Meeting, meeting_id, populate_existing=True, with_for_update=HELD)
    if meeting is None or meeting.conversation_id != talk.id:
        raise NotFound(code="meeting")
    return meeting


def _end(uow: UnitOfWork, talk: Conversation, meeting: Meeting, state: str) -> None:
    if not is_live(uow, meeting):
        raise InvalidState("This meeting is over or was withdrawn already.", code="meeting_over")
    meeting.state, meeting.closed_at = state, uow.now
    meeting_news.shown_anew(uow, talk, meeting)
    meeting_news.out_of_calendar(uow, meeting)


def is_live(uow: UnitOfWork, meeting: Meeting) -> bool:
    """Tell whether people still wait for a meeting: it is proposed, or agreed and not over."""
    if meeting.state == "agreed" and meeting.starts_at is not None:
        return meeting.starts_at + timedelta(minutes=meeting.minutes) > uow.now
    return meeting.state == "proposed"


def is_agreed(uow: UnitOfWork, meeting_id: int) -> bool:
    """Tell whether a meeting has its time."""
    return uow.session.get_one(Meeting, meeting_id).state == "agreed"


def live(uow: UnitOfWork, conversation: Conversation) -> list[Meeting]:
    """Give the meetings of a conversation that people wait for, the newest first."""
    query = select(Meeting).where(Meeting.conversation_id == conversation.id, Meeting.state.in_(rules.LIVE))
    return [one for one in uow.session.scalars(query.order_by(Meeting.id.desc())) if is_live(uow, one)]


def _say(uow: UnitOfWork, talk: Conversation, meeting: Meeting, what: str) -> None:
    side = meeting.sides[0] if len(meeting.sides) == 1 and talk.kind != "help" else "both"
    messages.say_as_manager(
        uow,
        SpokenByManager(
            user_id=meeting.user_id,
            user_name="",
            text=meeting_cards.for_employees(uow, meeting, portals.speech(uow)),
            source_key=f"meeting/{meeting.id}:{what}",
            side=side,
            card=f"meeting/{meeting.id}",
        ),
        conversation_id=talk.id,
    )


def remind(uow: UnitOfWork) -> int:
    """Remind the people of agreed meetings, let proposals lapse whose times have all passed; answers how many changed."""
    soonest = uow.now + rules.DAY_BEFORE
    coming = (Meeting.state == "agreed", Meeting.starts_at > uow.now, Meeting.starts_at <= soonest)
    query = select(Meeting).where(*coming, Meeting.soon_reminded_at.is_(None)).order_by(Meeting.id)
    found = uow.session.scalars(query.limit(AT_ONCE).with_for_update(skip_locked=True, key_share=True)).all()
    return sum(_reminded(uow, meeting) for meeting in found) + _lapse(uow)


def _reminded(uow: UnitOfWork, meeting: Meeting) -> bool:
    if meeting.starts_at is None or meeting.agreed_at is None:
        return False
    due = rules.reminder(
        meeting.starts_at,
        meeting.agreed_at,
        uow.now,
        day_told=meeting.day_reminded_at is not None,
        soon_told=meeting.soon_reminded_at is not None,
    )
    if due:
        setattr(meeting, f"{due}_reminded_at", uow.now)
        meeting_news.remind(uow, conversations.get(uow, meeting.conversation_id), meeting, due)
    return bool(due)


def _lapse(uow: UnitOfWork) -> int:
    to_come = select(MeetingSlot.id).where(MeetingSlot.meeting_id == Meeting.id, MeetingSlot.starts_at > uow.now)
    query = select(Meeting).where(Meeting.state == "proposed", ~to_come.exists()).order_by(Meeting.id)
    found = uow.session.scalars(query.limit(AT_ONCE).with_for_update(skip_locked=True, key_share=True)).all()
    for meeting in found:
        talk = conversations.get(uow, meeting.conversation_id)
        meeting.state, meeting.closed_at = "lapsed", uow.now
        meeting_news.shown_anew(uow, talk, meeting)
        meeting_news.manager(uow, talk, meeting, "lapsed")
    return len(found)
