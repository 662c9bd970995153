"""Every effect on the portal whose answer, or whose request, is lost stands there once in the end: the rows of docs/delivery.md."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from b24app.domain.calendar_deliveries import AddCalendarEvent, RemoveCalendarEvent
from b24app.domain.deliveries import (
    AddLogMessage,
    AddTask,
    AddTimelineComment,
    ConfirmOpenLineDelivery,
    DeleteInOpenLine,
    EditInOpenLine,
    FinishRobot,
    FireTrigger,
    NotifyUser,
    SaveItem,
    SendToOpenLine,
    ShowCard,
)
from b24app.domain.delivery import Delivery, Repeat
from b24app.domain.outcomes import Done, TryLater, Unclear
from storage.models import Conversation
from tests.contract.bitrix24.conftest import Carrier, envelope_of
from tests.contract.bitrix24.test_gateway_line import dialogs

REF = "company/1"
NOTICE = NotifyUser(user_id="2", text="Новый лот 77", tag="lot/77")
EVENT = AddCalendarEvent(
    user_id="1",
    title="Встреча",
    text="Лот № 256",
    place="",
    starts_at="2026-12-01T10:00:00+00:00",
    ends_at="2026-12-01T10:45:00+00:00",
    marker="meeting/5",
    owner=REF,
)
WORDS = SendToOpenLine(
    conversation_id="1",
    conversation_title="Лот 256",
    message_id="41",
    speaker_id="person-7",
    speaker_name="Иван",
    text="Добрый день!",
    sent_at_epoch=1772443800,
)
CARD = ShowCard(card="offer/17", ref=REF, title="Новое предложение", rows=[["Цена", "2,40 $"]], responsible_id="1")


class Losses:
    """A gateway each of whose messages is lost once, one way or the other; what became of each by its name."""

    def __init__(self, carrier: Carrier, way: str) -> None:
        self.carrier, self.world, self.way = carrier, carrier.deployment.world, way
        self.ends: dict[str, str] = {}
        self.wanted: dict[str, str] = {}

    def lose(self, name: str, delivery: Delivery) -> dict[str, Any]:
        """Send a message that gets lost, and do what the dispatcher does then; answers what came back in the end."""
        self.world.fault({"match": {"method": "batch"}, "action": self.way, "times": 1})
        (lost,) = self.carrier.gateway.send([envelope_of(delivery)])
        self.world.fault()
        proven = self.carrier.gateway.prove([envelope_of(delivery)])[0] if isinstance(lost, Unclear) else lost
        provable = delivery.repeat is Repeat.PROVABLE and self.way == "drop_after"
        self.wanted[name] = "found" if provable else "sent again"
        if isinstance(proven, Done):
            self.ends[name] = "found"
            self.carrier.remember(delivery, proven)
            return proven.answer
        self.ends[name] = "sent again" if isinstance(proven, TryLater) else repr(proven)
        return self.carrier.done(delivery)

    def count(self, method: str, params: dict[str, Any], mark: str, user_id: str = "1") -> int:
        """Count the entries of a list that hold a mark."""
        found = self.world.as_user(method, params, user_id=user_id)
        if isinstance(found, dict):
            found = next((part for part in found.values() if isinstance(part, list)), [])
        return sum(mark in str(row) for row in found)


@pytest.fixture
def losses(carrier: Carrier, request: pytest.FixtureRequest) -> Losses:
    """A gateway that has read the portal's fields, with a company, and a dialogue that is known."""
    carrier.done(NOTICE)
    carrier.done(SaveItem(ref=REF, fields={"title": "ABC Textiles"}))
    known = carrier.done(WORDS)
    with carrier.deployment.transactions() as uow:
        uow.session.add(Conversation(id=1, kind="help", line_chat_id=known["chat_id"]))
        uow.session.add(Conversation(id=2, kind="help"))
    return Losses(carrier, str(request.param))


ways = pytest.mark.parametrize("losses", ["drop_after", "drop_before"], indirect=True)


