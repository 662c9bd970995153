"""Conversations as each side sees them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from sqlalchemy import select

from b24app.services import file_links, message_files, messages, offers, profile_cards
from b24app.services.spoken import Spoken, SpokenByManager
from storage.models import Conversation, File, Message, Person
from storage.unit_of_work import Transactions
from tests import factories
from tests.conftest import KEY
from tests.contract.miniapp.conftest import Visitor

Visit = Callable[[Person], Visitor]


def test_a_message_is_said_once_and_seen_by_both(transactions: Transactions, visitor: Visit) -> None:
    """The same key twice says it once; both sides read it, the sender with a mark of how far it got."""
    with transactions() as uow:
        conversation, ivan, abc, _ = factories.conversation(uow)
    for _ in range(2):
        said = visitor(ivan).act("say", conversation_id=conversation.id, text="Какая ткань?", key="abcd-efgh")
        assert said.status_code == 200
    with transactions() as uow:
        assert len(uow.session.scalars(select(Message)).all()) == 1
    path = f"/app/chats/{conversation.id}"
    assert "в пути" in visitor(ivan).get(path).text
    assert "Какая ткань?" in visitor(abc).get(path).text


def test_typed_markup_stays_text(transactions: Transactions, visitor: Visit) -> None:
    """Tags and BB codes that a person types are shown as typed."""
    with transactions() as uow:
        conversation, ivan, abc, _ = factories.conversation(uow)
    typed = "<script>alert(1)</script> [b]bold[/b] [url=javascript:alert(1)]x[/url]"
    visitor(ivan).act("say", conversation_id=conversation.id, text=typed, key="abcd-efgh")
    page = visitor(abc).get(f"/app/chats/{conversation.id}").text
    assert ("<script>alert" in page, "<b>bold" in page, 'href="javascript' in page) == (False, False, False)
    assert "&lt;script&gt;" in page


def test_contacts_are_hidden_from_the_other_side(transactions: Transactions, visitor: Visit) -> None:
    """A phone number typed before the contract reaches no screen of the other side."""
    with transactions() as uow:
        conversation, ivan, abc, _ = factories.conversation(uow)
    visitor(ivan).act("say", conversation_id=conversation.id, text="Звоните +7 900 123-45-67", key="abcd-efgh")
    for path in (f"/app/chats/{conversation.id}", "/app/chats"):
        assert "123-45-67" not in visitor(abc).get(path).text


def test_what_a_manager_tells_one_side_stays_there(transactions: Transactions, visitor: Visit) -> None:
    """A manager's words to the factory, and internal notes, are not in the buyer's history."""
    with transactions() as uow:
        conversation, ivan, abc, _ = factories.conversation(uow)
        for side, text in (("factory", "Only for you"), ("note", "Internal"), ("both", "For both")):
            messages.say_as_manager(
                uow,
                SpokenByManager(user_id="1", user_name="Olga", text=text, source_key=side, side=side),
                conversation_id=conversation.id,
            )
    path = f"/app/chats/{conversation.id}"
    buyer, factory = visitor(ivan).get(path).text, visitor(abc).get(path).text
    assert ("For both" in buyer, "Only for you" in buyer, "Internal" in buyer) == (True, False, False)
    assert ("For both" in factory, "Only for you" in factory, "Internal" in factory) == (True, True, False)


def test_an_unchanged_history_is_not_sent_again(transactions: Transactions, visitor: Visit) -> None:
    """Asking again with the mark of what is shown costs nothing; after a new message the history comes."""
    with transactions() as uow:
        conversation, ivan, _, _ = factories.conversation(uow)
    there = visitor(ivan)
    path = f"/app/chats/{conversation.id}/log"
    mark = there.get(path).text.split("log?mark=")[1].split('"')[0]
    assert there.get(f"{path}?mark={mark}").status_code == 204
    there.act("say", conversation_id=conversation.id, text="Новое", key="abcd-efgh")
    assert "Новое" in there.get(f"{path}?mark={mark}").text


def test_a_long_history_is_read_in_pages(transactions: Transactions, visitor: Visit) -> None:
    """The newest fifty messages come first, with a way to the earlier ones, which are not replaced by the newest again."""
    with transactions() as uow:
        conversation, ivan, _, _ = factories.conversation(uow)
        for number in range(60):
            messages.say(uow, ivan, conversation, Spoken(kind="text", text=f"слово {number}.", source_key=f"{number}"))
    there = visitor(ivan)
    newest = there.get(f"/app/chats/{conversation.id}").text
    assert ("слово 59." in newest, "слово 9." in newest, "hx-get" in newest) == (True, False, True)
    [address] = re.findall(r'href="(/app/chats/\d+\?before=\d+)"', newest)
    earlier = there.get(address).text
    assert ("слово 9." in earlier, "слово 59." in earlier, "hx-get" in earlier) == (True, False, False)


def test_a_file_is_ones_own_and_goes_into_the_conversation(transactions: Transactions, visitor: Visit) -> None:
    """A picture uploaded before is said as a photo; somebody else's file does not exist; nothing at all is refused."""
    with transactions() as uow:
        thread, ivan, abc, _ = factories.conversation(uow)
        kept = [
            File(owner="x", person_id=person.id, name="a.png", mime="image/png", size=1, sha256="0")
            for person in (ivan, abc)
        ]
        uow.session.add_all(kept)
    there = visitor(ivan)
    said = [there.act("say", conversation_id=thread.id, file_id=file.id, key=f"key-{file.id:06}") for file in kept]
    assert [answer.status_code for answer in said] == [200, 404]
    assert there.act("say", conversation_id=thread.id, key="key-nothing").status_code == 422
    with transactions() as uow:
        message = uow.session.scalars(select(Message)).one()
        assert (message.kind, message.file_id) == ("photo", kept[0].id)


