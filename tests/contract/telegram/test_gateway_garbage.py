"""Answers of Telegram that make no sense: each is named, kept word for word, and costs no message."""

from __future__ import annotations

import json
from typing import Any

import pytest
import responses

from b24app.domain.deliveries import SendChatMessage
from b24app.domain.outcomes import Done, Envelope, Outcome, Refused, TryLater, Unclear
from telegram_bridge.gateway import TelegramGateway
from tests.contract.telegram.conftest import API, TOKEN

ADDRESS = f"{API}/bot{TOKEN}/sendMessage"


def _sent(gateway: TelegramGateway) -> Outcome:
    hello = SendChatMessage(chat_id="7000000001", text="Hello")
    [outcome] = gateway.send([Envelope(row_id=1, key="k", lane="l", attempt=1, delivery=hello)])
    return outcome


GARBAGE = [
    "<html>502</html>",
    "",
    "[]",
    "null",
    '"sent"',
    '{"ok": true, "resu',
    "{}",
    '{"ok": "perhaps"}',
    '{"ok": true}',
    '{"ok": true, "result": {}}',
    '{"ok": true, "result": null}',
    '{"ok": true, "result": "sent"}',
    '{"ok": true, "result": [1, 2]}',
    '{"ok": true, "result": {"message_id": "many", "chat": "mine", "date": 0}}',
    '{"ok": true, "result": {"message_id": 5, "date": 1, "chat": {"id": 1}}}',
    '{"ok": false}',
    '{"ok": false, "error_code": 500, "description": 7}',
]


@pytest.mark.parametrize("body", GARBAGE)
@pytest.mark.parametrize("status", [200, 502])
def test_an_answer_that_cannot_be_read_is_unclear_and_kept(
    gateway: TelegramGateway, api: responses.RequestsMock, body: str, status: int
) -> None:
    """What makes no sense leaves open whether the message went out; what Telegram said is kept word for word."""
    api.post(ADDRESS, body=body, status=status)
    outcome = _sent(gateway)
    assert isinstance(outcome, Unclear)
    assert outcome.raw == body


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({"ok": False, "error_code": 429, "description": "x", "parameters": []}, TryLater),
        ({"ok": False, "error_code": 429, "description": "x", "parameters": {"retry_after": "soon"}}, TryLater),
        ({"ok": False, "error_code": 418, "description": "A refusal of the future"}, Refused),
        ({"ok": False, "error_code": "400", "description": None}, Refused),
    ],
)
def test_refusals_of_an_unknown_form_are_still_refusals(
    gateway: TelegramGateway, api: responses.RequestsMock, answer: dict[str, Any], kind: type
) -> None:
    """A refusal is understood by what it says clearly; unknown codes and odd parameters break nothing."""
    api.post(ADDRESS, json=answer, status=200)
    outcome = _sent(gateway)
    assert isinstance(outcome, kind)
    assert not isinstance(outcome, Done)
    assert isinstance(outcome, TryLater) or json.loads(outcome.raw) == answer


PAGE = "<html>403</html>"
ME = {"ok": True, "result": {"id": 7000000001, "is_bot": True, "first_name": "Bot"}}
SENT = {"ok": True, "result": {"message_id": 5, "date": 1, "chat": {"id": 7000000001, "type": "private"}}}


def _asked_who_we_are(api: responses.RequestsMock, *, answers: bool) -> None:
    api.post(f"{API}/bot{TOKEN}/getMe", **({"json": ME} if answers else {"body": PAGE, "status": 403}))


def test_a_message_that_a_filter_bars_is_refused_in_words(
    gateway: TelegramGateway, api: responses.RequestsMock
) -> None:
    """What somebody in front of Telegram will not let through, twice and while others pass, is refused, with that page kept."""
    api.post(ADDRESS, body=PAGE, status=403)
    _asked_who_we_are(api, answers=True)
    outcome = _sent(gateway)
    assert isinstance(outcome, Refused)
    assert (outcome.code, outcome.raw) == ("403", PAGE)
    assert len([call for call in api.calls if call.request.url == ADDRESS]) == 2


def test_a_door_closed_to_everything_lets_messages_wait(gateway: TelegramGateway, api: responses.RequestsMock) -> None:
    """Where pages stand in front of all of Telegram no message is given up or left in doubt: it certainly did not arrive."""
    api.post(ADDRESS, body=PAGE, status=403)
    _asked_who_we_are(api, answers=False)
    outcome = _sent(gateway)
    assert isinstance(outcome, TryLater)
    assert not outcome.counted


def test_a_page_for_a_moment_costs_nothing(gateway: TelegramGateway, api: responses.RequestsMock) -> None:
    """A message barred once is tried once more, and arrives."""
    api.post(ADDRESS, body=PAGE, status=403)
    _asked_who_we_are(api, answers=True)
    api.post(ADDRESS, json=SENT)
    assert isinstance(_sent(gateway), Done)
