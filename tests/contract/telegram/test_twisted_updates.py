"""What people do out of turn: change what was closed, replace a picture, write where they no longer belong."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, select

from storage.models import Conversation, ConversationTopic, Member, Message, MessageCopy, Person
from storage.unit_of_work import UnitOfWork
from tests.contract.telegram.conftest import Play, Said
from tests.contract.telegram.talks import new_company, new_conversation, new_person

NEW_PICTURE: dict[str, Any] = {
    "text": None,
    "caption": "Нужно 20 000 футболок",
    "photo": [{"file_id": "NEW", "file_unique_id": "new", "width": 90, "height": 90, "file_size": 1000}],
}


@pytest.fixture
def ivan(uow: UnitOfWork) -> Person:
    """A registered buyer."""
    return new_person(uow)


@pytest.fixture
def talk(uow: UnitOfWork, ivan: Person) -> Conversation:
    """His only conversation."""
    return new_conversation(uow, ivan, new_company(uow, ivan))


def _kept(uow: UnitOfWork) -> list[Message]:
    return list(uow.session.scalars(select(Message).order_by(Message.id)))


def _leave(uow: UnitOfWork, person: Person) -> None:
    uow.session.execute(delete(Member).where(Member.person_id == person.id))
    uow.session.flush()


def test_a_closed_conversation_takes_no_changes(uow: UnitOfWork, play: Play, said: Said, talk: Conversation) -> None:
    """Whoever changes an old message of a closed conversation is told so, and the other side sees nothing of it."""
    play("text")
    talk.state = "closed"
    said()
    play("edited")
    [row] = said()
    assert (row.kind, row.payload["reply_to"]) == ("SendConversationMessage", "12")
    assert [message.original for message in _kept(uow)] == ["Нужно [b]20 000[/b] футболок"]


def test_a_replaced_picture_reaches_the_other_side(uow: UnitOfWork, play: Play, said: Said, talk: Conversation) -> None:
    """Telegram lets people put another file into a message: it goes on as a new one, once, and answers the old one."""
    play("photo", message_id=12)
    said()
    for _ in range(2):
        play("edited", **NEW_PICTURE)
    first, second = _kept(uow)
    assert (second.kind, second.telegram_file_id, second.reply_to_id) == ("photo", "NEW", first.id)
    assert [row.kind for row in said()] == ["SendChatFile"]


def test_a_caption_of_the_same_picture_is_a_change(uow: UnitOfWork, play: Play, said: Said, talk: Conversation) -> None:
    """Another caption under the same file changes the copy, even where Telegram names the file anew."""
    play("edited", **NEW_PICTURE)
    again: dict[str, Any] = {"photo": [{**NEW_PICTURE["photo"][0], "file_id": "NEW-2"}]}
    said()
    play("edited", **{**NEW_PICTURE, **again, "caption": "Нужно 30 000"})
    [message] = _kept(uow)
    assert (message.original, [row.kind for row in said()]) == ("Нужно 30 000", ["EditChatMessage"])


def test_a_moving_location_is_told_once_and_where_it_ends(
    uow: UnitOfWork, play: Play, said: Said, talk: Conversation
) -> None:
    """While a live location moves nobody's chat is rewritten; when it stops, the last place is."""
    live = {"latitude": 41.3, "longitude": 69.2, "live_period": 900}
    play("location", message_id=12, location=live)
    said()
    play("edited", text=None, location={**live, "latitude": 41.4})
    assert said() == []
    play("edited", text=None, location={"latitude": 41.5, "longitude": 69.2})
    assert [row.kind for row in said()] == ["EditChatMessage"]
    assert "41.5" in _kept(uow)[0].original


def test_a_reply_to_a_lost_conversation_goes_nowhere_else(
    uow: UnitOfWork, play: Play, said: Said, ivan: Person, talk: Conversation
) -> None:
    """Words meant for a conversation that somebody left never reach another one: he is asked where they go."""
    play("text")
    _leave(uow, ivan)
    new_conversation(uow, ivan, new_company(uow, ivan))
    said()
    play("reply", reply_to_message={"message_id": 12, "date": 1, "chat": {"id": int(ivan.chat_id), "type": "private"}})
    assert len(_kept(uow)) == 1
    assert [row.payload["reply_to"] for row in said()] == ["13"]


def test_a_topic_of_a_lost_conversation_asks_too(
    uow: UnitOfWork, play: Play, said: Said, ivan: Person, talk: Conversation
) -> None:
    """The topic stays in the chat of somebody who left: what is written there is answered, not broken off."""
    uow.session.add(ConversationTopic(chat=ivan.chat_id, conversation_id=talk.id, thread_id="77"))
    _leave(uow, ivan)
    new_company(uow, ivan)
    play("text", message_thread_id=77, is_topic_message=True)
    assert (len(_kept(uow)), len(said())) == (0, 1)


def test_a_message_of_a_group_reaches_nobody(uow: UnitOfWork, play: Play, said: Said, talk: Conversation) -> None:
    """In a group or a channel the bot hears nothing, whoever writes there."""
    play("group_message")
    play("channel_post")
    assert (_kept(uow), said()) == ([], [])


def test_whoever_blocked_the_bot_gets_no_copy(uow: UnitOfWork, play: Play, talk: Conversation) -> None:
    """A person who blocked the bot in mid-conversation is passed over; the record and the line go on."""
    reader = uow.session.scalars(
        select(Person).join(Member, Member.person_id == Person.id).where(Member.company_id == talk.factory_company_id)
    ).one()
    reader.state = "blocked"
    play("text")
    places = set(uow.session.scalars(select(MessageCopy.place)))
    assert ("telegram" not in places, "open_line" in places) == (True, True)
