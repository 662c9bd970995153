"""What an operator says and then thinks better of: another side, nothing at all, a conversation that is over."""

from __future__ import annotations

import pytest

from b24app.errors import InvalidInput, InvalidState
from b24app.services import conversations, message_changes, message_history, messages, sent_files
from b24app.services.spoken import Spoken, SpokenByManager
from storage.models import Conversation, Message, Person
from storage.unit_of_work import UnitOfWork
from tests import factories
from tests.integration.services.outgoing import said_to, sent

LINE = "900"


@pytest.fixture
def talk(uow: UnitOfWork) -> tuple[Conversation, Person, Person]:
    """An open conversation with a dialogue on the line, its buyer, its factory's person."""
    conversation, ivan, abc, _ = factories.conversation(uow)
    conversation.line_chat_id = LINE
    return conversation, ivan, abc


def answer(uow: UnitOfWork, text: str, number: int = 1) -> Message:
    """Write on the line."""
    return messages.say_as_manager(
        uow, SpokenByManager(user_id="5", user_name="Olga", text=text, source_key=f"{LINE}:{number}"), line_chat_id=LINE
    )


def change(uow: UnitOfWork, text: str, number: int = 1) -> Message:
    """Change what was written on the line."""
    return message_changes.edit(uow, source="open_line", source_key=f"{LINE}:{number}", text=text)


def test_words_made_a_note_are_taken_back(uow: UnitOfWork, talk: tuple[Conversation, Person, Person]) -> None:
    """A mark put in front later decides too: what becomes a note disappears from the chats, and its new words reach nobody."""
    _, ivan, abc = talk
    answer(uow, "Мы снизим до 3.10")
    note = change(uow, "#note Мы снизим до 3.00")
    assert note.kind == "note"
    assert sorted(one.chat_id for one in sent(uow, "DeleteChatMessage")) == sorted([ivan.chat_id, abc.chat_id])
    assert not any("3.00" in text for chat in (ivan, abc) for text in said_to(uow, chat.chat_id))
    assert change(uow, "#note Мы снизим до 2.90").id == note.id


def test_words_for_the_other_side_leave_the_first(uow: UnitOfWork, talk: tuple[Conversation, Person, Person]) -> None:
    """Words that get another side's mark are taken back from whom they were for and go to that side, once."""
    _, ivan, abc = talk
    answer(uow, "#buyer Цена 3.10")
    for _ in range(2):
        change(uow, "#factory Narxi 3.10")
    assert [one.chat_id for one in sent(uow, "DeleteChatMessage")] == [ivan.chat_id]
    assert [one.chat_id for one in sent(uow, "SendConversationMessage")] == [ivan.chat_id, abc.chat_id]


def test_the_same_mark_is_a_plain_change(uow: UnitOfWork, talk: tuple[Conversation, Person, Person]) -> None:
    """A change that keeps its mark, or leaves it out, stays with its side."""
    _, ivan, abc = talk
    answer(uow, "#buyer Цена 3.10")
    change(uow, "#buyer Цена 3.20")
    assert [one.chat_id for one in sent(uow, "EditChatMessage")] == [ivan.chat_id]
    assert change(uow, "Цена 3.30").addressed == "buyer"
    assert sent(uow, "SendConversationMessage", chat_id=abc.chat_id) == []


def test_a_mark_without_words_is_refused(uow: UnitOfWork, talk: tuple[Conversation, Person, Person]) -> None:
    """A mark alone would arrive as an empty message: the operator is told that there is nothing to send."""
    assert talk[0].line_chat_id == LINE
    with pytest.raises(InvalidInput):
        answer(uow, "#buyer ")
    assert sent(uow, "SendConversationMessage") == []


