"""At the end of a conversation its people say how they were helped."""

from __future__ import annotations

from typing import Any

import pytest

from b24app.errors import DomainError, NotFound
from b24app.services import conversation_ratings, conversations, messages, settings
from b24app.services.spoken import Spoken, SpokenByManager
from storage.models import Conversation, Person
from storage.unit_of_work import UnitOfWork
from tests import factories
from tests.integration.services.outgoing import said_to, sent

Talk = tuple[Conversation, Person, Person]


@pytest.fixture
def closed(uow: UnitOfWork) -> Talk:
    """A closed conversation in which the buyer and the manager wrote, and the factory did not."""
    settings.put(uow, "responsible_ids", "7", "user/1")
    conversation, ivan, abc, _ = factories.conversation(uow)
    messages.say(uow, ivan, conversation, Spoken(kind="text", text="Когда?", source_key="1001:1"))
    answer: dict[str, Any] = {"user_id": "1", "user_name": "Olga", "text": "Завтра", "source_key": "d:1"}
    messages.say_as_manager(uow, SpokenByManager(**answer), conversation_id=conversation.id)
    conversations.set_state(uow, conversation.id, "closed", "user/1")
    conversation_ratings.ask(uow, conversation)
    return conversation, ivan, abc


def test_whoever_wrote_is_asked_once(uow: UnitOfWork, closed: Talk) -> None:
    """The buyer gets five buttons, the silent factory none; asking again asks nobody twice."""
    conversation, ivan, abc = closed
    conversation_ratings.ask(uow, conversation)
    asked = [one for one in sent(uow, "SendChatMessage") if "Переписка завершена" in one.text]
    assert [one.chat_id for one in asked] == [ivan.chat_id]
    assert [button["data"] for button in asked[0].buttons[0]] == [f"rate:{conversation.id}:{n}" for n in range(1, 6)]
    assert not any("завершена" in text or "yakunlandi" in text for text in said_to(uow, abc.chat_id))


def test_a_talk_without_a_manager_is_not_rated(uow: UnitOfWork) -> None:
    """Where no manager said a word there is nobody to rate."""
    conversation, ivan, _, _ = factories.conversation(uow)
    messages.say(uow, ivan, conversation, Spoken(kind="text", text="Когда?", source_key="1001:1"))
    conversation_ratings.ask(uow, conversation)
    assert not any("завершена" in one.text for one in sent(uow, "SendChatMessage"))


def test_the_last_press_counts_and_few_stars_are_told(uow: UnitOfWork, closed: Talk) -> None:
    """A person may change their mind; two stars or fewer reach the responsible employee."""
    conversation, ivan, _ = closed
    conversation_ratings.rate(uow, ivan, conversation.id, 5)
    conversation_ratings.rate(uow, ivan, conversation.id, 2)
    assert [one.stars for one in conversation_ratings.of(uow, conversation.id)] == [2]
    assert sum("2 из 5" in one.text for one in sent(uow, "NotifyUser")) == 1


def test_only_those_who_take_part_rate_and_only_with_stars(uow: UnitOfWork, closed: Talk) -> None:
    """A stranger's press and a number that is no number of stars change nothing."""
    conversation, ivan, _ = closed
    stranger = factories.person(uow, "909")
    with pytest.raises(NotFound):
        conversation_ratings.rate(uow, stranger, conversation.id, 5)
    for stars in (0, 6, 99):
        with pytest.raises(DomainError):
            conversation_ratings.rate(uow, ivan, conversation.id, stars)
    assert conversation_ratings.of(uow, conversation.id) == []
