"""The gateway when the portal or the way to it fails: nothing twice, nothing lost, nobody blamed wrongly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

import psycopg
import pytest
import requests
from sqlalchemy.exc import OperationalError

from b24app.bitrix24.client import Access, Answer, Command, RestClient
from b24app.bitrix24.gateway import Bitrix24Gateway
from b24app.bitrix24.oauth import AuthorizationServer, TokenKeeper
from b24app.bitrix24.pacing import Pacing
from b24app.domain.deliveries import NotifyUser, SaveItem
from b24app.domain.outcomes import Done, Outcome, Refused, TryLater, Unclear
from b24app.errors import Rejected, Uncertain
from b24app.manifest import manifest
from storage.models import Conversation, Portal
from storage.unit_of_work import Transactions, UnitOfWork
from tests.contract.bitrix24.conftest import Carrier, envelope_of
from tests.contract.bitrix24.test_lost_answers import WORDS

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
    assert isinstance(ready.gateway.prove([envelope_of(COMPANY)])[0], Done)
    assert companies(ready) == 1


def test_a_lost_request_is_known_to_be_absent(ready: Carrier) -> None:
    """The call never arrived: the look-up says so, and sending again makes one company."""
    ready.deployment.world.fault({"match": {"method": "batch"}, "action": "drop_before", "times": 1})
    (outcome,) = ready.send(COMPANY)
    assert isinstance(outcome, Unclear)
    assert isinstance(ready.gateway.prove([envelope_of(COMPANY)])[0], TryLater)
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


def test_a_token_that_expires_in_the_middle_of_a_batch_costs_nothing(ready: Carrier) -> None:
    """Commands before the moment took effect, the one after it certainly did not: it waits, uncounted, and arrives once."""
    expired = {"action": "error", "error": "expired_token", "status": 401, "times": 1}
    ready.deployment.world.fault({"match": {"method": "crm.item.add", "direction": "batch"}, **expired})
    before, after = ready.send(NOTICE, COMPANY)
    assert isinstance(before, Done)
    assert isinstance(after, TryLater)
    assert not after.counted
    ready.done(COMPANY)
    assert companies(ready) == 1


def test_one_refused_message_does_not_hold_its_neighbours(ready: Carrier) -> None:
    """In one batch, the refused is refused and the others arrive."""
    refused, arrived = ready.send(NotifyUser(user_id="1", text="", tag="x"), COMPANY)
    assert isinstance(refused, Refused)
    assert isinstance(arrived, Done)


def test_a_portal_that_refuses_us_blames_no_message(ready: Carrier) -> None:
    """When the application itself is refused, every message waits, uncounted."""
    rule = {"match": {"method": "batch"}, "action": "error", "error": "ACCESS_DENIED", "status": 403}
    ready.deployment.world.fault(rule)
    (outcome,) = ready.send(COMPANY)
    assert isinstance(outcome, TryLater)
    assert not outcome.counted


FORBIDDEN = {"match": {"method": "batch"}, "action": "status", "status": 403}
ODD = NotifyUser(user_id="1", text="1 UNION SELECT 2", tag="lot/2")


def test_words_that_a_filter_refuses_do_not_hold_their_neighbours(ready: Carrier) -> None:
    """A filter in front of the portal that refuses one message's words refuses it alone, in words and with its answer kept."""
    ready.deployment.world.fault({**FORBIDDEN, "words": "UNION SELECT"})
    others = [replace(NOTICE, tag=f"lot/{number}") for number in range(3, 8)]
    outcomes = ready.send(COMPANY, *others[:2], ODD, *others[2:])
    assert [type(outcome) for outcome in outcomes] == [Done, Done, Done, Refused, Done, Done, Done]
    refused = outcomes[3]
    assert isinstance(refused, Refused)
    assert refused.reason.startswith("Something in front of the portal")
    assert refused.code == "403"
    assert "<html>" in refused.raw


def test_words_that_a_filter_refuses_do_not_hold_what_went_with_them(ready: Carrier) -> None:
    """Of several messages of a conversation that travel as one command only the one with the refused words is refused."""
    with ready.deployment.transactions() as uow:
        uow.session.add(Conversation(id=1, kind="help"))
    ready.deployment.world.fault({**FORBIDDEN, "words": "UNION SELECT"})
    texts = ["Добрый день!", "1 UNION SELECT 2", "До свидания"]
    envelopes = [envelope_of(replace(WORDS, message_id=str(number), text=text)) for number, text in enumerate(texts)]
    outcomes = ready.gateway.send(envelopes)
    assert [type(outcome) for outcome in outcomes] == [Done, Refused, Done]


