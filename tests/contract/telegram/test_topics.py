"""Where the bot has topics, every conversation has one of its own in each chat, both ways."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import select

from b24app.config import Settings
from b24app.services import conversations, messages
from b24app.services.spoken import SpokenByManager
from storage.models import ConversationTopic, Message
from storage.unit_of_work import Transactions
from tests import factories
from tests.contract.telegram.world import TOKEN, TelegramWorld, bridged, running_bridge, running_telegram

IVAN, AZIZ = 1001, 2001


@pytest.fixture(scope="module")
def telegram(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TelegramWorld]:
    """A Telegram whose bot has topics, with a buyer and a factory's director in it."""
    with running_telegram(tmp_path_factory.mktemp("topics"), topics=True) as world:
        world.control("users", {"id": IVAN, "first_name": "Ivan", "language_code": "ru"})
        world.control("users", {"id": AZIZ, "first_name": "Aziz", "language_code": "ru"})
        for person in (IVAN, AZIZ):
            world.act(person, "start")
        yield world


@pytest.fixture
def talk(telegram: TelegramWorld, settings: Settings, transactions: Transactions, tmp_path: Path) -> Iterator[int]:
    """A conversation of the two, and our bridge at work."""
    with transactions() as uow:
        number = factories.conversation(uow)[0].id
    with running_bridge(bridged(settings, telegram), transactions):
        yield number


def _topic_of(transactions: Transactions, person: int, number: int) -> int:
    with transactions() as uow:
        found = uow.session.scalars(
            select(ConversationTopic.thread_id).where(
                ConversationTopic.chat == str(person), ConversationTopic.conversation_id == number
            )
        ).one()
    return int(found)


def _manager(transactions: Transactions, number: int, text: str) -> None:
    with transactions() as uow:
        messages.say_as_manager(
            uow,
            SpokenByManager(user_id="1", user_name="Olga", text=text, source_key=f"desk:{text}"),
            conversation_id=number,
        )


def test_a_conversation_has_a_topic_of_its_own(telegram: TelegramWorld, transactions: Transactions, talk: int) -> None:
    """What is said comes in the conversation's topic, one for all its messages, and what is written there goes into it."""
    _manager(transactions, talk, "Добрый день")
    first = telegram.seen(IVAN, lambda message: "Добрый день" in message.get("text", ""))
    assert first["message_thread_id"] == _topic_of(transactions, IVAN, talk)
    telegram.act(IVAN, "send", text="Сколько стоит?", message_thread_id=first["message_thread_id"])
    asked = telegram.seen(AZIZ, lambda message: "Сколько стоит?" in message.get("text", ""))
    greeted = telegram.seen(AZIZ, lambda message: "Добрый день" in message.get("text", ""))
    assert asked["message_thread_id"] == greeted["message_thread_id"]


def test_the_topic_decides_before_the_current_conversation(
    telegram: TelegramWorld, transactions: Transactions, talk: int
) -> None:
    """A message in a topic belongs to its conversation although another one is current, and answers of the bot come there."""
    _manager(transactions, talk, "О лоте")
    topic = telegram.seen(IVAN, lambda message: "О лоте" in message.get("text", ""))["message_thread_id"]
    with transactions() as uow:
        ivan = conversations.people_on(uow, conversations.get(uow, talk), "buyer")[0]
        conversations.switch(uow, ivan, conversations.open_help(uow, ivan).id)
    telegram.act(IVAN, "send", text="звоните +998901234567", message_thread_id=topic)
    telegram.seen(AZIZ, lambda message: "звоните" in message.get("text", ""))
    with transactions() as uow:
        said = uow.session.scalars(select(Message).where(Message.original.contains("звоните"))).one()
    assert said.conversation_id == talk


def test_a_deleted_topic_is_made_anew(telegram: TelegramWorld, transactions: Transactions, talk: int) -> None:
    """A topic that is gone loses no message: it comes in a new one."""
    _manager(transactions, talk, "первое")
    old = telegram.seen(IVAN, lambda message: "первое" in message.get("text", ""))["message_thread_id"]
    gone = {"chat_id": IVAN, "message_thread_id": old}
    assert requests.post(f"{telegram.url}/bot{TOKEN}/deleteForumTopic", json=gone, timeout=5).json()["ok"]
    _manager(transactions, talk, "второе")
    found = telegram.seen(IVAN, lambda message: "второе" in message.get("text", ""))
    assert found["message_thread_id"] == _topic_of(transactions, IVAN, talk) != old


def test_notices_of_topics_are_no_messages(telegram: TelegramWorld, transactions: Transactions, talk: int) -> None:
    """A topic that a person makes is answered by nobody and stored nowhere; what is written there goes to the current conversation."""
    made: dict[str, Any] = telegram.act(IVAN, "topic", name="Моё")
    telegram.act(IVAN, "send", text="в своей теме", message_thread_id=made["message_thread_id"])
    telegram.seen(AZIZ, lambda message: "в своей теме" in message.get("text", ""))
    assert not any("нельзя переслать" in message.get("text", "") for message in telegram.chat(IVAN))


def test_topics_may_be_switched_off_and_on(
    telegram: TelegramWorld, settings: Settings, transactions: Transactions
) -> None:
    """Without topics a message comes in the plain chat and a reply to it finds its conversation; later the old topic is used again."""
    with transactions() as uow:
        number = factories.conversation(uow)[0].id
    seen: dict[bool, dict[str, Any]] = {}
    for on in (True, False):
        telegram.control(f"bots/{TOKEN.partition(':')[0]}/topics", {"on": on})
        with running_bridge(bridged(settings, telegram), transactions):
            _manager(transactions, number, f"темы {on}")
            seen[on] = telegram.seen(IVAN, partial(_says, f"темы {on}"))
            if not on:
                telegram.act(IVAN, "send", text="ответ без тем", reply_to=seen[on]["message_id"])
                telegram.seen(AZIZ, partial(_says, "ответ без тем"))
    telegram.control(f"bots/{TOKEN.partition(':')[0]}/topics", {"on": True})
    with running_bridge(bridged(settings, telegram), transactions):
        _manager(transactions, number, "снова в теме")
        again = telegram.seen(IVAN, partial(_says, "снова в теме"))
    threads = [one.get("message_thread_id") for one in (seen[True], seen[False], again)]
    assert threads == [threads[0], None, threads[0]] != [None] * 3


def _says(words: str, message: dict[str, Any]) -> bool:
    return words in str(message.get("text", ""))
