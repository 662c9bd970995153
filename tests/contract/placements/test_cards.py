"""Cards that a manager sends into a conversation: who gets which, in whose language, and nothing of the buyer before the contract."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from sqlalchemy import select

from b24app.services import conversations, profile_cards, relations
from storage.models import Company, Conversation, Message, OutboxRow, Person
from tests.contract.placements.conftest import Desk

BUYER, FACTORY = "5000000001", "5000000002"


def _send(desk: Desk, talk: int, card: str, key: str = "card-key-1") -> int:
    return desk.press("send_card", conversation_id=talk, card=card, key=key).status_code


def test_a_factory_goes_to_the_buyer(desk: Desk, talk: int) -> None:
    """The buyer alone gets the factory's card, in Russian, without its site, with a button to its profile."""
    assert _send(desk, talk, "factory") == 200
    sent = desk.sent_to_chats()
    assert set(sent) == {BUYER}
    text = sent[BUYER]["text"]
    assert "ABC Textiles" in text
    assert "35 дней" in text
    assert "abc-textiles.example" not in text
    assert sent[BUYER]["buttons"][0][0]["web_app"].startswith("/app/catalogue/")


def test_a_buyer_goes_to_the_factory_without_a_name(desk: Desk, talk: int) -> None:
    """The factory alone gets the buyer's card, in Uzbek, and before the contract nothing by which the buyer is known."""
    assert _send(desk, talk, "buyer") == 200
    sent = desk.sent_to_chats()
    assert set(sent) == {FACTORY}
    text = sent[FACTORY]["text"]
    assert "Rossiya" in text
    for told in ("Северный", "Петров", "severstyle", "Невский", "7900"):
        assert told not in text, told


def test_after_the_contract_the_buyer_has_a_name(desk: Desk, talk: int) -> None:
    """Once nothing is hidden any more the card says which company buys, still without its phones and addresses."""
    with desk.transactions() as uow:
        uow.session.get_one(Conversation, talk).masked = False
    assert _send(desk, talk, "buyer") == 200
    text = desk.sent_to_chats()[FACTORY]["text"]
    assert "Северный стиль" in text
    assert "7900" not in text


def test_a_lot_goes_to_both_in_their_languages(desk: Desk, talk: int) -> None:
    """Each side gets the lot in its own language with its own screen behind the button; the phone in it stays hidden."""
    assert _send(desk, talk, "lot") == 200
    sent = desk.sent_to_chats()
    assert (sent[BUYER]["buttons"][0][0]["web_app"][:10], sent[FACTORY]["buttons"][0][0]["web_app"][:13]) == (
        "/app/lots/",
        "/app/tenders/",
    )
    assert "Условия поставки" in sent[BUYER]["text"]
    assert "123-45-67" not in sent[FACTORY]["text"]


def test_a_repeated_press_sends_nothing_twice(desk: Desk, talk: int) -> None:
    """The same press again leaves one message for each side."""
    assert [_send(desk, talk, "lot"), _send(desk, talk, "lot")] == [200, 200]
    with desk.transactions() as uow:
        assert [one.addressed for one in uow.session.scalars(select(Message).order_by(Message.id))] == [
            "buyer",
            "factory",
        ]


def test_every_place_for_writing_offers_the_cards(desk: Desk, talk: int) -> None:
    """The deal tab shows what can be sent and what the reader would get, in words without codes."""
    page = desk.part("transcript").text
    for words in ("Фабрика — для покупателя", "Покупатель — для фабрики", "Лот — для обеих сторон", "ABC Textiles"):
        assert words in page, words
    assert "[b]" not in page


def test_words_can_have_a_button_that_opens_the_lot(desk: Desk, talk: int) -> None:
    """Each side's button opens its own screen of the lot; files and notes have none."""
    spoken: dict[str, Any] = {"conversation_id": talk, "side": "both", "text": "Посмотрите сроки", "button": "true"}
    assert desk.press("say", **spoken, key="key-button").status_code == 200
    assert desk.press("say", **{**spoken, "side": "note"}, key="key-of-note").status_code == 200
    file = (io.BytesIO(b"%PDF-1.4"), "a.pdf")
    assert desk.press("say", **spoken, key="key-of-file", files=file).status_code == 422
    with desk.transactions() as uow:
        query = select(OutboxRow.payload).where(OutboxRow.kind == "SendConversationMessage")
        rows = [one for one in uow.session.scalars(query) if "Посмотрите" in one["text"]]
        lot_id = uow.session.get_one(Conversation, talk).lot_id
    opened = {one["chat_id"]: one["buttons"][0][0]["web_app"] for one in rows}
    assert opened == {BUYER: f"/app/lots/{lot_id}", FACTORY: f"/app/tenders/{lot_id}"}


@pytest.fixture
def help_talk(desk: Desk) -> dict[str, int]:
    """A buyer's help conversation, open beside its open-line chat; the buyer has one lot and met one factory, another he did not."""
    buyer, lot = desk.market.buyer(), desk.market.lot(published=True)
    factory, stranger = desk.market.factory(), desk.market.factory(3, "Zarafshon Tex")
    with desk.transactions() as uow:
        ivan = uow.session.scalars(select(Person).where(Person.chat_id == BUYER)).one()
        relations.viewed(uow, uow.session.get_one(Company, buyer), uow.session.get_one(Company, factory), ivan)
        talk = conversations.open_help(uow, ivan)
        talk.line_chat_id = "778"
        made = talk.id
    desk.open("chat_sidebar", PLACEMENT_OPTIONS=json.dumps({"dialogId": "chat778"}))
    return {"talk": made, "lot": lot, "factory": factory, "stranger": stranger}


def test_who_asks_for_help_is_shown_his_lot_and_a_factory(desk: Desk, help_talk: dict[str, int]) -> None:
    """In a help conversation the buyer's own lots and the factories he met can be sent, in his language, with their screens."""
    offered = desk.part("transcript").text
    assert "ABC Textiles" in offered
    assert "Zarafshon" not in offered
    for name in (f"lot/{help_talk['lot']}", f"company/{help_talk['factory']}"):
        assert _send(desk, help_talk["talk"], name, f"key-{name}") == 200
    with desk.transactions() as uow:
        query = select(OutboxRow.payload).where(OutboxRow.kind == "SendConversationMessage").order_by(OutboxRow.id)
        opened = [(one["chat_id"], one["buttons"][0][0]["web_app"]) for one in uow.session.scalars(query)]
        buyer = uow.session.scalars(select(Company).where(Company.kind == "buyer")).one()
        assert profile_cards.was_shown(uow, buyer, help_talk["factory"])
    assert opened == [(BUYER, f"/app/lots/{help_talk['lot']}"), (BUYER, f"/app/catalogue/{help_talk['factory']}")]


def test_a_card_that_was_not_offered_is_not_sent(desk: Desk, help_talk: dict[str, int]) -> None:
    """Nobody sends a card of something that this conversation has nothing to do with."""
    assert _send(desk, help_talk["talk"], f"company/{help_talk['stranger']}") == 404
    assert desk.sent_to_chats() == {}
