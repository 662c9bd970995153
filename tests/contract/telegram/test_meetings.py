"""Presses on the times of a meeting in the bot."""

from __future__ import annotations

from datetime import timedelta

from b24app.services import meeting_cards, meetings
from b24app.services.meetings import Wish
from storage.models import Meeting
from storage.unit_of_work import UnitOfWork
from tests.contract.telegram.conftest import Play, Said
from tests.contract.telegram.talks import new_company, new_conversation, new_person


def _meeting(uow: UnitOfWork) -> tuple[Meeting, int]:
    person = new_person(uow)
    talk = new_conversation(uow, person, new_company(uow, person))
    times = [(uow.now + timedelta(hours=hours)).replace(tzinfo=None) for hours in (2000, 2400)]
    wish = Wish(subject="Образцы", link="", zone="Europe/London", minutes=30, locals=times[:1], side="buyer")
    made = meetings.propose(uow, talk, wish, user_id="7", key="press-1", language="en")
    return made, next(iter(meeting_cards.slots_of(uow, made.id)))


def test_a_press_is_answered_at_once(uow: UnitOfWork, play: Play, said: Said) -> None:
    """The waiting mark stops with what the press led to, in words; a second press says that it is agreed already."""
    meeting, slot = _meeting(uow)
    said()
    play("callback", data=f"meet:{meeting.id}:{slot}")
    [stopped] = [row for row in said() if row.kind == "AnswerCallback"]
    assert stopped.payload["text"].startswith("Договорились:")
    play("callback", update_id=900099, data=f"meet:{meeting.id}:{slot}", id="88000000000009")
    [stopped] = [row for row in said() if row.kind == "AnswerCallback"]
    assert stopped.payload["text"].startswith("Об этой встрече уже договорились:")


def test_a_press_that_nobody_offered_is_refused(uow: UnitOfWork, play: Play, said: Said) -> None:
    """Numbers of no meeting, of no time and of no sense are answered in words that have to be closed."""
    meeting, _ = _meeting(uow)
    said()
    for number, data in enumerate((f"meet:{meeting.id}:999999", "meet:999999:1", f"meet:{meeting.id}:x", "meet:1")):
        play("callback", update_id=900100 + number, data=data, id=f"8800000000001{number}")
        [stopped] = said()
        assert (stopped.kind, stopped.payload["alert"]) == ("AnswerCallback", True)
