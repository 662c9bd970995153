"""Look-ups after a lost answer on timelines that many write on: nothing is taken for absent because it stands further down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from b24app.bitrix24 import looking_up
from b24app.bitrix24.client import Access, Command
from b24app.domain.deliveries import AddLogMessage, AddTask, AddTimelineComment, SaveItem
from b24app.domain.delivery import Delivery
from b24app.domain.outcomes import Done, Outcome, TryLater, Unclear
from tests.contract.bitrix24.conftest import Carrier, envelope_of

REF = "company/1"
COMMENT = AddTimelineComment(ref=REF, text="Здравствуйте", marker="message/1")
FACT = AddLogMessage(ref=REF, title="Анкета", text="Возвращена")
TASK = AddTask(
    ref=REF,
    title="Ответить",
    text="Лот",
    responsible_id="1",
    deadline="2026-12-01T10:00:00+00:00",
    external_id="promise/3",
)
ENTRIES = 55
HALF_AN_HOUR_SECONDS = 1800


@pytest.fixture
def company(carrier: Carrier) -> Carrier:
    """A gateway, and a company in the CRM."""
    carrier.done(SaveItem(ref=REF, fields={"title": "ABC Textiles"}))
    return carrier


def crowd(carrier: Carrier, delivery: Delivery) -> None:
    """Let others write the same kind of thing on the company again and again, more than a page of it."""
    owner_id = carrier.item(REF)["id"]
    kinds: dict[type[Delivery], tuple[str, dict[str, Any]]] = {
        AddTimelineComment: (
            "crm.timeline.comment.add",
            {"fields": {"ENTITY_ID": owner_id, "ENTITY_TYPE": "company", "COMMENT": "x"}},
        ),
        AddLogMessage: (
            "crm.timeline.logmessage.add",
            {"fields": {"entityTypeId": 4, "entityId": owner_id, "title": "x", "text": "x", "iconCode": "info"}},
        ),
        AddTask: (
            "crm.activity.todo.add",
            {"ownerTypeId": 4, "ownerId": owner_id, "deadline": TASK.deadline, "description": "x"},
        ),
    }
    method, params = kinds[type(delivery)]
    made = carrier.deployment
    access = made.keeper.current(made.portal_id())
    for _ in range(0, ENTRIES, 11):
        answers = made.client.batch(access, [Command(method, params)] * 11)
        assert not [answer.error for answer in answers if answer.error]


def proven(carrier: Carrier, delivery: Delivery) -> Outcome:
    """Look a message up that was handed over right now."""
    return carrier.gateway.prove([replace(envelope_of(delivery), sent_at=datetime.now(UTC))])[0]


def calls_of(carrier: Carrier, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Count the calls that our client makes from now on."""
    client, made = carrier.deployment.client, list[str]()
    real = client._sent

    def counted(access: Access, method: str, params: dict[str, Any], urgent: bool) -> dict[str, Any]:
        made.append(method)
        return real(access, method, params, urgent)

    monkeypatch.setattr(client, "_sent", counted)
    return lambda: len(made)


everything = pytest.mark.parametrize("delivery", [COMMENT, FACT, TASK], ids=["comment", "fact", "task"])


@everything
def test_what_stands_further_down_is_found(company: Carrier, delivery: Delivery) -> None:
    """An effect is found behind more than a page of newer entries."""
    company.done(delivery)
    crowd(company, delivery)
    assert isinstance(proven(company, delivery), Done)


@everything
def test_what_is_nowhere_is_absent_however_much_there_is(company: Carrier, delivery: Delivery) -> None:
    """Where all pages were read and nothing found, the effect is certainly absent."""
    crowd(company, delivery)
    assert isinstance(proven(company, delivery), TryLater)


@everything
def test_entries_older_than_the_message_need_no_look(
    company: Carrier, delivery: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that reaches back to before the message was sent ends the look-up, by the portal's own clock."""
    crowd(company, delivery)
    company.deployment.world.control("clock", {"advance_seconds": HALF_AN_HOUR_SECONDS})
    calls = calls_of(company, monkeypatch)
    assert isinstance(proven(company, delivery), TryLater)
    assert calls() == 1


def test_a_list_without_an_end_leaves_the_message_in_doubt(company: Carrier, monkeypatch: pytest.MonkeyPatch) -> None:
    """When as much as we read is all newer than the message, nobody says that it is absent."""
    monkeypatch.setattr(looking_up, "PAGES", 2)
    crowd(company, FACT)
    assert isinstance(proven(company, FACT), Unclear)


def test_many_doubts_are_cleared_in_one_call(company: Carrier, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a crash what is in doubt costs one call, however much it is; equal facts of one card are told apart one after the other."""
    others = [SaveItem(ref=f"company/{number}", fields={"title": f"Firm {number}"}) for number in range(2, 8)]
    for one in (others[0], COMMENT, FACT):
        company.done(one)
    doubts = [*others, COMMENT, replace(COMMENT, marker="message/2"), TASK, FACT, FACT]
    calls = calls_of(company, monkeypatch)
    outcomes = company.gateway.prove([envelope_of(one) for one in doubts])
    assert [type(one) for one in outcomes] == [TryLater] * 6 + [Done, TryLater, TryLater, Done, Unclear]
    assert calls() == 1


def test_one_look_up_that_is_refused_does_not_silence_the_others(company: Carrier) -> None:
    """What the portal says about one look-up is about that one; a page in front of it that refuses all lets each ask by itself."""
    company.done(COMMENT)
    doubts = [envelope_of(COMMENT), envelope_of(TASK)]
    world = company.deployment.world
    world.fault(
        {"match": {"method": "crm.activity.list", "direction": "batch"}, "action": "error", "error": "ACCESS_DENIED"}
    )
    assert [type(one) for one in company.gateway.prove(doubts)] == [Done, Unclear]
    world.fault({"match": {"method": "batch"}, "action": "status", "status": 403, "words": "crm.activity.list"})
    assert [type(one) for one in company.gateway.prove(doubts)] == [Done, Unclear]
