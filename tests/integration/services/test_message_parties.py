"""Parties that change in the middle of a conversation: a colleague leaves, the contract is signed, a reader is away."""

from __future__ import annotations

import pytest

from b24app.errors import NotAllowed
from b24app.services import colleagues, conversations, message_changes, message_files, messages, people
from b24app.services.spoken import Spoken, SpokenByManager
from storage.models import Conversation, File, Member, Person
from storage.unit_of_work import UnitOfWork
from tests import factories
from tests.integration.services.outgoing import rows, sent

Talk = tuple[Conversation, Person, Person]


@pytest.fixture
def talk(uow: UnitOfWork) -> Talk:
    """A conversation of a buyer and a factory."""
    conversation, ivan, abc, _ = factories.conversation(uow)
    return conversation, ivan, abc


def _colleague(uow: UnitOfWork, company_id: int | None) -> Person:
    bob = factories.person(uow, "7001", "ru")
    uow.session.add(Member(company_id=company_id, person_id=bob.id, role="sales", joined_at=uow.now))
    uow.session.flush()
    people.forget_memberships(uow)
    return bob


def _say(uow: UnitOfWork, person: Person, talk: Talk, text: str, *, kind: str = "text", file: str = "") -> int:
    key = f"{person.chat_id}:{text}"
    return messages.say(uow, person, talk[0], Spoken(kind=kind, text=text, source_key=key, telegram_file_id=file)).id


def test_a_colleague_who_left_stops_no_change(uow: UnitOfWork, talk: Talk) -> None:
    """An edit reaches everybody who is still there, and neither who left nor who blocked the bot."""
    conversation, ivan, abc = talk
    bob = _colleague(uow, conversation.factory_company_id)
    _say(uow, ivan, talk, "цена 3.10")
    colleagues.remove(uow, abc, conversation.factory_company_id or 0, bob.id)
    message_changes.edit(uow, source="telegram", source_key=f"{ivan.chat_id}:цена 3.10", text="цена 3.20")
    assert [one.chat_id for one in sent(uow, "EditChatMessage")] == [abc.chat_id]


def test_who_left_changes_nothing_any_more(uow: UnitOfWork, talk: Talk) -> None:
    """What a person said before they left stays as it was agreed; their edit is refused."""
    conversation, ivan, abc = talk
    bob = _colleague(uow, conversation.factory_company_id)
    _say(uow, bob, talk, "цена 3.10")
    colleagues.remove(uow, abc, conversation.factory_company_id or 0, bob.id)
    with pytest.raises(NotAllowed):
        message_changes.edit(uow, source="telegram", source_key=f"{bob.chat_id}:цена 3.10", text="цена 9.90")
    assert sent(uow, "EditChatMessage", chat_id=ivan.chat_id) == []


def test_a_file_looked_at_while_the_contract_is_signed_goes_as_it_is(uow: UnitOfWork, talk: Talk) -> None:
    """What could not be cleaned is held back before the contract alone."""
    conversation, ivan, abc = talk
    number = _say(uow, ivan, talk, "чертёж", kind="document", file="F")
    conversations.release(uow, conversation.id, "user/1")
    message_files.held(uow, number, "locked")
    (file,) = sent(uow, "SendChatFile", chat_id=abc.chat_id)
    assert (file.telegram_file_id, file.caption.rpartition("\n")[2]) == ("F", "чертёж")
    assert [one for one in sent(uow, "NotifyUser") if "ждёт вашего решения" in one.text] == []


def test_twelve_files_of_an_operator_are_two_albums_with_a_heading_each(uow: UnitOfWork, talk: Talk) -> None:
    """What does not fit into the first album says as well who sends it."""
    photos = []
    for number in range(12):
        photos.append(File(owner="x", name=f"{number}.jpg", mime="image/jpeg", size=1, sha256=f"{number:064d}"))
    uow.session.add_all(photos)
    uow.session.flush()
    messages.say_as_manager(
        uow,
        SpokenByManager(
            user_id="5",
            user_name="Olga",
            text="Образцы",
            source_key="p:1",
            files=[{"name": photo.name, "file_id": photo.id, "kind": "photo"} for photo in photos],
        ),
        conversation_id=talk[0].id,
    )
    albums = [row.payload["items"] for row in rows(uow, "SendChatAlbum") if row.payload["chat_id"] == talk[1].chat_id]
    assert [len(items) for items in albums] == [10, 2]
    assert ["Olga" in item["caption"] for items in albums for item in items] == [
        place == 0 for items in albums for place in range(len(items))
    ]
