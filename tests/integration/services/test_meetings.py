"""Meetings, from the proposal to the reminders."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from sqlalchemy import select

from b24app.domain.meetings import NONE_OF_THESE, Verdict
from b24app.domain.outcomes import Done
from b24app.errors import InvalidInput, InvalidState, NotFound
from b24app.services import conversations, deliveries, meeting_cards, meetings, people, personal_data
from b24app.services.meetings import Wish
from storage.models import Conversation, Meeting, MeetingAnswer, Message, OutboxRow, Person
from storage.unit_of_work import UnitOfWork
from tests import factories
from tests.integration.services.outgoing import rows, said_to, sent

LINK = "https://meet.example/abc"
BUYER, FACTORY = "1001", "2001"


def _wish(uow: UnitOfWork, *hours: float, **changes: Any) -> Wish:
    clock = uow.now.astimezone(ZoneInfo("Europe/Berlin")).replace(tzinfo=None)
    times = [clock + timedelta(hours=one) for one in hours or (48, 72)]
    given = {"subject": "Образцы", "link": LINK, "zone": "Europe/Berlin", "minutes": 45, "side": "both"}
    return Wish(locals=times, **{**given, **changes})


def _propose(uow: UnitOfWork, talk: Conversation, wish: Wish, key: str = "press-1") -> Meeting:
    return meetings.propose(uow, talk, wish, user_id="7", key=key, language="en")


@pytest.fixture
def talk(uow: UnitOfWork) -> Conversation:
    """A conversation of Ivan (Russian) and ABC Textiles (Uzbek)."""
    return factories.conversation(uow)[0]


@pytest.fixture
def ivan(uow: UnitOfWork, talk: Conversation) -> Person:
    """The buyer."""
    return uow.session.scalars(select(Person).where(Person.chat_id == BUYER)).one()


@pytest.fixture
def abc(uow: UnitOfWork, talk: Conversation) -> Person:
    """The factory's owner, by whose clock it is two hours earlier than by the buyer's."""
    found = uow.session.scalars(select(Person).where(Person.chat_id == FACTORY)).one()
    found.zone = "Europe/Moscow"
    return found


def _slots(uow: UnitOfWork, meeting: Meeting) -> list[int]:
    return list(meeting_cards.slots_of(uow, meeting.id))


def _press(uow: UnitOfWork, person: Person, meeting: Meeting, slot: int) -> Verdict:
    return meetings.answer(uow, person, meeting.id, slot)[1]


def _agreed(uow: UnitOfWork, talk: Conversation, ivan: Person, abc: Person, *hours: float) -> Meeting:
    meeting = _propose(uow, talk, _wish(uow, *hours))
    slot = _slots(uow, meeting)[0]
    assert [_press(uow, one, meeting, slot) for one in (ivan, abc)] == [Verdict.WAITING, Verdict.AGREED]
    return meeting


def test_each_side_reads_the_times_by_its_own_clock(
    uow: UnitOfWork, talk: Conversation, ivan: Person, abc: Person
) -> None:
    """Written by Berlin's clock, a time stands on each side's buttons in its language and zone, beside the button for none."""
    meeting = _propose(uow, talk, _wish(uow, 48))
    [slot] = _slots(uow, meeting)
    starts = meeting_cards.slots_of(uow, meeting.id)[slot]
    for person, none in ((ivan, "Ни одно не подходит"), (abc, "Hech biri toʻgʻri kelmaydi")):
        [card] = sent(uow, "SendConversationMessage", chat_id=person.chat_id)
        clock = f"{starts.astimezone(ZoneInfo(person.zone)):%H:%M}"
        assert clock in card.buttons[0][0]["text"]
        assert clock in card.text
        assert card.buttons[0][0]["data"] == f"meet:{meeting.id}:{slot}"
        assert card.buttons[1] == [{"text": none, "data": f"meet:{meeting.id}:0"}]
        assert LINK not in card.text


def test_what_both_choose_is_agreed(uow: UnitOfWork, talk: Conversation, ivan: Person, abc: Person) -> None:
    """With the second choice everybody is told with a button to join and a file, the manager gets an event and a notice."""
    meeting = _agreed(uow, talk, ivan, abc, 48)
    for person in (ivan, abc):
        card = sent(uow, "SendConversationMessage", chat_id=person.chat_id)[-1]
        assert [row[0].get("url") for row in card.buttons] == [LINK]
        [file] = sent(uow, "SendChatFile", chat_id=person.chat_id)
        [event] = Calendar.from_ical(file.content).walk("VEVENT")
        times = [event.decoded(name) for name in ("dtstart", "dtend")]
        assert (event["summary"], times[0], file.name) == ("Образцы", meeting.starts_at, "meeting.ics")
        assert times[1] - times[0] == timedelta(minutes=45)
    [entry] = sent(uow, "AddCalendarEvent")
    assert (entry.user_id, datetime.fromisoformat(entry.starts_at)) == ("7", meeting.starts_at)
    assert [one.user_id for one in sent(uow, "NotifyUser", tag=f"meeting/{meeting.id}")] == ["7"]


def test_the_proposal_follows_what_is_chosen(uow: UnitOfWork, talk: Conversation, ivan: Person, abc: Person) -> None:
    """After a press the cards in both chats show the choice: one's own marked, the other's told, and no buttons once agreed."""
    meeting = _propose(uow, talk, _wish(uow))
    first, second = _slots(uow, meeting)
    _press(uow, ivan, meeting, first)
    own, others = (sent(uow, "EditChatMessage", chat_id=chat)[-1] for chat in (BUYER, FACTORY))
    assert [row[0]["text"].startswith("✓") for row in own.buttons] == [True, False, False]
    assert "Вы выбрали" in own.text
    assert "Boshqa tomon" in others.text
    assert _press(uow, abc, meeting, second) is Verdict.DIFFERENT
    assert _press(uow, ivan, meeting, second) is Verdict.AGREED
    last = sent(uow, "EditChatMessage", chat_id=BUYER)[-1]
    assert [row[0].get("data") for row in last.buttons] == [None]
    assert meeting.starts_at == meeting_cards.slots_of(uow, meeting.id)[second]


def test_a_side_asked_alone_agrees_by_itself(uow: UnitOfWork, talk: Conversation, ivan: Person, abc: Person) -> None:
    """Of a meeting with the buyer alone the factory reads nothing and can press nothing."""
    meeting = _propose(uow, talk, _wish(uow, 48, side="buyer"))
    [slot] = _slots(uow, meeting)
    with pytest.raises(NotFound):
        meetings.answer(uow, abc, meeting.id, slot)
    assert _press(uow, ivan, meeting, slot) is Verdict.AGREED
    assert [row for row in rows(uow) if row.payload.get("chat_id") == FACTORY and "Образцы" in str(row.payload)] == []


def test_a_stranger_has_no_say(uow: UnitOfWork, talk: Conversation) -> None:
    """For somebody who is not in the conversation there is no such meeting, nor for anybody a time of another one."""
    meeting = _propose(uow, talk, _wish(uow))
    other, _ = factories.buyer(uow, "1002", company="Other", full_name="Anna Smirnova")
    with pytest.raises(NotFound):
        meetings.answer(uow, other, meeting.id, _slots(uow, meeting)[0])
    member = conversations.people_on(uow, talk, "buyer")[0]
    foreign = _propose(uow, talk, _wish(uow, 100), "press-2")
    with pytest.raises(NotFound):
        meetings.answer(uow, member, meeting.id, _slots(uow, foreign)[0])


def test_none_of_these_calls_the_manager(uow: UnitOfWork, talk: Conversation, ivan: Person, abc: Person) -> None:
    """Whom nothing suits is heard: the manager is told to propose others, and the side may still change its mind."""
    meeting = _propose(uow, talk, _wish(uow, 48))
    assert _press(uow, ivan, meeting, NONE_OF_THESE) is Verdict.NONE_FITS
    [notice] = sent(uow, "NotifyUser", tag=f"meeting/{meeting.id}")
    assert "Образцы" in notice.text
    [slot] = _slots(uow, meeting)
    assert [_press(uow, one, meeting, slot) for one in (abc, ivan)] == [Verdict.WAITING, Verdict.AGREED]
    history = [(one.side, one.slot_id) for one in uow.session.scalars(select(MeetingAnswer).order_by(MeetingAnswer.id))]
    assert history == [("buyer", None), ("factory", slot), ("buyer", slot)]


def test_other_times_take_the_place_of_a_meeting(
    uow: UnitOfWork, talk: Conversation, ivan: Person, abc: Person
) -> None:
    """Proposing others ends the agreed one: its card says so, its event leaves the calendar, its buttons answer in words."""
    meeting = _agreed(uow, talk, ivan, abc, 48)
    meeting.event_id = "31"
    _propose(uow, talk, _wish(uow, 96, instead_of=meeting.id), "press-2")
    assert meeting.state == "replaced"
    assert "Менеджер предложил другое время" in sent(uow, "EditChatMessage", chat_id=BUYER)[-1].text
    assert [one.event_id for one in sent(uow, "RemoveCalendarEvent")] == ["31"]
    assert _press(uow, ivan, meeting, _slots(uow, meeting)[0]) is Verdict.WITHDRAWN


def test_a_withdrawn_meeting_is_told_and_over(uow: UnitOfWork, talk: Conversation, ivan: Person, abc: Person) -> None:
    """Both sides are told, nobody is reminded, and it cannot be withdrawn twice."""
    meeting = _agreed(uow, talk, ivan, abc, 2)
    meetings.withdraw(uow, talk, meeting.id, "user/7")
    assert "Менеджер отменил эту встречу" in said_to(uow, BUYER)[-1]
    uow.now += timedelta(hours=1, minutes=50)
    assert meetings.remind(uow) == 0
    with pytest.raises(InvalidState):
        meetings.withdraw(uow, talk, meeting.id, "user/7")


def test_a_meeting_of_another_conversation_cannot_be_withdrawn(
    uow: UnitOfWork, talk: Conversation, ivan: Person
) -> None:
    """The number in a form must belong to the conversation of the page."""
    meeting = _propose(uow, talk, _wish(uow))
    elsewhere = conversations.open_help(uow, ivan)
    with pytest.raises(NotFound):
        meetings.withdraw(uow, elsewhere, meeting.id, "user/7")


def test_presses_that_come_late_change_nothing(uow: UnitOfWork, talk: Conversation, ivan: Person, abc: Person) -> None:
    """A time that has passed and a meeting that is agreed answer so; of the two times the later one can still be had."""
    meeting = _propose(uow, talk, _wish(uow, 1, 48))
    first, second = _slots(uow, meeting)
    uow.now += timedelta(hours=2)
    assert _press(uow, ivan, meeting, first) is Verdict.LATE
    assert [_press(uow, one, meeting, second) for one in (ivan, abc)] == [Verdict.WAITING, Verdict.AGREED]
    before = len(rows(uow))
    assert _press(uow, ivan, meeting, second) is Verdict.SETTLED
    assert len(rows(uow)) == before


def test_reminders_come_a_day_and_a_quarter_hour_before(
    uow: UnitOfWork, talk: Conversation, ivan: Person, abc: Person
) -> None:
    """Both are told twice, each once however often the clock looks; the day's reminder waits in quiet hours, the last one does not."""
    meeting = _agreed(uow, talk, ivan, abc, 48)
    starts = meeting.starts_at or uow.now
    hour = starts.astimezone(ZoneInfo(ivan.zone)).hour
    ivan.quiet_from, ivan.quiet_until = (hour - 2) % 24, (hour + 2) % 24
    for left in (
        timedelta(hours=30),
        timedelta(hours=24),
        timedelta(hours=23),
        timedelta(minutes=15),
        timedelta(minutes=3),
    ):
        uow.now = starts - left
        meetings.remind(uow)
    told = [row for row in rows(uow, "SendChatMessage") if f"meeting/{meeting.id}" in row.key]
    assert [(row.payload["chat_id"], row.not_before is not None) for row in told] == [
        (BUYER, True),
        (FACTORY, False),
        (BUYER, False),
        (FACTORY, False),
    ]
    assert told[-1].payload["buttons"][0][0]["url"] == LINK


