"""What operators wrote while nobody listened is heard afterwards, once; lanes keep their order in a batch."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from b24app.bitrix24 import events
from b24app.bitrix24 import recovery as recovery_module
from b24app.bitrix24.recovery import LineRecovery
from b24app.domain.deliveries import NotifyUser, SendToOpenLine
from b24app.domain.outcomes import Done, Refused, TryLater
from b24app.jobs import process_inbox
from b24app.services import messages, people
from b24app.services.spoken import SpokenByManager
from storage.models import Conversation, InboxRow, Message, OutboxRow
from tests.contract.bitrix24.conftest import Carrier, asked, envelope_of
from tests.contract.bitrix24.test_gateway_line import WORDS, dialogs

LOST = {"match": {"method": "onimconnector*", "direction": "out"}, "action": "lose"}


class Dialogue:
    """A dialogue of the open line whose events get lost from now on."""

    def __init__(self, carrier: Carrier) -> None:
        self.installed = carrier.deployment
        answer = carrier.done(WORDS)
        self.chat = str(answer["chat_id"])
        with self.installed.transactions() as uow:
            person = people.meet(uow, telegram_id="5", chat_id="5", first_name="Иван")
            uow.session.flush()
            talk = Conversation(kind="help", person_id=person.id, line_chat_id=self.chat, last_message_at=uow.now)
            talk.line_session_id = str(answer["session_id"])
            uow.session.add(talk)
        self.installed.world.fault(LOST)

    def operator(self, action: str, **what: Any) -> Any:
        """Let the operator do something."""
        done = self.installed.world.control(f"openlines/{self.chat}/{action}", {"user_id": 1, **what})["result"]
        self.installed.world.control("drain", {"seconds": 5})
        return done

    def read_back(self) -> int:
        """Read the dialogue back, as a worker does at its start, and work what came of it."""
        made = self.installed
        heard = asked(made, LineRecovery(made.transactions))
        process_inbox.drain(f"line:{self.chat}", made.transactions, {"bitrix24.event": events.handle})
        return heard

    def said(self) -> list[Message]:
        """Give what is kept of the operator's words."""
        with self.installed.transactions() as uow:
            rows = uow.session.scalars(select(Message).where(Message.source == "open_line").order_by(Message.id))
            return list(rows)


@pytest.fixture
def dialogue(carrier: Carrier) -> Dialogue:
    """A dialogue nobody listens to."""
    return Dialogue(carrier)


def test_a_missed_message_of_an_operator_is_read_back_once(dialogue: Dialogue) -> None:
    """The event got lost; the text enters the inbox under the event's own key, and a second look finds nothing new."""
    dialogue.operator("say", text="Кто-нибудь слышит?")
    assert (dialogue.read_back(), dialogue.read_back()) == (1, 0)
    assert [message.text for message in dialogue.said()] == ["Кто-нибудь слышит?"]
    with dialogue.installed.transactions() as uow:
        (row,) = uow.session.scalars(select(InboxRow).where(InboxRow.source == "bitrix24.event"))
        assert row.lane == f"line:{dialogue.chat}"


def test_a_missed_file_is_read_back(dialogue: Dialogue) -> None:
    """A file that an operator sent is fetched later by the address that the history shows."""
    dialogue.operator("say", files=[["shartnoma.pdf", base64.b64encode(b"%PDF-1.4").decode()]])
    assert (dialogue.read_back(), dialogue.read_back()) == (1, 0)
    (message,) = dialogue.said()
    assert (message.file_name, message.file_state) == ("shartnoma.pdf", "fetching")
    assert message.file_address.startswith("http")


def test_missed_edits_and_deletions_are_read_back(dialogue: Dialogue) -> None:
    """What an operator changed or took back unheard is changed and taken back, once each, also back to an earlier wording."""
    first = dialogue.operator("say", text="Цена 3")
    second = dialogue.operator("say", text="Не то")
    dialogue.read_back()
    for text in ("Цена 4", "Цена 3", "Цена 4"):
        dialogue.operator("edit", message_id=first["id"], text=text)
        assert (dialogue.read_back(), dialogue.read_back()) == (1, 0)
        assert dialogue.said()[0].text == text
    dialogue.operator("delete", message_id=second["id"])
    assert (dialogue.read_back(), dialogue.read_back()) == (1, 0)
    assert dialogue.said()[1].deleted_at is not None


def test_what_was_written_beside_the_line_is_shown_there_and_not_heard_again(
    carrier: Carrier, dialogue: Dialogue
) -> None:
    """A manager's message from the deal stands in the dialogue in the manager's name; reading back takes it for no new words."""
    with dialogue.installed.transactions() as uow:
        (talk,) = uow.session.scalars(select(Conversation))
        messages.say_as_manager(
            uow,
            SpokenByManager(user_id="1", user_name="", text="Пишу из сделки", source_key="desk:1"),
            conversation_id=talk.id,
        )
        (row,) = uow.session.scalars(select(OutboxRow).where(OutboxRow.kind == "SendToOpenLine"))
        delivery = SendToOpenLine(**row.payload)
    carrier.done(replace(delivery, conversation_id=WORDS.conversation_id))
    (shown,) = [one for one in dialogs(carrier)[0]["messages"] if one["text"] == "Пишу из сделки"]
    assert str(shown["author"]) == "1"
    assert dialogue.read_back() == 0
    assert dialogue.said() == []


def test_words_of_a_session_that_ended_meanwhile_are_read_back(dialogue: Dialogue) -> None:
    """An operator wrote, closed the dialogue and wrote again: both sessions are read."""
    dialogue.operator("say", text="До свидания")
    dialogue.operator("finish")
    dialogue.operator("say", text="Ещё одно")
    assert dialogue.read_back() == 2
    assert {message.text for message in dialogue.said()} == {"До свидания", "Ещё одно"}


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
    recovery = LineRecovery(installed.transactions)
    assert asked(installed, recovery) == 0
    installed.world.fault({"match": {"method": "onimconnectormessageadd", "direction": "out"}, "action": "lose"})
    installed.world.control(f"openlines/{chat}/say", {"user_id": 1, "text": "Кто-нибудь слышит?"})
    installed.world.control("drain", {"seconds": 5})
    assert [asked(installed, recovery) for _ in range(4)] == [0, 0, 1, 0]


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
