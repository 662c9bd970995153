"""Links to invoices that a manager sends into a conversation."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select

from b24app.services import conversations
from storage.models import Conversation, InvoiceLink, Message, OutboxRow, Person
from tests.contract.placements.conftest import Desk

BUYER, FACTORY = "5000000001", "5000000002"
ADDRESS = "https://docs.example/i/77?sign=abc"
GIVEN = {
    "number": "INV-77",
    "amount": "12 500,50",
    "currency": "USD",
    "due_on": "2099-04-15",
    "purpose": "Образцы [b]и[/b] доставка, тел. +998 90 123-45-67",
    "address": ADDRESS,
    "side": "buyer",
    "key": "invoice-1",
}


def _send(desk: Desk, talk: int, **changes: Any) -> Any:
    return desk.press("send_invoice", conversation_id=talk, **{**GIVEN, **changes})


def test_a_buyer_opens_the_invoice(desk: Desk, talk: int) -> None:
    """The buyer alone reads number, sum, last day and purpose in Russian, nothing hidden of it, over a button with the very address."""
    assert _send(desk, talk).status_code == 200
    sent = desk.sent_to_chats()
    assert set(sent) == {BUYER}
    text = sent[BUYER]["text"].replace("\xa0", " ")
    for words in ("Счёт № INV-77", "12 500,50 $", "15 апр. 2099", "Образцы [b]и[/b] доставка", "+998 90 123-45-67"):
        assert words in text, words
    assert sent[BUYER]["buttons"] == [[{"text": "Открыть счёт", "url": ADDRESS}]]


def test_each_side_reads_its_own_language(desk: Desk, talk: int) -> None:
    """Of one invoice for both the buyer reads Russian and the factory Uzbek."""
    assert _send(desk, talk, side="both").status_code == 200
    sent = desk.sent_to_chats()
    assert ("Сумма" in sent[BUYER]["text"], "Summa" in sent[FACTORY]["text"]) == (True, True)


def test_the_record_keeps_the_address(desk: Desk, talk: int) -> None:
    """The timeline and the transcript hold what was sent with its address, and the invoice itself is kept in minor units."""
    _send(desk, talk)
    assert ADDRESS.replace("&", "&amp;") in desk.part("transcript").text
    with desk.transactions() as uow:
        [written] = uow.session.scalars(select(OutboxRow).where(OutboxRow.kind == "AddTimelineComment"))
        assert ADDRESS in written.payload["text"]
        kept = uow.session.scalars(select(InvoiceLink)).one()
        assert (kept.number, kept.amount_minor, kept.currency, str(kept.due_on)) == (
            "INV-77",
            1250050,
            "USD",
            "2099-04-15",
        )


def test_a_repeated_press_sends_no_second_invoice(desk: Desk, talk: int) -> None:
    """The same press again leaves one invoice and one message."""
    assert [_send(desk, talk).status_code for _ in range(2)] == [200, 200]
    with desk.transactions() as uow:
        assert (
            len(uow.session.scalars(select(InvoiceLink)).all()) == len(uow.session.scalars(select(Message)).all()) == 1
        )


def test_an_invoice_of_the_deal_is_sent_again(desk: Desk, talk: int) -> None:
    """What was sent before stands in the form and goes to another side as it was."""
    _send(desk, talk)
    assert "Счёт № INV-77, 12\xa0500,50\xa0$" in desk.part("transcript").text
    with desk.transactions() as uow:
        number = uow.session.scalars(select(InvoiceLink.id)).one()
    again: dict[str, Any] = {"conversation_id": talk, "invoice_id": number, "side": "factory", "key": "invoice-2"}
    assert desk.press("send_invoice_again", **again).status_code == 200
    assert desk.sent_to_chats()[FACTORY]["buttons"] == [[{"text": "Invoysni ochish", "url": ADDRESS}]]


def test_an_invoice_of_another_factory_is_not_sent(desk: Desk, talk: int) -> None:
    """What one factory was billed cannot be sent into the conversation with another about the same lot."""
    _send(desk, talk)
    with desk.transactions() as uow:
        invoice = uow.session.scalars(select(InvoiceLink.id)).one()
        lot = uow.session.get_one(Conversation, talk).lot_id or 0
    other = desk.market.talk(desk.market.offer(lot, desk.market.factory(3, "Zarafshon Tex")))
    again: dict[str, Any] = {"conversation_id": other, "invoice_id": invoice, "side": "both", "key": "invoice-2"}
    assert desk.press("send_invoice_again", **again).status_code == 404


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"address": "https://docs.example@evil.example/"}, "Скопируйте адрес"),
        ({"address": "http://docs.example/"}, "Скопируйте адрес"),
        ({"amount": "0"}, "больше нуля"),
        ({"amount": "10.005"}, "2"),
        ({"amount": "много"}, "число"),
        ({"currency": "XXX"}, "валюту"),
        ({"due_on": "2020-01-01"}, "прош"),
        ({"number": ""}, "Заполните"),
        ({"purpose": "я" * 301}, "300"),
    ],
)
def test_what_no_invoice_looks_like_is_refused(desk: Desk, talk: int, changes: dict[str, str], said: str) -> None:
    """A wrong address, sum, currency, day or text is answered beside the form in words, and nothing is sent."""
    answer = _send(desk, talk, **changes)
    assert answer.status_code == 422
    assert said.lower() in answer.text.lower()
    assert desk.sent_to_chats() == {}


def test_direction_marks_in_the_words_are_dropped(desk: Desk, talk: int) -> None:
    """Signs that turn a line around reach nobody."""
    assert _send(desk, talk, purpose="Оплата\u202e fdp.txt", number="A\u200b1").status_code == 200
    text = desk.sent_to_chats()[BUYER]["text"]
    assert ("\u202e" in text, "\u200b" in text) == (False, False)


def test_whoever_asks_for_help_gets_an_invoice(desk: Desk) -> None:
    """In a help conversation the person gets it, whatever side the page named."""
    desk.market.buyer()
    with desk.transactions() as uow:
        made = conversations.open_help(uow, uow.session.scalars(select(Person).where(Person.chat_id == BUYER)).one())
        made.line_chat_id = "778"
        talk = made.id
    desk.open("chat_textarea", PLACEMENT_OPTIONS=json.dumps({"dialogId": "chat778"}))
    assert _send(desk, talk, side="factory").status_code == 200
    assert set(desk.sent_to_chats()) == {BUYER}