def test_files_of_the_other_side_open_as_they_were_carried(transactions: Transactions, visitor: Visit) -> None:
    """Before the contract a picture and the clean copy of a document open, the original does not; after it the original does."""
    with transactions() as uow:
        thread, ivan, abc, _ = factories.conversation(uow)
        said = {
            kind: messages.say(
                uow,
                ivan,
                thread,
                Spoken(kind=kind, text=kind, source_key=f"{ivan.chat_id}:{kind}", telegram_file_id=kind),
            )
            for kind in ("photo", "document")
        }
        clean = File(owner="x", person_id=ivan.id, name="a.pdf", mime="application/pdf", size=1, sha256="0")
        uow.session.add(clean)
        uow.session.flush()
        number = clean.id
    there, chat = visitor(abc), f"/app/chats/{thread.id}"

    def opened() -> list[str]:
        links = re.findall(r'href="/files/([^"]+)"', there.get(chat).text)
        return [file_links.subject_of([KEY], token, datetime.now(UTC)) for token in links]

    photo, document = (f"message/{said[kind].id}" for kind in ("photo", "document"))
    assert opened() == [photo]
    with transactions() as uow:
        message_files.ready(uow, said["document"].id, number)
    assert opened() == [photo, f"file/{number}"]
    with transactions() as uow:
        uow.session.get_one(Conversation, thread.id).masked = False
    assert opened() == [photo, document]


def test_chats_about_one_lot_are_told_apart(transactions: Transactions, visitor: Visit) -> None:
    """A buyer who talks to two factories about a lot finds each chat by its offer's number, the factories never a name."""
    with transactions() as uow:
        conversation, ivan, abc, lot = factories.conversation(uow)
        rival, _ = factories.factory(uow, "2002", company="Rival")
        second = offers.allow(uow, factories.offer(uow, rival, lot).id, "user/1")
        marks = [f"#{one.offer_id}<" for one in (conversation, second)]
    page = visitor(ivan).get("/app/chats").text
    assert [mark in page for mark in marks] == [True, True]
    assert "#" not in re.sub(r"&#\d+;", "", visitor(abc).get("/app/chats").text)


def test_a_card_has_no_button_to_where_it_stands(transactions: Transactions, visitor: Visit) -> None:
    """The buyer's card opens the conversation from the bot; in the conversation itself there is nothing to press."""
    with transactions() as uow:
        conversation, _, abc, _ = factories.conversation(uow)
        (card,) = profile_cards.named(uow, conversation, "buyer")
        messages.say_as_manager(
            uow,
            SpokenByManager(
                user_id="1", user_name="", text=card.text, source_key="desk:card", side=card.side, card=card.subject
            ),
            conversation_id=conversation.id,
        )
    page = visitor(abc).get(f"/app/chats/{conversation.id}").text
    assert "Rossiya" in page
    assert "Yozishmani ochish" not in page


def test_a_reply_shows_the_words_it_quotes(transactions: Transactions, visitor: Visit) -> None:
    """Above a reply stand the marked words alone, or the whole message when those are not in it."""
    with transactions() as uow:
        conversation, ivan, abc, _ = factories.conversation(uow)
        say = partial(messages.say, uow, ivan, conversation)
        say(Spoken(kind="text", text="Цвет и [b]срок[/b]?", source_key=f"{ivan.chat_id}:1"))
        for number, quote in enumerate(("срок?", "цена"), start=2):
            key = f"{ivan.chat_id}:{number}"
            say(Spoken(kind="text", text="Уточню", quote=quote, reply_to_outside_id="1", source_key=key))
    page = visitor(abc).get(f"/app/chats/{conversation.id}").text
    assert re.findall('<div class="quote">(.*?)</div>', page) == ["<b>срок</b>?", "Цвет и <b>срок</b>?"]