def test_an_operators_words_reopen_a_conversation(uow: UnitOfWork, talk: tuple[Conversation, Person, Person]) -> None:
    """Whoever is written to can answer: words to a closed conversation open it again, a note does not."""
    conversation, ivan, _ = talk
    conversations.set_state(uow, conversation.id, "closed", "user/5")
    answer(uow, "#note проверить оплату", 1)
    assert conversation.state == "closed"
    answer(uow, "Отгрузка завтра", 2)
    assert conversation.state == "open"
    assert messages.say(uow, ivan, conversation, Spoken(kind="text", text="Спасибо", source_key=f"{ivan.chat_id}:9")).id


def test_a_masked_message_is_released_once(uow: UnitOfWork, talk: tuple[Conversation, Person, Person]) -> None:
    """The second press on *show* is refused and rewrites nothing, also when the conversation was closed in between."""
    conversation, ivan, abc = talk
    key = f"{ivan.chat_id}:10"
    hidden = messages.say(uow, ivan, conversation, Spoken(kind="text", text="+998 90 123 45 67", source_key=key))
    message_changes.release(uow, hidden.id, "user/5")
    conversations.set_state(uow, conversation.id, "closed", "user/5")
    with pytest.raises(InvalidState):
        message_changes.release(uow, hidden.id, "user/5")
    assert [one.chat_id for one in sent(uow, "EditChatMessage")] == [abc.chat_id]


def test_every_file_follows_words_to_another_side(uow: UnitOfWork, talk: tuple[Conversation, Person, Person]) -> None:
    """Words with several files that get another side's mark take all of them along, also when a note becomes words."""
    conversation, _, _ = talk
    key = f"{LINE}:1"
    links = [{"name": f"{name}.pdf", "url": f"https://portal.example/{name}"} for name in "ab"]
    who = {"user_id": "5", "user_name": "Olga"}
    messages.say_as_manager(
        uow, SpokenByManager(text="#buyer Расчёт", source_key=key, files=links, **who), line_chat_id=LINE
    )
    now = change(uow, "#factory Hisob")
    again = [one for one in message_history.history(uow, conversation.id) if one.deleted_at is None]
    assert [(one.addressed, one.file_address, one.album) for one in again] == [
        ("factory", link["url"], key) for link in links
    ]
    assert now.id == again[0].id
    change(uow, "#note Расчёт")
    notes = [one.text for one in message_history.history(uow, conversation.id, notes=True) if one.deleted_at is None]
    assert [link["url"] in text for link, text in zip(links, notes, strict=True)] == [True, True]
    assert links[0]["url"] in change(uow, "#note Расчёт 2").text
    change(uow, "#buyer Расчёт 3")
    told = [one for one in message_history.history(uow, conversation.id) if one.deleted_at is None]
    assert [(one.addressed, one.kind, one.file_address, one.file_state) for one in told] == [
        ("buyer", "document", link["url"], "fetching") for link in links
    ]


def test_a_file_of_ours_follows_words_to_another_side(
    uow: UnitOfWork, talk: tuple[Conversation, Person, Person]
) -> None:
    """A photo that an employee sent from a page goes to the other side with the changed words."""
    conversation, ivan, _ = talk
    photo = sent_files.keep(uow, ivan.id, sent_files.Fetched("0" * 64, 5, "image/jpeg", "a.jpg"))
    messages.say_as_manager(
        uow,
        SpokenByManager(
            user_id="5",
            user_name="Olga",
            text="#buyer Фото",
            source_key="page:1",
            files=[{"name": photo.name, "file_id": photo.id, "kind": "photo"}],
        ),
        conversation_id=conversation.id,
    )
    now = message_changes.edit(uow, source="portal", source_key="page:1", text="#factory Surat")
    assert (now.addressed, now.kind, now.file_id) == ("factory", "photo", photo.id)
    assert message_changes.edit(uow, source="portal", source_key="page:1", text="#note Surat").kind == "note"
    now = message_changes.edit(uow, source="portal", source_key="page:1", text="#factory Surat 2")
    assert (now.addressed, now.kind, now.file_id) == ("factory", "photo", photo.id)
