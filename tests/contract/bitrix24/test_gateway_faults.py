"""The gateway when the portal or the way to it fails: nothing twice, nothing lost, nobody blamed wrongly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from b24app.bitrix24.client import Access, Answer, Command
from b24app.domain.deliveries import NotifyUser, SaveItem
from b24app.domain.outcomes import Done, Refused, TryLater, Unclear
from b24app.errors import Rejected, Uncertain
from storage.models import Portal
from tests.contract.bitrix24.conftest import Carrier, envelope_of

COMPANY = SaveItem(ref="company/5", fields={"title": "ABC Textiles"})
NOTICE = NotifyUser(user_id="1", text="Новый лот", tag="lot/1")


@pytest.fixture
def ready(carrier: Carrier) -> Carrier:
    """A gateway that has read the portal's fields already, so that the next call is the message."""
    carrier.done(NOTICE)
    return carrier


def companies(carrier: Carrier) -> int:
    """Count the companies that carry our ref."""
    params = {"entityTypeId": 4, "filter": {"originId": "company/5"}, "select": ["id"]}
    return len(carrier.deployment.call("crm.item.list", params)["items"])


def test_a_lost_answer_is_proven_and_nothing_is_created_twice(ready: Carrier) -> None:
    """The portal did it and the answer was lost: the outcome is unclear, the look-up finds it, one company exists."""
    ready.deployment.world.fault({"match": {"method": "batch"}, "action": "drop_after", "times": 1})
    (outcome,) = ready.send(COMPANY)
    assert isinstance(outcome, Unclear)
    assert isinstance(ready.gateway.prove(envelope_of(COMPANY)), Done)
    assert companies(ready) == 1


def test_a_lost_request_is_known_to_be_absent(ready: Carrier) -> None:
    """The call never arrived: the look-up says so, and sending again makes one company."""
    ready.deployment.world.fault({"match": {"method": "batch"}, "action": "drop_before", "times": 1})
    (outcome,) = ready.send(COMPANY)
    assert isinstance(outcome, Unclear)
    assert isinstance(ready.gateway.prove(envelope_of(COMPANY)), TryLater)
    ready.done(COMPANY)
    assert companies(ready) == 1


@pytest.mark.parametrize("action", ["queue_limit", "operating_limit"])
def test_a_closed_gate_is_no_fault_of_the_message(ready: Carrier, action: str) -> None:
    """A used-up limit puts the message back uncounted."""
    method = "batch" if action == "queue_limit" else "crm.item.add"
    direction = "in" if action == "queue_limit" else "batch"
    ready.deployment.world.fault({"match": {"method": method, "direction": direction}, "action": action, "times": 1})
    (outcome,) = ready.send(COMPANY)
    assert isinstance(outcome, TryLater)
    assert not outcome.counted
    assert companies(ready) == 0


def test_an_expired_token_is_renewed_and_the_message_arrives(ready: Carrier) -> None:
    """Whoever waits notices nothing."""
    ready.deployment.world.fault({"match": {"method": "batch"}, "action": "expire_token", "times": 1})
    ready.done(COMPANY)
    assert companies(ready) == 1


def test_one_refused_message_does_not_hold_its_neighbours(ready: Carrier) -> None:
    """In one batch, the refused is refused and the others arrive."""
    refused, arrived = ready.send(NotifyUser(user_id="1", text="", tag="x"), COMPANY)
    assert isinstance(refused, Refused)
    assert isinstance(arrived, Done)


def test_a_portal_that_refuses_us_blames_no_message(ready: Carrier) -> None:
    """When the application itself is refused, every message waits, uncounted."""
    rule = {"match": {"method": "batch"}, "action": "error", "error": "ACCESS_DENIED", "status": 403, "times": 1}
    ready.deployment.world.fault(rule)
    (outcome,) = ready.send(COMPANY)
    assert isinstance(outcome, TryLater)
    assert not outcome.counted


def test_a_message_that_is_too_large_is_refused_alone(ready: Carrier, monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch that the portal will not even read does not come back for ever: the one that is too large is found, the others arrive."""
    client = ready.deployment.client
    real = client.batch

    def narrow(access: Access, commands: Sequence[Command], **options: bool) -> list[Answer]:
        if any("x" * 1000 in str(command.params) for command in commands):
            raise Rejected("The portal answered 413.", code="413", body="<html>")
        return real(access, commands, **options)

    monkeypatch.setattr(client, "batch", narrow)
    large = NotifyUser(user_id="1", text="x" * 1000, tag="lot/2")
    outcomes = ready.send(COMPANY, large, NOTICE, replace(NOTICE, tag="lot/3"))
    assert [type(outcome) for outcome in outcomes] == [Done, Refused, Done, Done]


def test_what_follows_a_message_that_went_wrong_waits_though_the_batch_was_divided(
    ready: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When a batch is divided for its size, the order of a lane holds across its parts."""
    client = ready.deployment.client
    real, sizes = client.batch, [4, 2]

    def narrow(access: Access, commands: Sequence[Command], **options: bool) -> list[Answer]:
        if sizes and sizes[0] == len(commands):
            if sizes.pop(0) == 4:
                raise Rejected("The portal answered 413.", code="413", body="<html>")
            raise Uncertain("The answer was lost.", code="LOST")
        return real(access, commands, **options)

    monkeypatch.setattr(client, "batch", narrow)
    envelopes = [
        replace(envelope_of(replace(NOTICE, tag=f"lot/{number}"), lane=lane), row_id=number)
        for number, lane in enumerate("abab")
    ]
    outcomes = ready.gateway.send(envelopes)
    assert [type(outcome) for outcome in outcomes] == [Unclear, Unclear, TryLater, TryLater]


def test_nothing_is_sent_before_the_installation_is_complete(ready: Carrier) -> None:
    """While an installation runs, messages wait."""
    with ready.deployment.transactions() as uow:
        uow.session.query(Portal).update({"state": "installing"})
    (outcome,) = ready.send(COMPANY)
    assert outcome == TryLater("The application is not installed yet.", 2.0, counted=False)
