"""The open line, notices and automation, on the stand-in portal."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import requests

from b24app.domain.deliveries import (
    ConfirmOpenLineDelivery,
    DeleteInOpenLine,
    EditInOpenLine,
    FinishRobot,
    NotifyUser,
    SendToOpenLine,
)
from b24app.domain.outcomes import Done, TryLater, Unclear
from storage.models import Conversation
from tests.contract.bitrix24.conftest import Carrier, envelope_of

WORDS = SendToOpenLine(
    conversation_id="1",
    conversation_title="Lot 256 · ABC Textiles",
    message_id="41",
    speaker_id="person-7",
    speaker_name="Иван 🚀 Петров-007",
    text="Добрый день!",
    sent_at_epoch=1772443800,
)


def dialogs(carrier: Carrier) -> list[dict[str, Any]]:
    """Give the dialogs as operators see them."""
    answer = requests.get(f"{carrier.deployment.world.url}/sandbox/openlines", timeout=10).json()
    return list(answer["dialogs"] if isinstance(answer, dict) else answer)


def test_two_speakers_of_one_conversation_share_one_chat(carrier: Carrier) -> None:
    """The chat on the line is the conversation, whoever of its people speaks; names are fit for the line."""
    first = carrier.done(WORDS)
    other = replace(WORDS, message_id="42", speaker_id="person-8", speaker_name="Oʻtkir", text="Assalomu alaykum!")
    second = carrier.done(other)
    assert first["chat_id"] == second["chat_id"] != ""
    (dialog,) = dialogs(carrier)
    assert [message["text"] for message in dialog["messages"] if message["incoming"]] == [
        "Добрый день!",
        "Assalomu alaykum!",
    ]


def test_a_message_is_found_in_its_dialogue_after_a_lost_answer(carrier: Carrier) -> None:
    """Once the dialogue is known, a message is proven by it; before the first dialogue of all, nothing is claimed."""
    assert isinstance(carrier.gateway.prove([envelope_of(WORDS)])[0], Unclear)
    answer = carrier.done(WORDS)
    with carrier.deployment.transactions() as uow:
        talk = Conversation(id=1, kind="help", line_chat_id=answer["chat_id"], line_session_id=answer["session_id"])
        uow.session.add(talk)
    assert isinstance(carrier.gateway.prove([envelope_of(WORDS)])[0], Done)


def test_the_first_message_of_a_dialogue_is_proven_by_another_dialogue(carrier: Carrier) -> None:
    """Where one dialogue is known, an unheard-of one is found by its code, and one that is not found is certainly not there."""
    known = carrier.done(WORDS)
    with carrier.deployment.transactions() as uow:
        uow.session.add(Conversation(id=1, kind="help", line_chat_id=known["chat_id"]))
        uow.session.add(Conversation(id=2, kind="help"))
    first = replace(WORDS, conversation_id="2", message_id="51")
    assert isinstance(carrier.gateway.prove([envelope_of(first)])[0], TryLater)
    sent = carrier.done(first)
    outcome = carrier.gateway.prove([envelope_of(first)])[0]
    assert isinstance(outcome, Done)
    assert outcome.answer["chat_id"] == sent["chat_id"] != known["chat_id"]
    assert isinstance(carrier.gateway.prove([envelope_of(replace(first, message_id="52"))])[0], TryLater)


def test_a_dialogue_that_nobody_may_see_is_not_taken_for_absent(carrier: Carrier) -> None:
    """When the known dialogue is not found either, the refusal of the other says nothing."""
    carrier.done(WORDS)
    with carrier.deployment.transactions() as uow:
        uow.session.add(Conversation(id=1, kind="help", line_chat_id="777"))
        uow.session.add(Conversation(id=2, kind="help"))
    assert isinstance(carrier.gateway.prove([envelope_of(replace(WORDS, conversation_id="2"))])[0], Unclear)


def test_an_edit_and_a_receipt_are_taken(carrier: Carrier) -> None:
    """The operator sees the edited words, and his own message as delivered."""
    answer = carrier.done(WORDS)
    edit = EditInOpenLine(
        conversation_id="1", message_id="41", speaker_id="person-7", speaker_name="Иван", text="Добрый вечер!"
    )
    carrier.done(edit)
    said = carrier.deployment.world.control(
        f"openlines/{answer['chat_id']}/say", {"user_id": "2", "text": "Здравствуйте!"}
    )["result"]
    receipt = ConfirmOpenLineDelivery(
        conversation_id="1",
        im_chat_id=answer["chat_id"],
        im_message_id=str(said["id"]),
        message_ids=["77"],
        delivered_at_epoch=1772443900,
    )
    carrier.done(receipt)
    (dialog,) = dialogs(carrier)
    shown = {message["text"]: message for message in dialog["messages"]}
    assert "Добрый вечер!" in shown
    assert shown["Здравствуйте!"]["delivered"]


def test_a_forgotten_message_leaves_the_dialog(carrier: Carrier) -> None:
    """The operator no longer sees it, and asking a second time does no harm."""
    carrier.done(WORDS)
    gone = DeleteInOpenLine(conversation_id="1", message_id="41", speaker_id="person-7")
    carrier.done(gone)
    (dialog,) = dialogs(carrier)
    assert WORDS.text not in [message["text"] for message in dialog["messages"]]
    carrier.done(gone)


def test_a_notice_reaches_the_employee(carrier: Carrier) -> None:
    """A notice stands among that employee's, and among nobody else's."""
    carrier.done(NotifyUser(user_id="2", text="Новый лот 1", tag="lot/1"))
    world = carrier.deployment.world
    shown = {user_id: str(world.as_user("im.notify.get", user_id=user_id)) for user_id in ("1", "2")}
    assert ["Новый лот 1" in shown[user_id] for user_id in ("1", "2")] == [False, True]


def test_an_answer_to_a_process_that_is_over_counts_as_done(carrier: Carrier) -> None:
    """A used or unknown event token is refused by the portal, and nobody waits for it any more."""
    assert carrier.done(FinishRobot(event_token="gone", return_values={}, log_message="ok")) == {"already": True}