def test_a_portal_that_is_closed_by_a_page_blames_no_message(ready: Carrier) -> None:
    """Where everything is answered 403 by somebody in front of the portal all messages wait, and two calls told so."""
    ready.deployment.world.fault(FORBIDDEN)
    outcomes = ready.send(COMPANY, ODD, NOTICE)
    assert outcomes == [TryLater("403: The portal answered 403.", 60.0, counted=False)] * 3
    (rule,) = requests.get(f"{ready.deployment.world.url}/sandbox/faults", timeout=10).json()["rules"]
    assert rule["hits"] == 2


@pytest.mark.parametrize("times", [1, 2])
def test_a_door_that_is_closed_for_a_moment_refuses_nothing(ready: Carrier, times: int) -> None:
    """A page in place of an answer, once or twice, costs no message."""
    ready.deployment.world.fault({**FORBIDDEN, "times": times})
    (outcome,) = ready.send(COMPANY)
    assert isinstance(outcome, Done if times == 1 else TryLater)
    assert companies(ready) == (times == 1)


def test_one_message_alone_is_blamed_only_while_others_pass(ready: Carrier, monkeypatch: pytest.MonkeyPatch) -> None:
    """A door that closes while one message is tried again by itself lets the message wait."""
    client = ready.deployment.client
    real, refused = client.batch, [True, False, True, True]

    def flickering(access: Access, commands: Sequence[Command], **options: bool) -> list[Answer]:
        if refused.pop(0):
            raise Rejected("The portal answered 403.", code="403", body="<html>")
        return real(access, commands, **options)

    monkeypatch.setattr(client, "batch", flickering)
    (outcome,) = ready.send(NOTICE)
    assert isinstance(outcome, TryLater)
    assert not refused


@pytest.mark.parametrize(("status", "kind"), [(429, TryLater), (408, Unclear), (406, TryLater)])
def test_pages_in_place_of_answers_are_judged_by_their_status(ready: Carrier, status: int, kind: type) -> None:
    """A page that asks for fewer calls, or closes the door, lets messages wait; one of lost patience leaves them in doubt."""
    ready.deployment.world.fault({**FORBIDDEN, "status": status})
    (outcome,) = ready.send(NOTICE)
    assert isinstance(outcome, kind)


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


class Failing(Transactions):
    """Fails to open the transaction after so many, once."""

    left = -1

    @contextmanager
    def __call__(self, now: datetime | None = None) -> Iterator[UnitOfWork]:
        """Open a transaction, unless it is the one to fail."""
        self.left -= 1
        if self.left == -1:
            raise OperationalError("BEGIN", {}, psycopg.OperationalError("the server closed the connection"))
        with super().__call__(now) as uow:
            yield uow


@pytest.fixture
def failing(ready: Carrier) -> Iterator[tuple[Carrier, Failing]]:
    """A gateway wired as a worker's, the turn under the limit included, whose transactions can be made to fail."""
    made = ready.deployment
    transactions = Failing(made.transactions.engine)
    client = RestClient(Pacing(transactions, made.settings))
    keeper = TokenKeeper(transactions, AuthorizationServer(made.settings))
    carrier = Carrier(made, Bitrix24Gateway(made.settings, transactions, client, keeper, manifest()))
    carrier.done(NOTICE)
    yield carrier, transactions
    client.close()


def test_a_database_that_is_away_leaves_nothing_in_doubt(failing: tuple[Carrier, Failing]) -> None:
    """Whichever of a send's transactions fails, the message certainly went or certainly did not, and the outcome says which."""
    carrier, transactions = failing
    world = carrier.deployment.world
    wanted = {"entityTypeId": 4, "filter": {"originId": "company/5"}, "select": ["id"]}
    seen: set[type[Outcome]] = set()
    for left in range(12):
        world.fault({"match": {"method": "batch"}, "action": "expire_token", "times": 1})
        transactions.left = left
        (outcome,) = carrier.send(COMPANY)
        transactions.left = -1
        assert isinstance(outcome, Done) or (isinstance(outcome, TryLater) and not outcome.counted), (left, outcome)
        seen.add(type(outcome))
        assert len(world.as_user("crm.item.list", wanted)["items"]) == (Done in seen)
    assert seen == {Done, TryLater}