def test_a_proposal_without_an_agreement_lapses(uow: UnitOfWork, talk: Conversation, ivan: Person, abc: Person) -> None:
    """Once its last time has passed the card says so and the manager is told, once."""
    meeting = _propose(uow, talk, _wish(uow, 1))
    _press(uow, ivan, meeting, _slots(uow, meeting)[0])
    uow.now += timedelta(hours=2)
    assert [meetings.remind(uow) for _ in range(2)] == [1, 0]
    assert meeting.state == "lapsed"
    assert sent(uow, "EditChatMessage", chat_id=FACTORY)[-1].buttons == []
    assert len(sent(uow, "NotifyUser", tag=f"meeting/{meeting.id}")) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"link": "http://meet.example"},
        {"link": "https://meet.example@evil.example"},
        {"subject": " \u200b "},
        {"subject": "x" * 121},
        {"zone": "Mars/Olympus"},
        {"minutes": 7},
        {"locals": []},
        {"locals": [datetime.fromisoformat("2020-01-01T10:00")]},
        {"locals": [datetime.fromisoformat("2026-03-29T02:30")]},
    ],
)
def test_what_cannot_be_proposed_is_refused(uow: UnitOfWork, talk: Conversation, changes: dict[str, Any]) -> None:
    """Hostile links, empty subjects, unknown clocks, times past or never shown are refused before anything is sent."""
    given = {**vars(_wish(uow)), **changes}
    with pytest.raises(InvalidInput):
        _propose(uow, talk, Wish(**given))
    assert sent(uow, "SendConversationMessage") == []


