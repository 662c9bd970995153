"""Who blocked the bot and comes back is brought what was said meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from b24app.domain.outcomes import Done, Refused
from b24app.services import deliveries, message_changes, message_returns, messages, people, reactions
from b24app.services.spoken import Spoken, SpokenByManager
from storage import outbox
from storage.models import Conversation, Member, Message, OutboxRow, Person
from storage.unit_of_work import UnitOfWork
from tests import factories
from tests.integration.services.outgoing import rows, said_to, sent

Talk = tuple[Conversation, Person, Person]


@pytest.fixture
def talk(uow: UnitOfWork) -> Talk:
    """A conversation whose factory has blocked the bot."""
    conversation, ivan, abc, _ = factories.conversation(uow)
    people.set_state(uow, abc.chat_id, "blocked")
    return conversation, ivan, abc


def _say(uow: UnitOfWork, talk: Talk, text: str) -> Message:
    return messages.say(uow, talk[1], talk[0], Spoken(kind="text", text=text, source_key=f"{talk[1].chat_id}:{text}"))


def _manager(uow: UnitOfWork, talk: Talk, text: str) -> None:
    key = f"p:{text}"
    messages.say_as_manager(
        uow, SpokenByManager(user_id="5", user_name="Olga", text=text, source_key=key), conversation_id=talk[0].id
    )


def _back(uow: UnitOfWork, person: Person) -> list[str]:
    people.set_state(uow, person.chat_id, "active")
    message_returns.bring(uow, person)
    return [one.text for one in sent(uow, "SendConversationMessage", chat_id=person.chat_id)]


def test_what_was_said_meanwhile_comes_in_its_order(uow: UnitOfWork, talk: Talk) -> None:
    """The other side's words and the manager's for this side arrive once, marked late; notes and words for others do not."""
    _say(uow, talk, "первое")
    _manager(uow, talk, "#factory второе")
    _manager(uow, talk, "#note заметка")
    _manager(uow, talk, "#buyer чужое")
    _say(uow, talk, "третье")
    assert sent(uow, "SendConversationMessage", chat_id=talk[2].chat_id) == []
    uow.session.execute(update(Message).values(sent_at=uow.now - timedelta(hours=2)))
    uow.session.execute(update(Member).values(joined_at=uow.now - timedelta(days=2)))
    uow.session.expire_all()
    texts = _back(uow, talk[2])
    assert [text.rpartition("\n")[2] for text in texts] == ["первое", "второе", "третье"]
    assert all("yozilgan" in text for text in texts)
    assert _back(uow, talk[2]) == texts


def test_a_refused_copy_is_brought_and_needs_no_decision(uow: UnitOfWork) -> None:
    """The message by which the block was noticed is sent anew, and leaves the list of those that were refused for good."""
    conversation, ivan, abc, _ = factories.conversation(uow)
    said = _say(uow, (conversation, ivan, abc), "первое")
    key = f"message/{said.id}:telegram:{abc.chat_id}"
    row = uow.session.scalars(select(OutboxRow).where(OutboxRow.key == key)).one()
    outbox.finish(row, "dead", uow.now)
    deliveries.record(uow, row, Refused("blocked by the user", "blocked"))
    assert len(_back(uow, abc)) == 2
    assert uow.session.scalars(select(OutboxRow.state).where(OutboxRow.key == key)).all() == ["dropped"]


def test_who_was_away_long_is_led_to_the_history(uow: UnitOfWork, talk: Talk) -> None:
    """Only the latest messages are brought; that there are more is said first."""
    for number in range(message_returns.MOST + 2):
        _say(uow, talk, f"м{number}")
    texts = _back(uow, talk[2])
    assert [len(texts), texts[0].rpartition("\n")[2]] == [message_returns.MOST, "м2"]
    assert "koʻproq yozishgan" in "\n".join(
        said_to(uow, talk[2].chat_id)[-message_returns.MOST - 1 : -message_returns.MOST]
    )


def test_what_was_said_before_somebody_joined_is_not_brought(uow: UnitOfWork, talk: Talk) -> None:
    """A colleague who came later gets nothing of before."""
    _say(uow, talk, "раньше")
    uow.session.execute(update(Message).values(sent_at=uow.now - timedelta(days=1)))
    assert _back(uow, talk[2]) == []


def test_who_writes_to_nobody_is_told_once_a_day(uow: UnitOfWork, talk: Talk) -> None:
    """The sender learns that the other side is out of reach and that nothing is lost."""
    _say(uow, talk, "первое")
    _say(uow, talk, "второе")
    assert sum("недоступна в Telegram" in text for text in said_to(uow, talk[1].chat_id)) == 1


def _arrives(uow: UnitOfWork, message: Message, reader: Person) -> None:
    key = f"message/{message.id}:telegram:{reader.chat_id}"
    row = uow.session.scalars(select(OutboxRow).where(OutboxRow.key == key)).one()
    outbox.finish(row, "done", uow.now, answer={"message_ids": [900 + message.id]})
    deliveries.record(uow, row, Done(row.answer or {}))


def _changes(uow: UnitOfWork, reader: Person) -> list[str]:
    edits = [one.text.rpartition("\n")[2] for one in sent(uow, "EditChatMessage", chat_id=reader.chat_id)]
    return edits + [one.original for one in sent(uow, "DeleteChatMessage", chat_id=reader.chat_id)]


def test_changes_of_meanwhile_are_carried_on_return(uow: UnitOfWork) -> None:
    """What a person read before blocking the bot is changed, or released, as soon as they are back, in its latest words and once."""
    conversation, ivan, abc, _ = factories.conversation(uow)
    talk = (conversation, ivan, abc)
    said, told = _say(uow, talk, "30 дней"), _say(uow, talk, "пишите на ivan@example.com")
    for message in (said, told):
        _arrives(uow, message, abc)
    people.set_state(uow, abc.chat_id, "blocked")
    for words in ("20 дней", "25 дней"):
        message_changes.edit(uow, source="telegram", source_key=said.source_key, text=words)
    message_changes.release(uow, told.id, "user/5")
    assert _changes(uow, abc) == []
    _back(uow, abc)
    assert _changes(uow, abc) == ["25 дней", "пишите на ivan@example.com"]
    uow.now += timedelta(minutes=1)
    _back(uow, abc)
    assert len(_changes(uow, abc)) == 2


@pytest.mark.parametrize("what", ["edit", "delete"])
def test_a_change_refused_by_the_block_is_carried_on_return(uow: UnitOfWork, what: str) -> None:
    """The change by which the block was noticed is carried anew, and leaves the list of what was refused for good."""
    conversation, _, abc, _ = factories.conversation(uow)
    key = {"source": "portal", "source_key": "p:1"}
    said = messages.say_as_manager(
        uow,
        SpokenByManager(user_id="5", user_name="Olga", text="9 USD", source_key="p:1"),
        conversation_id=conversation.id,
    )
    _arrives(uow, said, abc)
    if what == "edit":
        message_changes.edit(uow, text="3 USD", **key)
    else:
        message_changes.delete(uow, **key)
    kind = "EditChatMessage" if what == "edit" else "DeleteChatMessage"
    (row,) = [one for one in rows(uow, kind) if one.payload["chat_id"] == abc.chat_id]
    outbox.finish(row, "dead", uow.now)
    deliveries.record(uow, row, Refused("blocked by the user", "blocked"))
    _back(uow, abc)
    assert [one.state for one in rows(uow, kind) if one.payload["chat_id"] == abc.chat_id] == ["dropped", "todo"]


def test_who_left_meanwhile_reads_no_changes(uow: UnitOfWork) -> None:
    """A person who is no member any more comes back to the bot without a change of what was read then."""
    conversation, ivan, abc, _ = factories.conversation(uow)
    said = _say(uow, (conversation, ivan, abc), "30 дней")
    _arrives(uow, said, abc)
    people.set_state(uow, abc.chat_id, "blocked")
    message_changes.edit(uow, source="telegram", source_key=said.source_key, text="20 дней")
    uow.session.execute(delete(Member).where(Member.person_id == abc.id))
    _back(uow, abc)
    assert _changes(uow, abc) == []


def _reactions(uow: UnitOfWork, reader: Person) -> list[tuple[str, str]]:
    return [(one.message_id, one.emoji) for one in sent(uow, "SetReaction", chat_id=reader.chat_id)]


def _react(uow: UnitOfWork, person: Person, message: Message, emoji: str) -> None:
    reactions.react(uow, person, message.source_key.partition(":")[2], emoji, mark=f"{emoji}{message.id}")


def test_reactions_of_meanwhile_are_shown_on_return(uow: UnitOfWork) -> None:
    """Under what a person has, each message's latest reaction is shown once when they are back, also that one was taken away."""
    conversation, ivan, abc, _ = factories.conversation(uow)
    first, second = (_say(uow, (conversation, ivan, abc), words) for words in ("1", "2"))
    for message in (first, second):
        _arrives(uow, message, abc)
    people.set_state(uow, abc.chat_id, "blocked")
    for message, emoji in ((first, "👍"), (first, "❤"), (second, "👍"), (second, "")):
        _react(uow, ivan, message, emoji)
    assert _reactions(uow, abc) == []
    _back(uow, abc)
    assert _reactions(uow, abc) == [(str(900 + first.id), "❤"), (str(900 + second.id), "")]
    uow.now += timedelta(minutes=1)
    _back(uow, abc)
    assert len(_reactions(uow, abc)) == 2


def test_a_reaction_refused_by_the_block_is_shown_on_return(uow: UnitOfWork) -> None:
    """The reaction by which the block was noticed is shown later, and asks nobody for a decision."""
    conversation, ivan, abc, _ = factories.conversation(uow)
    said = _say(uow, (conversation, ivan, abc), "1")
    _arrives(uow, said, abc)
    _react(uow, ivan, said, "👍")
    (row,) = [one for one in rows(uow, "SetReaction") if one.payload["chat_id"] == abc.chat_id]
    outbox.finish(row, "dead", uow.now)
    deliveries.record(uow, row, Refused("blocked by the user", "blocked"))
    _back(uow, abc)
    assert [one.state for one in rows(uow, "SetReaction")] == ["dropped", "todo"]
