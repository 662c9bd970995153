"""What operators wrote while nobody listened is heard afterwards, once; lanes keep their order in a batch."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from b24app.bitrix24 import recovery as recovery_module
from b24app.bitrix24.recovery import LineRecovery
from b24app.domain.deliveries import NotifyUser
from b24app.domain.outcomes import Done, Refused, TryLater
from storage.models import Conversation, InboxRow
from tests.contract.bitrix24.conftest import Carrier, envelope_of
from tests.contract.bitrix24.test_gateway_line import WORDS, dialogs


def test_a_missed_message_of_an_operator_is_read_back_once(carrier: Carrier) -> None:
    """The event got lost; the text enters the inbox under the event's own key, and a second look finds nothing new."""
    installed = carrier.deployment
    answer = carrier.done(WORDS)
    with installed.transactions() as uow:
        chat = answer["chat_id"]
        uow.session.add(Conversation(id=1, kind="help", line_chat_id=chat, last_message_at=datetime.now(UTC)))
    lost = {"match": {"method": "onimconnectormessageadd", "direction": "out"}, "action": "lose"}
    installed.world.fault(lost)
    installed.world.control(f"openlines/{chat}/say", {"user_id": 1, "text": "Кто-нибудь слышит?"})
    installed.world.control("drain", {"seconds": 5})
    recovery = LineRecovery(installed.transactions, installed.client, installed.keeper)
    assert (recovery.run(), recovery.run()) == (1, 0)
    with installed.transactions() as uow:
        (row,) = uow.session.scalars(select(InboxRow).where(InboxRow.source == "bitrix24.event"))
        assert row.lane == f"line:{chat}"
        assert row.payload["data"]["MESSAGES"][0]["message"]["text"] == "Кто-нибудь слышит?"


def test_dialogues_beside_the_liveliest_are_read_back_in_turn(
    carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many conversations are livelier, a message missed in a quieter one is heard when its turn has come."""
    monkeypatch.setattr(recovery_module, "BATCH_LIMIT", 1)
    monkeypatch.setattr(recovery_module, "IN_TURN", 1)
    installed, now = carrier.deployment, datetime.now(UTC)
    with installed.transactions() as uow:
        for number in (1, 2, 3):
            chat = carrier.done(replace(WORDS, conversation_id=str(number), message_id=str(number)))["chat_id"]
            moment = now - timedelta(hours=number)
            uow.session.add(Conversation(id=number, kind="help", line_chat_id=chat, last_message_at=moment))
    installed.world.fault({"match": {"method": "onimconnectormessageadd", "direction": "out"}, "action": "lose"})
    installed.world.control(f"openlines/{chat}/say", {"user_id": 1, "text": "Кто-нибудь слышит?"})
    installed.world.control("drain", {"seconds": 5})
    recovery = LineRecovery(installed.transactions, installed.client, installed.keeper)
    assert [recovery.run() for _ in range(4)] == [0, 0, 1, 0]


def test_messages_of_one_conversation_travel_in_one_command(carrier: Carrier) -> None:
    """Three messages of a lane are one connector call, in their order, each with an outcome of its own."""
    words = [replace(WORDS, message_id=str(number), text=f"Слово {number}") for number in (51, 52, 53)]
    outcomes = carrier.gateway.send([envelope_of(one, lane="conversation:1") for one in words])
    assert [type(outcome) for outcome in outcomes] == [Done, Done, Done]
    (dialog,) = dialogs(carrier)
    texts = [message["text"] for message in dialog["messages"] if message["incoming"]]
    assert texts == ["Слово 51", "Слово 52", "Слово 53"]


def test_what_follows_a_refusal_in_its_lane_waits_for_the_next_batch(carrier: Carrier) -> None:
    """The portal stops at the error: the follower certainly did not happen and goes alone next time."""
    bad, good = NotifyUser(user_id="1", text="", tag="x"), NotifyUser(user_id="1", text="Лот", tag="y")
    first = carrier.gateway.send([envelope_of(bad, lane="one"), envelope_of(good, lane="one")])
    assert (type(first[0]), type(first[1])) == (Refused, TryLater)
    assert isinstance(carrier.gateway.send([envelope_of(good, lane="one")])[0], Done)
