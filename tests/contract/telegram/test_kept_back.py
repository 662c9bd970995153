"""The test mode on the way out to Telegram: what is kept back, and what still goes."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

import pytest
import responses

from b24app.domain.deliveries import EditChatMessage, SendChatFile, SendChatMessage, ShowActivity
from b24app.domain.delivery import Delivery
from b24app.domain.outcomes import Done, Envelope, Refused
from b24app.services import settings as chosen
from b24app.services import test_mode
from storage.models import Company, Member, Person
from storage.unit_of_work import Transactions
from telegram_bridge.gateway import TelegramGateway
from tests.contract.telegram.conftest import API, TOKEN

CHAT, FACTORY_CHAT = "7000000001", "7000000002"
SENDING = f"{API}/bot{TOKEN}/sendMessage"


def sent(chat: str) -> dict[str, Any]:
    """Give Telegram's answer to a message into a chat."""
    told = {"id": int(chat), "type": "private", "first_name": "Ivan"}
    return {"ok": True, "result": {"message_id": 55, "chat": told, "date": 1772443800}}


def envelope(delivery: Delivery, row_id: int) -> Envelope:
    """Give a message as the dispatcher hands it over."""
    return Envelope(row_id=row_id, key=f"key-{row_id}", lane=f"lane-{row_id}", attempt=1, delivery=delivery)


@pytest.fixture
def factory_chat(transactions: Transactions) -> str:
    """A person who speaks for a factory; test mode is on, and there is a tender channel."""
    with transactions() as uow:
        person = Person(telegram_id=FACTORY_CHAT, chat_id=FACTORY_CHAT, language="uz", state="active")
        company = Company(kind="factory", name="ABC Textiles", state="accepted", answers={})
        uow.session.add_all([person, company])
        uow.session.flush()
        uow.session.add(Member(company_id=company.id, person_id=person.id, role="sales"))
        chosen.put(uow, "tender_channel_id", "@tenders", "user/1")
        test_mode.switch(uow, True, "user/1")
    return FACTORY_CHAT


def test_the_test_mode_keeps_factories_and_the_channel_undisturbed(
    gateway: TelegramGateway, api: responses.RequestsMock, factory_chat: str
) -> None:
    """Whatever is meant for a factory or the channel is kept back by name, nobody is typing there, and buyers get theirs."""
    api.post(SENDING, json=sent(CHAT))
    meant = [
        SendChatMessage(chat_id=factory_chat, text="A new lot"),
        EditChatMessage(chat_id=factory_chat, text="Changed", message_id="5"),
        SendChatFile(chat_id=factory_chat, kind="photo", telegram_file_id="f"),
        SendChatMessage(chat_id="@tenders", text="A new lot"),
        ShowActivity(chat_id=factory_chat, until_epoch=2_000_000_000),
        SendChatMessage(chat_id=CHAT, text="Hello"),
    ]
    outcomes = gateway.send([envelope(delivery, number) for number, delivery in enumerate(meant)])
    kept_back = Refused(test_mode.REASON, "test_mode")
    assert outcomes[:5] == [kept_back, kept_back, kept_back, kept_back, Done()]
    assert isinstance(outcomes[5], Done)
    [call] = api.calls
    assert parse_qs(str(call.request.body))["chat_id"] == [CHAT]


def test_after_the_test_mode_messages_go_again(
    gateway: TelegramGateway, api: responses.RequestsMock, transactions: Transactions, factory_chat: str
) -> None:
    """Switched off, it holds nothing back."""
    api.post(SENDING, json=sent(factory_chat))
    with transactions() as uow:
        test_mode.switch(uow, False, "user/1")
    [outcome] = gateway.send([envelope(SendChatMessage(chat_id=factory_chat, text="A new lot"), 1)])
    assert isinstance(outcome, Done)
