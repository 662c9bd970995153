"""A web process with the Mini App alone, spoken to without a browser."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from b24app.assets import Assets
from b24app.config import Settings
from storage.models import Person
from storage.unit_of_work import Transactions
from telegram_bridge.miniapp.door import Door
from telegram_bridge.miniapp.routes import PARTS, create_blueprint
from telegram_bridge.miniapp.session import HEADER, Pass, Passes
from tests.conftest import KEY
from tests.contract.miniapp.market import Market, open_market
from tests.databases import Contents, RewindableDatabase
from tests.launching import BOT_TOKEN, init_data

IVAN = {"id": 1001, "first_name": "Ivan", "language_code": "ru"}


@dataclass
class Visitor:
    """Somebody with a session pass."""

    client: FlaskClient
    headers: dict[str, str]

    def get(self, path: str) -> TestResponse:
        """Ask for a screen."""
        return self.client.get(path, headers=self.headers)

    def act(self, name: str, **form: Any) -> TestResponse:
        """Post an action."""
        return self.client.post(f"/app/act/{name}", data=form, headers=self.headers)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a deployment that has the Mini App only."""
    return Settings(
        database_url="",
        public_url="http://localhost",
        secret_keys=(KEY,),
        bitrix_client_id="",
        bitrix_client_secret="",
        telegram_bot_token=BOT_TOKEN,
        files_dir=str(tmp_path / "files"),
    )


@pytest.fixture
def web(settings: Settings, transactions: Transactions, tmp_path: Path) -> Flask:
    """The web process; its front end need not be built."""
    (tmp_path / "manifest.json").write_text(json.dumps({"miniapp.js": "miniapp-A.js", "miniapp.css": "miniapp-A.css"}))
    app = Flask("miniapp-contract", static_folder=None)
    app.register_blueprint(create_blueprint(settings=settings, transactions=transactions, assets=Assets(tmp_path)))
    return app


@dataclass
class Opened:
    """The market as it stood when the first test of this process opened it: who is in it by the number of the row."""

    contents: Contents
    people: dict[str, int]
    ids: dict[str, int]


@pytest.fixture(scope="session")
def _opened() -> list[Opened]:
    return []


@pytest.fixture
def market(rewindable_database: RewindableDatabase, transactions: Transactions, _opened: list[Opened]) -> Market:
    """A contracted order, a second lot still open with a conversation, a team, strangers of both kinds, a newcomer; contacts planted."""
    if _opened:
        rewindable_database.rewind(_opened[0].contents)
    else:
        with transactions() as uow:
            made = open_market(uow)
        people = {name: person.id for name, person in made.people.items()}
        _opened.append(Opened(rewindable_database.contents(), people, made.ids))
    with transactions() as uow:
        return Market(
            {name: uow.session.get_one(Person, row) for name, row in _opened[0].people.items()}, _opened[0].ids
        )


@pytest.fixture
def forms(settings: Settings, transactions: Transactions, tmp_path: Path) -> dict[str, Any]:
    """What every action takes."""
    door = Door(settings=settings, transactions=transactions, assets=Assets(tmp_path))
    for part in PARTS:
        part.add_to(door)
    return door.forms


@pytest.fixture
def client(web: Flask) -> FlaskClient:
    """A caller without a pass."""
    return web.test_client()


@pytest.fixture
def enter(client: FlaskClient) -> Callable[..., TestResponse]:
    """Hands launch data over: `enter(IVAN)`, `enter(raw="…")`."""

    def post(user: dict[str, Any] | None = None, *, raw: str | None = None, **more: str) -> TestResponse:
        data = raw if raw is not None else init_data(user or IVAN, datetime.now(UTC), **more)
        return client.post("/app/session", json={"init_data": data})

    return post


@pytest.fixture
def visitor(client: FlaskClient, settings: Settings) -> Callable[[Person], Visitor]:
    """Gives a person a pass, of somebody who came in just now unless told otherwise."""
    passes = Passes(settings.secret_keys, max_age_seconds=settings.page_token_seconds)

    def of(person: Person, *, opened_ago: timedelta = timedelta()) -> Visitor:
        opened_at = int((datetime.now(UTC) - opened_ago).timestamp())
        return Visitor(client, {HEADER: passes.issue(Pass(person.id, person.telegram_id, opened_at))})

    return of
