"""What is unread, what was seen, what can be found again in a conversation of the Mini App."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update

from b24app.services import conversation_reads, message_history, messages
from b24app.services.spoken import Spoken
from storage.models import Conversation, MessageCopy, Person
from storage.unit_of_work import Transactions
from tests import factories
from tests.contract.miniapp.conftest import Visitor

Visit = Callable[[Person], Visitor]
Talk = tuple[int, Person, Person]


@pytest.fixture
def talk(transactions: Transactions) -> Talk:
    """A conversation in which the buyer wrote three times, once with a file; all of it was delivered."""
    with transactions() as uow:
        conversation, ivan, abc, _ = factories.conversation(uow)
        for number, words in enumerate(("Какая ткань?", "Плотность 180", "Когда отгрузка?")):
            kind: dict[str, Any] = {"kind": "photo", "telegram_file_id": "F"} if number == 1 else {"kind": "text"}
            messages.say(uow, ivan, conversation, Spoken(text=words, source_key=f"1001:{number}", **kind))
        uow.session.execute(update(MessageCopy).values(state="delivered"))
        return conversation.id, ivan, abc


def test_unread_messages_are_counted_until_they_were_on_the_screen(visitor: Visit, talk: Talk) -> None:
    """The list shows three unread to the factory and none to the writer; opening the conversation takes the mark away."""
    number, ivan, abc = talk
    marks = [re.findall(r'class="chip" aria-label="3 ', visitor(who).get("/app/chats").text) for who in (abc, ivan)]
    assert [len(mark) for mark in marks] == [1, 0]
    visitor(abc).get(f"/app/chats/{number}")
    assert 'aria-label="3 ' not in visitor(abc).get("/app/chats").text


def test_seen_is_said_only_of_what_was_on_a_screen(visitor: Visit, talk: Talk) -> None:
    """The writer reads “delivered” until the other side opened the conversation in the Mini App, and “seen” from then on."""
    number, ivan, abc = talk
    assert "просмотрено" not in visitor(ivan).get(f"/app/chats/{number}").text
    visitor(abc).get(f"/app/chats/{number}")
    assert visitor(ivan).get(f"/app/chats/{number}").text.count("просмотрено") == 3


def test_an_older_page_takes_nothing_back(transactions: Transactions, talk: Talk) -> None:
    """Reading back to earlier messages leaves the newest seen one as it is."""
    number, ivan, abc = talk
    with transactions() as uow:
        conversation = uow.session.get_one(Conversation, number)
        ids = [message.id for message in message_history.history(uow, number)]
        for message_id in (ids[2], ids[0]):
            conversation_reads.seen(uow, abc, conversation, message_id)
        assert conversation_reads.seen_by_others(uow, ivan, conversation) == ids[2]


def test_words_and_files_are_found(visitor: Visit, talk: Talk) -> None:
    """A search shows only what holds the words, the list of files only what carries one; signs of a pattern are plain signs."""
    number, _, abc = talk
    found = visitor(abc).get(f"/app/chats/{number}?q=отгруз").text
    assert ("Когда отгрузка?" in found, "Какая ткань?" in found) == (True, False)
    files = visitor(abc).get(f"/app/chats/{number}?files=1").text
    assert ("Плотность 180" in files, "Какая ткань?" in files) == (True, False)
    assert "Плотность" not in visitor(abc).get(f"/app/chats/{number}?q=%25").text


@pytest.mark.parametrize("asked", ["otgruzka", "OTGRUZ", "tkanʼ", "kogda otgruzka"])
def test_words_are_found_in_the_other_alphabet(visitor: Visit, talk: Talk, asked: str) -> None:
    """Who types in Latin letters finds what was written in Cyrillic ones, with any apostrophe."""
    number, _, abc = talk
    found = visitor(abc).get(f"/app/chats/{number}?q={asked}").text
    assert ("Когда отгрузка?" in found or "Какая ткань?" in found, "Плотность" in found) == (True, False)


def test_a_search_finds_no_hidden_words(transactions: Transactions, visitor: Visit, talk: Talk) -> None:
    """What was hidden from the other side cannot be found by it either."""
    number, ivan, abc = talk
    with transactions() as uow:
        conversation = uow.session.get_one(Conversation, number)
        person = uow.session.get_one(Person, ivan.id)
        messages.say(
            uow, person, conversation, Spoken(kind="text", text="Звоните +7 900 123-45-67", source_key="1001:9")
        )
    assert "Звоните" not in visitor(abc).get(f"/app/chats/{number}?q=123-45").text