def test_nobody_there_is_said_at_once(uow: UnitOfWork, talk: Conversation, abc: Person) -> None:
    """A side whose people cannot be reached is not waited for."""
    people.set_state(uow, abc.chat_id, "blocked")
    with pytest.raises(InvalidState):
        _propose(uow, talk, _wish(uow))


def test_the_same_press_proposes_once(uow: UnitOfWork, talk: Conversation) -> None:
    """A repeated press gives the meeting that stands, and one message each."""
    first = _propose(uow, talk, _wish(uow))
    assert _propose(uow, talk, _wish(uow)).id == first.id
    assert len(uow.session.scalars(select(Message).where(Message.card == f"meeting/{first.id}")).all()) == 1


def test_whoever_asks_for_help_is_asked_alone(uow: UnitOfWork, ivan: Person) -> None:
    """In a conversation with the platform the one person agrees by pressing, in whatever role he is by then."""
    elsewhere = conversations.open_help(uow, ivan)
    meeting = _propose(uow, elsewhere, _wish(uow, 48, side="factory"))
    ivan.active_role = "factory"
    assert _press(uow, ivan, meeting, _slots(uow, meeting)[0]) is Verdict.AGREED
    assert uow.session.scalars(select(OutboxRow).where(OutboxRow.kind == "AddCalendarEvent")).one()


def test_an_event_that_comes_too_late_leaves_the_calendar_again(
    uow: UnitOfWork, talk: Conversation, ivan: Person, abc: Person
) -> None:
    """A meeting withdrawn while its event was on the way to the calendar is taken out as soon as its number is known."""
    meeting = _agreed(uow, talk, ivan, abc, 48)
    meetings.withdraw(uow, talk, meeting.id, "user/7")
    assert sent(uow, "RemoveCalendarEvent") == []
    [row] = rows(uow, "AddCalendarEvent")
    deliveries.record(uow, row, Done({"event_id": "77"}))
    assert [one.event_id for one in sent(uow, "RemoveCalendarEvent")] == ["77"]


def test_presses_belong_to_what_is_kept_of_a_person(
    uow: UnitOfWork, talk: Conversation, ivan: Person, abc: Person
) -> None:
    """Whoever asks for a copy of his data finds his answers in it."""
    meeting = _agreed(uow, talk, ivan, abc, 48)
    assert [one["meeting_id"] for one in personal_data.collect(uow, ivan)["meeting_answers"]] == [meeting.id]
