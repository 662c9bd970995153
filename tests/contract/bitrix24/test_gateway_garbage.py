"""Answers of the portal that make no sense: each is named, kept word for word, and costs no message."""

from __future__ import annotations

import json
from typing import Any

import pytest

from b24app.domain.deliveries import NotifyUser, SaveItem, ShowCard
from b24app.domain.delivery import Delivery
from b24app.domain.outcomes import Done, Outcome, Refused, TryLater, Unclear
from storage.models import Portal
from tests.contract.bitrix24.conftest import Carrier
from tests.contract.bitrix24.test_gateway_line import WORDS
from tests.contract.bitrix24.test_transport import OneWayServer, http

COMPANY = SaveItem(ref="company/5", fields={"title": "ABC Textiles"})
NOTICE = NotifyUser(user_id="1", text="Новый лот", tag="lot/1")
CARD = ShowCard(card="offer/1", ref="company/5", title="Ответ", rows=[["Цена", "3"]])


@pytest.fixture
def ready(carrier: Carrier) -> Carrier:
    """A gateway that knows the portal's fields and the card's item, so that the next call is the message itself."""
    carrier.done(COMPANY)
    carrier.done(WORDS)
    return carrier


def answered(carrier: Carrier, answer: bytes, *messages: Delivery) -> list[Outcome]:
    """Send messages to a portal that gives this one answer to everything; what it says is not remembered."""
    server = OneWayServer(answer)
    with carrier.deployment.transactions() as uow:
        portal = uow.session.query(Portal).one()
        before, portal.client_endpoint = portal.client_endpoint, server.access.endpoint
    try:
        return carrier.send(*messages)
    finally:
        server.close()
        with carrier.deployment.transactions() as uow:
            uow.session.query(Portal).one().client_endpoint = before


BODIES = (
    "<html>maintenance</html>",
    "",
    "null",
    "[]",
    '"fine"',
    '{"result": {"resu',
    "{}",
    '{"result": null}',
    '{"result": "fine"}',
    '{"result": {"result": "fine"}}',
    '{"result": {"result": [], "result_error": []}}',
    '{"result": {"result": {"c0": null}}}',
    '{"result": {"result": {"c0": "fine"}}}',
    '{"result": {"result": {"c0": {"item": "fine"}}}}',
    '{"result": {"result": {"c0": {"item": {"id": null}}}}}',
    '{"result": {"result": {"c0": {"item": []}}, "result_time": {"c0": {"duration": "long", "operating": []}}}}',
    '{"result": {"result": {"c7": {"item": {"id": 5}}}}}',
)
RESULTS: tuple[Any, ...] = (None, "fine", 7, [], {}, {"DATA": 7}, {"DATA": {"RESULT": ["fine"]}}, {"activity": 5})
ERRORS = ({"error": "NEVER_HEARD_OF"}, {"error": ""}, {"error": 100}, {"error": {"code": "X"}}, "plain words", 5, None)


@pytest.mark.parametrize("status", [200, 502])
def test_an_answer_that_makes_no_sense_leaves_the_effect_in_doubt(ready: Carrier, status: int) -> None:
    """Whatever a portal or a gateway before it says instead of a result, the save is looked up before it is sent again."""
    for body in BODIES:
        (outcome,) = answered(ready, http(status, body), COMPANY)
        assert isinstance(outcome, Unclear), (body, outcome)


def test_an_answer_that_cannot_be_read_is_kept_word_for_word(ready: Carrier) -> None:
    """Whoever looks into the trouble sees what the portal, or what stands before it, really said."""
    (outcome,) = answered(ready, http(502, "<html>maintenance</html>"), COMPANY)
    assert isinstance(outcome, Unclear)
    assert outcome.raw == "<html>maintenance</html>"


@pytest.mark.parametrize("message", [WORDS, CARD])
def test_a_result_of_another_shape_is_no_success(ready: Carrier, message: Delivery) -> None:
    """A result is success only in the documented shape: anything else is in doubt or refused, never done."""
    for result in RESULTS:
        (outcome,) = answered(ready, http(200, {"result": {"result": {"c0": result}, "result_error": []}}), message)
        assert isinstance(outcome, Unclear | Refused), (result, outcome)


def test_an_unknown_error_of_one_command_is_that_messages_refusal(ready: Carrier) -> None:
    """An error code of the future refuses its message with the portal's words kept, and its neighbour arrives."""
    for error in ERRORS:
        body = {"result": {"result": {"c1": True}, "result_error": {"c0": error}}}
        refused, arrived = answered(ready, http(200, body), CARD, NOTICE)
        assert isinstance(refused, Refused), (error, refused)
        assert refused.raw == json.dumps(error)
        assert isinstance(arrived, Done)


def test_an_unknown_error_with_status_200_blames_no_message(ready: Carrier) -> None:
    """When the whole batch is refused, with whatever status, the messages wait uncounted."""
    (outcome,) = answered(ready, http(200, {"error": "NEVER_HEARD_OF", "error_description": "x"}), COMPANY)
    assert isinstance(outcome, TryLater)
    assert not outcome.counted
