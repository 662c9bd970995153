"""A contact told in several messages does not reach the other side before the contract."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from b24app.domain.masking import MARK
from b24app.services import message_changes, messages
from b24app.services.spoken import Spoken
from storage.models import Conversation, Message, Person
from storage.unit_of_work import UnitOfWork
from tests import factories
from tests.integration.services.outgoing import said_to, sent

Talk = tuple[Conversation, Person, Person]


@pytest.fixture
def talk(uow: UnitOfWork) -> Talk:
    """A conversation before the contract, its buyer and its factory."""
    conversation, ivan, abc, _ = factories.conversation(uow)
    return conversation, ivan, abc


def _say(uow: UnitOfWork, talk: Talk, who: Person, text: str) -> Message:
    return messages.say(uow, who, talk[0], Spoken(kind="text", text=text, source_key=f"{who.chat_id}:{text}"))


def test_each_part_is_hidden_once_the_last_completes_the_number(uow: UnitOfWork, talk: Talk) -> None:
    """The last part does not arrive, those before it are covered in the other chat; the sender is told, the operator sees all."""
    _, ivan, abc = talk
    told = len(said_to(uow, abc.chat_id))
    said = [_say(uow, talk, abc, text) for text in ("Плотность 180 г/м².", "+998 90", "123 45 67")]
    assert [one.text for one in said] == ["Плотность 180 г/м².", MARK, MARK]
    assert [one.text.rpartition("\n")[2] for one in sent(uow, "EditChatMessage", chat_id=ivan.chat_id)] == [MARK]
    assert sent(uow, "SendConversationMessage", chat_id=ivan.chat_id)[-1].text.endswith(MARK)
    assert ["123 45 67" in one.text for one in sent(uow, "SendToOpenLine")] == [False, False, True]
    assert len(said_to(uow, abc.chat_id)) == told + 1
    message_changes.release(uow, said[1].id, "user/5")
    assert said[1].text == "+998 90"


def test_an_edit_may_complete_a_number(uow: UnitOfWork, talk: Talk) -> None:
    """A message that becomes the last part of a number by an edit is covered, with the part before it."""
    said = [_say(uow, talk, talk[2], text) for text in ("90 123", "хорошо")]
    message_changes.edit(uow, source="telegram", source_key=said[1].source_key, text="45 67")
    assert [one.text for one in said] == [MARK, MARK]


def test_the_figures_of_a_place_are_no_part(uow: UnitOfWork, talk: Talk) -> None:
    """What a device writes, the figures of a place, begins no number."""
    spoken = Spoken(kind="location", text="📍 41.31108, 69.24056", source_key=f"{talk[2].chat_id}:place")
    messages.say(uow, talk[2], talk[0], spoken)
    assert _say(uow, talk, talk[2], "двадцать три").text == "двадцать три"


def test_what_does_not_belong_together_stays(uow: UnitOfWork, talk: Talk) -> None:
    """Figures of different sides, of long ago, or after the contract tell nothing together."""
    conversation, ivan, abc = talk
    _say(uow, talk, ivan, "90 123")
    old = _say(uow, talk, abc, "90 124")
    uow.session.execute(update(Message).where(Message.id == old.id).values(sent_at=uow.now - timedelta(hours=1)))
    assert _say(uow, talk, abc, "45 67").text == "45 67"
    conversation.masked = False
    _say(uow, talk, abc, "90 125")
    assert _say(uow, talk, abc, "45 68").text == "45 68"
