"""Who owes an answer is reminded in time, and the manager is called when that does not help."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from b24app.domain.working_time import WorkingTime, read
from b24app.services import conversations, messages, overview, promises, settings
from b24app.services.spoken import Spoken, SpokenByManager
from storage.models import Conversation, Person
from storage.unit_of_work import UnitOfWork
from tests import factories
from tests.integration.services.outgoing import said_to, sent

Talk = tuple[Conversation, Person, Person]


@pytest.fixture
def talk(uow: UnitOfWork) -> Talk:
    """An open conversation, its buyer, its factory's person."""
    conversation, ivan, abc, _ = factories.conversation(uow)
    return conversation, ivan, abc


def say(uow: UnitOfWork, who: Person, where: Conversation, text: str, number: int) -> None:
    """Say something as the bot hands it over."""
    messages.say(uow, who, where, Spoken(kind="text", text=text, source_key=f"{who.chat_id}:{number}"))


def later(uow: UnitOfWork, hours: float) -> None:
    """Let time pass and the worker look."""
    uow.now += timedelta(hours=hours)
    promises.check(uow)
    uow.session.flush()


def test_the_other_side_owes_from_the_first_unanswered_message(uow: UnitOfWork, talk: Talk) -> None:
    """A second message does not start the promise anew; the answer turns it round."""
    conversation, ivan, abc = talk
    began = uow.now
    say(uow, ivan, conversation, "Когда?", 1)
    uow.now += timedelta(minutes=20)
    say(uow, ivan, conversation, "Ответьте", 2)
    assert (conversation.owes, conversation.owed_since) == ("factory", began)
    say(uow, abc, conversation, "Ertaga", 3)
    assert (conversation.owes, conversation.owed_since) == ("buyer", uow.now)


def test_reminder_then_task_and_trigger_each_once(uow: UnitOfWork, talk: Talk) -> None:
    """After four working hours the side is reminded; after eight the manager gets a task, a notice, and the deal its trigger."""
    conversation, ivan, abc = talk
    uow.now = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # Monday, 9:00 in Tashkent.
    say(uow, ivan, conversation, "Когда?", 1)
    later(uow, 3.9)
    assert not any("⏰" in text for text in said_to(uow, abc.chat_id))
    later(uow, 0.2)
    later(uow, 0.2)
    assert sum("⏰" in text for text in said_to(uow, abc.chat_id)) == 1
    assert not any("⏰" in text for text in said_to(uow, ivan.chat_id))
    assert sent(uow, "AddTask") == []
    later(uow, 4.5)
    later(uow, 1)
    [task] = sent(uow, "AddTask")
    assert task.ref == f"lot/{conversation.lot_id}"
    assert [one.ref for one in sent(uow, "FireTrigger", code="no_reply_overdue")] == [task.ref]
    waiting = overview.waiting(uow)["answers"]
    assert (waiting.count, waiting.oldest) == (1, conversation.owed_since)
    say(uow, abc, conversation, "Ertaga", 2)
    assert overview.waiting(uow)["answers"].count == 0


def test_nights_and_holidays_do_not_count(uow: UnitOfWork, talk: Talk) -> None:
    """A question of Friday evening is not late on Monday morning, nor on the holiday that follows."""
    conversation, ivan, abc = talk
    settings.put(uow, "work_holidays", "2026-03-09", "user/1")
    uow.now = datetime(2026, 3, 6, 12, 30, tzinfo=UTC)  # Friday, 17:30 in Tashkent.
    say(uow, ivan, conversation, "Когда?", 1)
    later(uow, 72 + 20)  # Tuesday, 13:30: half an hour of Friday and four and a half of Tuesday.
    assert sum("⏰" in text for text in said_to(uow, abc.chat_id)) == 1
    assert sent(uow, "AddTask") == []


def test_each_side_is_reminded_by_its_own_clock(uow: UnitOfWork, talk: Talk) -> None:
    """What is asked in the morning of Tashkent is no working hour yet of a factory in Berlin: its four hours end at one o'clock there."""
    conversation, ivan, abc = talk
    abc.zone = "Europe/Berlin"
    uow.now = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # Monday, 9:00 in Tashkent and 5:00 in Berlin.
    say(uow, ivan, conversation, "Когда?", 1)
    later(uow, 7.9)
    assert not any("⏰" in text for text in said_to(uow, abc.chat_id))
    later(uow, 0.2)
    assert sum("⏰" in text for text in said_to(uow, abc.chat_id)) == 1


def test_help_is_owed_by_the_manager(uow: UnitOfWork, talk: Talk) -> None:
    """Who asks the platform for help waits for the manager; the manager's answer ends it."""
    _, ivan, _ = talk
    help_ = conversations.open_help(uow, ivan)
    say(uow, ivan, help_, "Помогите", 1)
    assert help_.owes == "manager"
    messages.say_as_manager(
        uow, SpokenByManager(user_id="1", user_name="Olga", text="Слушаю", source_key="1:1"), conversation_id=help_.id
    )
    assert (help_.owes, help_.owed_since) == ("", None)


def test_a_closed_conversation_owes_nothing(uow: UnitOfWork, talk: Talk) -> None:
    """Closing ends the promise; reopening does not revive it."""
    conversation, ivan, _ = talk
    say(uow, ivan, conversation, "Когда?", 1)
    conversations.set_state(uow, conversation.id, "closed", "user/1")
    later(uow, 100)
    conversations.set_state(uow, conversation.id, "open", "user/1")
    later(uow, 100)
    assert sent(uow, "AddTask") == []
    assert uow.session.scalars(select(Conversation.overdue_at).where(Conversation.id == conversation.id)).one() is None


def test_settings_are_read_and_mistakes_are_harmless() -> None:
    """Hours, days, zone and holidays are as written; what cannot be read stays at its default."""
    found = read("Europe/Moscow", "10:00-19:00", "1-4, 6", "2026-01-01,2026-01-02")
    assert (found.zone, found.begins, found.ends) == ("Europe/Moscow", time(10), time(19))
    assert (found.weekdays, found.holidays) == ({0, 1, 2, 3, 5}, {date(2026, 1, 1), date(2026, 1, 2)})
    assert read("Nowhere/Land", "9 to 5", "never", "tomorrow") == WorkingTime()


def test_working_time_of_a_long_stretch() -> None:
    """A week holds five working days of nine hours; nothing passes backwards."""
    monday = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
    assert WorkingTime().worked(monday, monday + timedelta(days=7)) == timedelta(hours=45)
    assert WorkingTime().worked(monday, monday - timedelta(days=7)) == timedelta()