@ways
def test_items_and_what_stands_on_them_are_made_once(losses: Losses) -> None:
    """Each item, comment, fact, card, task and event is found by our own mark, or was never made and is made now: there is one of each."""
    kinds = {"lead": 1, "contact": 3, "company": 4, "lot": 2, "audit": 0}
    for noun in kinds:
        pipeline = "orders" if noun == "lot" else ""
        answer = losses.lose(
            noun,
            SaveItem(ref=f"{noun}/9", fields={"title": "x"} if noun != "contact" else {"name": "x"}, pipeline=pipeline),
        )
        kinds[noun] = int(answer["entity_type_id"])
    owner = {"OWNER_TYPE_ID": 4, "OWNER_ID": losses.carrier.item(REF)["id"]}
    losses.lose("comment", AddTimelineComment(ref=REF, text="Здравствуйте", marker="message/1"))
    losses.lose("fact", AddLogMessage(ref=REF, title="Анкета", text="Возвращена"))
    losses.lose("card", CARD)
    losses.lose(
        "task",
        AddTask(
            ref=REF,
            title="Ответить",
            text="Лот",
            responsible_id="1",
            deadline="2026-12-01T10:00:00+00:00",
            external_id="promise/3",
        ),
    )
    event = losses.lose("event", EVENT)
    assert losses.ends == losses.wanted
    window = {"type": "user", "ownerId": 1, "from": "2026-11-30", "to": "2026-12-03"}
    counts = {
        noun: losses.count("crm.item.list", {"entityTypeId": number}, f"{noun}/9") for noun, number in kinds.items()
    }
    counts["comment"] = losses.count(
        "crm.timeline.comment.list", {"filter": {"ENTITY_TYPE": "company", "ENTITY_ID": owner["OWNER_ID"]}}, "message/1"
    )
    counts["fact"] = losses.count(
        "crm.timeline.logmessage.list", {"entityTypeId": 4, "entityId": owner["OWNER_ID"]}, "Возвращена"
    )
    counts["card"] = losses.count("crm.activity.list", {"filter": {"ORIGIN_ID": "offer/17"}}, "ID")
    counts["task"] = losses.count("crm.activity.list", {"filter": owner, "select": ["DESCRIPTION"]}, "promise/3")
    counts["event"] = losses.count("calendar.event.get", window, "meeting/5")
    assert counts == dict.fromkeys(counts, 1)
    losses.lose("removal", RemoveCalendarEvent(event_id=event["event_id"], marker="meeting/5"))
    assert losses.count("calendar.event.get", window, "meeting/5") == 0


@ways
def test_words_on_the_line_and_harmless_things_happen_once(losses: Losses) -> None:
    """A message of a dialogue, and the first of another, stand there once; edits, receipts, notices and answers are simply repeated."""
    losses.lose("message", replace(WORDS, message_id="42", text="Ещё раз"))
    losses.lose("first", replace(WORDS, message_id="51", conversation_id="2", text="Впервые"))
    speaker = {"conversation_id": "1", "speaker_id": "person-7"}
    losses.lose("edit", EditInOpenLine(message_id="41", speaker_name="Иван", text="Добрый вечер!", **speaker))
    losses.lose("removal", DeleteInOpenLine(message_id="42", **speaker))
    chat = next(one["chat_id"] for one in dialogs(losses.carrier) if "Добрый вечер!" in str(one))
    said = losses.world.control(f"openlines/{chat}/say", {"user_id": "2", "text": "Слушаю"})["result"]
    receipt = ConfirmOpenLineDelivery(
        conversation_id="1",
        im_chat_id=str(chat),
        im_message_id=str(said["id"]),
        message_ids=["77"],
        delivered_at_epoch=1772443900,
    )
    losses.lose("receipt", receipt)
    losses.lose("notice", replace(NOTICE, tag="lot/78", text="Новый лот 78"))
    losses.lose("answer", FinishRobot(event_token="gone", return_values={}, log_message="ok"))
    losses.lose("change", SaveItem(ref=REF, fields={"title": "ABC"}))
    losses.carrier.done(SaveItem(ref="lot/9", fields={"title": "x"}, pipeline="orders"))
    losses.lose("trigger", FireTrigger(code="factory_responded", ref="lot/9"))
    losses.wanted["change"] = "sent again"
    assert losses.ends == losses.wanted
    shown = [message["text"] for one in dialogs(losses.carrier) for message in one["messages"]]
    assert [shown.count(text) for text in ("Добрый вечер!", "Ещё раз", "Впервые")] == [1, 0, 1]
    assert losses.count("im.notify.get", {}, "Новый лот 78", user_id="2") == 1
    assert losses.carrier.item(REF)["title"] == "ABC"
