"""The whole Mini App as a table: every screen and action, and what each kind of person gets there."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from b24app.assets import Assets
from b24app.config import Settings
from storage.unit_of_work import Transactions, UnitOfWork
from telegram_bridge.miniapp.routes import create_blueprint
from telegram_bridge.miniapp.session import HEADER, Pass, Passes
from tests.conftest import KEY
from tests.contract.miniapp.market import Market, filled

COLUMNS = ("newcomer", "unapproved", "buyer", "other buyer", "factory", "sales", "production", "other factory")
"""Lot, chat and order belong to `buyer` on one side and to `factory`, `sales` and `production` of one company on the other."""
SIGNS = {200: ".", 204: ".", 403: "x", 404: "0", 409: "!", 422: "!"}
"""A dot: it is theirs; `>`: led to the start; x: not for this role; 0: there is no such thing; !: not now, or not so."""
PASSES = Passes((KEY,), max_age_seconds=3600)
TABLE = Path(__file__).with_name("rights.txt")


class Undone(Transactions):
    """Units of work that see each other's changes and are all taken back by `undone`."""

    connection: Connection

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Take back whatever happens meanwhile."""
        with self.engine.connect() as self.connection:
            outer = self.connection.begin()
            yield
            outer.rollback()

    @contextmanager
    def __call__(self, now: datetime | None = None) -> Iterator[UnitOfWork]:
        """Open a unit of work inside what will be taken back."""
        with (
            Session(self.connection, expire_on_commit=False, join_transaction_mode="create_savepoint") as session,
            session.begin(),
        ):
            yield UnitOfWork(session, now or datetime.now(UTC))


@pytest.fixture
def undone(engine: Engine) -> Undone:
    """Units of work that leave nothing behind."""
    return Undone(engine)


@pytest.fixture
def caller(settings: Settings, undone: Undone, tmp_path: Path) -> FlaskClient:
    """The Mini App, whose every change is taken back."""
    app = Flask("table", static_folder=None)
    app.register_blueprint(create_blueprint(settings=settings, transactions=undone, assets=Assets(tmp_path)))
    return app.test_client()


def endpoints(web: Flask) -> list[str]:
    """Name every screen by its address and every action by its name."""
    rules = [rule for rule in web.url_map.iter_rules() if rule.rule.startswith("/app/")]
    return sorted(rule.rule.removeprefix("/app/act/") if "/act/" in rule.rule else rule.rule for rule in rules)


def place_of(rule: str, ids: dict[str, int]) -> str:
    """Fill the numbers into an address."""
    path = rule.replace("<name>", "lot").replace("<step>", "product")
    for name, number in ids.items():
        path = path.replace(f"<int:{name}>", str(number))
    return path


def sign(answer: TestResponse) -> str:
    """Say in one sign what somebody got."""
    led = "X-Go" in answer.headers or (answer.is_json and answer.get_json().get("go") == "/app/")
    return ">" if led else SIGNS.get(answer.status_code, str(answer.status_code))


def test_everybody_gets_at_every_door_what_the_table_says(
    caller: FlaskClient,
    undone: Undone,
    market: Market,
    forms: dict[str, Any],
) -> None:
    """Role by role and endpoint by endpoint the answers are those written down; without a pass there is only the empty shell."""
    lines = []
    for name in endpoints(caller.application):
        if name in {"/app/session", "/app/files"}:
            continue
        got = ""
        for who in COLUMNS:
            person = market.people[who]
            headers = {HEADER: PASSES.issue(Pass(person.id, person.telegram_id, int(time.time())))}
            with undone.undone():
                if name in forms:
                    form = filled(forms[name], market.ids)
                    answer = caller.post(f"/app/act/{name}", data=form, headers=headers)
                else:
                    answer = caller.get(place_of(name, market.ids), headers=headers)
            got += sign(answer)
        lines.append(f"{got} {name}")
        shut = caller.post(f"/app/act/{name}") if name in forms else caller.get(place_of(name, market.ids))
        assert (shut.status_code == 401) if name in forms else "data-view" not in shut.text.partition("<template")[0]
    written = [line for line in TABLE.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    assert lines == written
