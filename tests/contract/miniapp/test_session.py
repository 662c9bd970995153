"""Entering, and what a session pass opens."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from storage.models import OutboxRow, Person
from storage.unit_of_work import Transactions
from telegram_bridge.miniapp.session import HEADER, NoSession, Pass, Passes
from tests.conftest import KEY
from tests.launching import BOT_TOKEN, init_data

Enter = Callable[..., TestResponse]
IVAN: dict[str, Any] = {"id": 1001, "first_name": "Ivan", "language_code": "ru"}


def test_a_proved_launch_opens_a_session(enter: Enter, client: FlaskClient) -> None:
    """The pass that a proved launch is traded for opens the first screen; a deep link tells where to go."""
    session = enter(IVAN, start_param="lot_256").get_json()
    assert session["start"] == "/app/numbers/256"
    screen = client.get("/app/", headers={HEADER: session["token"]})
    assert (screen.status_code, 'data-view="language"' in screen.text) == (200, True)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "user=%7B%22id%22%3A1%7D&auth_date=1&hash=00",
        init_data(IVAN, datetime.now(UTC) - timedelta(days=2)),
        init_data(IVAN, datetime.now(UTC), token="7000000002:AAother"),
    ],
)
def test_nothing_is_stored_for_a_forged_launch(
    raw: str, enter: Enter, transactions: Transactions, caplog: pytest.LogCaptureFixture
) -> None:
    """Forged or stale launch data is answered 401, leaves no row, and the log repeats nothing of it."""
    with caplog.at_level(logging.INFO):
        answer = enter(raw=raw)
    assert answer.status_code == 401
    with transactions() as uow:
        assert uow.session.scalar(select(func.count()).select_from(Person)) == 0
        assert uow.session.scalar(select(func.count()).select_from(OutboxRow)) == 0
    assert BOT_TOKEN not in caplog.text
    assert not raw or raw not in caplog.text


@pytest.mark.parametrize(
    "body",
    ["[]", "{}", '{"init_data": 5}', "not json", '{"init_data": "' + "x" * 20000 + '"}', '{"init_data":' * 20000],
)
def test_malformed_entries_are_refused(body: str, client: FlaskClient) -> None:
    """A body of the wrong shape is refused politely."""
    answer = client.post("/app/session", data=body, content_type="application/json")
    assert answer.status_code in {401, 422}


def test_screens_without_a_pass_hold_no_data(web: Flask, client: FlaskClient, transactions: Transactions) -> None:
    """Every screen opened plainly gives the same empty shell; every action without a pass is refused."""
    shells = set()
    for rule in web.url_map.iter_rules():
        path = re.sub(r"<int:\w+>", "1", rule.rule).replace("<name>", "buyer").replace("<step>", "person")
        if rule.rule == "/app/session":
            continue
        if "GET" in (rule.methods or set()):
            answer = client.get(path)
            shells.add(answer.text)
            assert answer.status_code == 200
        else:
            assert client.post(path).status_code == 401, path
    assert len(shells) == 1


@pytest.mark.parametrize("token", ["", "x", "WzEsIjEwMDEiXQ.aaaa.bbbb"])
def test_altered_passes_open_nothing(token: str, client: FlaskClient) -> None:
    """A pass that we did not sign is answered 401."""
    assert client.get("/app/", headers={HEADER: token}).status_code == 401


def test_a_pass_is_short_lived_and_bound(enter: Enter, client: FlaskClient, transactions: Transactions) -> None:
    """A pass runs out, and stops to hold when its person is no longer the account it was opened from."""
    token = enter(IVAN).get_json()["token"]
    with pytest.raises(NoSession):
        Passes((KEY,), max_age_seconds=-1).read(token)
    with transactions() as uow:
        uow.session.scalars(select(Person)).one().telegram_id = "9"
    assert client.get("/app/", headers={HEADER: token}).status_code == 401


def test_keys_can_be_rotated() -> None:
    """A pass signed with the older key holds while that key is still listed, and no longer."""
    old, new = "o" * 32, "n" * 32
    token = Passes((old,), max_age_seconds=60).issue(Pass(5, "7", 1))
    assert Passes((new, old), max_age_seconds=60).read(token) == Pass(5, "7", 1)
    with pytest.raises(NoSession):
        Passes((new,), max_age_seconds=60).read(token)


def test_pages_may_be_framed_by_telegram_only(client: FlaskClient) -> None:
    """The shell runs no inline code and can be framed only by the configured origin."""
    policy = client.get("/app/").headers["Content-Security-Policy"]
    assert "frame-ancestors https://web.telegram.org" in policy
    assert "unsafe" not in policy
