"""What employees write beside the open line is shown in its dialogue, once, and never comes back as words of the line."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from b24app.services import line_echoes, messages
from b24app.services.spoken import SpokenByManager
from storage.models import Conversation, Message
from storage.unit_of_work import UnitOfWork
from tests import factories
from tests.integration.services.outgoing import rows


@pytest.fixture
def talk(uow: UnitOfWork) -> Conversation:
    """A conversation that open-line chat 777 mirrors."""
    conversation = factories.conversation(uow)[0]
    conversation.line_chat_id = "777"
    return conversation


def _from_desk(uow: UnitOfWork, talk: Conversation, text: str, side: str = "both") -> Message:
    return messages.say_as_manager(
        uow,
        SpokenByManager(user_id="7", user_name="", text=text, source_key=f"desk:{text}:{side}", side=side),
        conversation_id=talk.id,
    )


def _from_line(uow: UnitOfWork, text: str, key: str = "777:50") -> Message:
    return messages.say_as_manager(
        uow, SpokenByManager(user_id="7", user_name="", text=text, source_key=key), line_chat_id="777"
    )


def _count(uow: UnitOfWork) -> int:
    return uow.session.scalar(select(func.count()).select_from(Message)) or 0


def test_words_from_the_deal_stand_in_the_dialogue(uow: UnitOfWork, talk: Conversation) -> None:
    """Colleagues in the open line read what was written from the deal, in its author's name, and whom it went to."""
    _from_desk(uow, talk, "Образец готов")
    _from_desk(uow, talk, "Только вам", "buyer")
    both, one = (row.payload for row in rows(uow, "SendToOpenLine"))
    assert (both["manager_id"], both["text"]) == ("7", "Образец готов")
    assert one["text"].endswith(":[/i]\nТолько вам")


def test_without_a_dialogue_none_is_opened(uow: UnitOfWork, talk: Conversation) -> None:
    """Where nobody has written on the line yet, a manager's words do not ring at the operators' desks."""
    talk.line_chat_id = ""
    _from_desk(uow, talk, "Здравствуйте")
    assert rows(uow, "SendToOpenLine") == []


def test_a_note_and_the_lines_own_words_are_not_shown_again(uow: UnitOfWork, talk: Conversation) -> None:
    """Internal notes stay on our pages, and what an operator wrote on the line is there already."""
    _from_desk(uow, talk, "Для своих", "note")
    _from_line(uow, "Пишу на линии")
    assert rows(uow, "SendToOpenLine") == []


def test_an_event_about_our_own_words_says_nothing_twice(uow: UnitOfWork, talk: Conversation) -> None:
    """Should the portal tell of them after all, they are known: nobody gets them a second time, however often it tells."""
    said = _from_desk(uow, talk, "Цена 3,10")
    assert [_from_line(uow, "Цена 3,10").id for _ in range(2)] == [said.id, said.id]
    assert _count(uow) == 1


def test_the_same_words_on_the_line_later_are_new(uow: UnitOfWork, talk: Conversation) -> None:
    """An operator who writes the same again, or a minute later, is heard."""
    _from_desk(uow, talk, "Да")
    _from_line(uow, "Да", "777:50")
    _from_line(uow, "Да", "777:51")
    assert _count(uow) == 2
    before = _from_desk(uow, talk, "Хорошо")
    before.sent_at = uow.now - line_echoes.ECHO_COMES_WITHIN - timedelta(seconds=1)
    _from_line(uow, "Хорошо", "777:52")
    assert _count(uow) == 4
