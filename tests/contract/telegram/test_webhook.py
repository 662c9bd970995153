"""The webhook door stores what Telegram says, once, and nothing that anybody else says."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from b24app.config import Settings
from storage.models import InboxRow
from storage.unit_of_work import Transactions
from telegram_bridge.addresses import webhook_path, webhook_secret
from telegram_bridge.webhook import MAX_BYTES, create_blueprint
from tests.contract.telegram.conftest import Payload

HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
def client(settings: Settings, transactions: Transactions) -> Iterator[FlaskClient]:
    """A web process with nothing but the door."""
    app = Flask(__name__)
    app.register_blueprint(create_blueprint(settings=settings, transactions=transactions))
    with app.test_client() as client:
        yield client


def _knock(client: FlaskClient, settings: Settings, body: bytes | str, **headers: str) -> int:
    return client.post(
        webhook_path(settings),
        data=body,
        headers={HEADER: webhook_secret(settings), "Content-Type": "application/json", **headers},
    ).status_code


def _rows(transactions: Transactions) -> list[InboxRow]:
    with transactions() as uow:
        return list(uow.session.scalars(select(InboxRow).order_by(InboxRow.id)))


def test_update_is_stored_once_in_its_chats_lane(
    client: FlaskClient, settings: Settings, transactions: Transactions, payload: Payload
) -> None:
    """A repeated update is answered 200 and kept once, in the lane of its chat, ordered by its number."""
    body = json.dumps(payload("text"))
    assert [_knock(client, settings, body), _knock(client, settings, body)] == [200, 200]
    [row] = _rows(transactions)
    assert (row.source, row.key, row.lane, row.position) == ("telegram", "900010", "telegram:7000000001", 900010)
    assert row.payload == payload("text")


@pytest.mark.parametrize("name", ["callback", "callback_inaccessible", "blocked", "edited", "reaction"])
def test_every_kind_goes_to_the_persons_lane(
    client: FlaskClient, settings: Settings, transactions: Transactions, payload: Payload, name: str
) -> None:
    """Updates of different kinds about one chat share one lane, so they are worked in order."""
    assert _knock(client, settings, json.dumps(payload(name))) == 200
    assert [row.lane for row in _rows(transactions)] == ["telegram:7000000001"]


@pytest.mark.parametrize("header", ["", "wrong", "é"])
def test_wrong_secret_is_refused_and_nothing_stored(
    client: FlaskClient, settings: Settings, transactions: Transactions, payload: Payload, header: str
) -> None:
    """Who does not know the secret gets 403 and leaves no trace in the inbox."""
    assert _knock(client, settings, json.dumps(payload("text")), **{HEADER: header}) == 403
    assert _rows(transactions) == []


def test_wrong_path_is_refused(client: FlaskClient, settings: Settings, transactions: Transactions) -> None:
    """The header alone is not enough: the path has to be right too."""
    answer = client.post("/telegram/guess/webhook", data="{}", headers={HEADER: webhook_secret(settings)})
    assert answer.status_code == 403
    assert _rows(transactions) == []


def test_secret_of_an_older_key_still_opens(
    client: FlaskClient, settings: Settings, transactions: Transactions, payload: Payload
) -> None:
    """After a key rotation the webhook set with the older key goes on working."""
    old = Settings(**{**vars(settings), "secret_keys": settings.secret_keys[1:]})
    answer = client.post(webhook_path(old), json=payload("text"), headers={HEADER: webhook_secret(old)})
    assert answer.status_code == 200
    assert len(_rows(transactions)) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[1, 2]",
        b'"text"',
        b"null",
        b"{}",
        b'{"update_id": "12"}',
        b'{"update_id": true}',
        b'{"update_id": 99999999999999999999999999}',
        b'{"update_id": 5, "message": {"text": "\\ud800", "chat": {"id": 1}}}',
        b"\xff\xfe\x00",
        b"[" * 200_000,
    ],
)
def test_malformed_update_is_kept_apart(
    client: FlaskClient, settings: Settings, transactions: Transactions, payload: Payload, body: bytes
) -> None:
    """What cannot be an update is answered 200, kept in a lane of its own, and the next update is stored as ever."""
    assert _knock(client, settings, body) == 200
    assert _knock(client, settings, json.dumps(payload("text"))) == 200
    malformed, good = _rows(transactions)
    assert malformed.lane.startswith("telegram:malformed:")
    assert malformed.payload["malformed"] == ascii(body[:2000])
    assert good.lane == "telegram:7000000001"


def test_oversized_body_is_refused(client: FlaskClient, settings: Settings, transactions: Transactions) -> None:
    """More than any update can be is not read."""
    assert _knock(client, settings, b"x" * (MAX_BYTES + 1)) == 413
    assert _rows(transactions) == []
