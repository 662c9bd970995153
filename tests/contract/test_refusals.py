"""What is not believed gets in nowhere, leaves nothing behind and tells nothing to the log."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import os
import time
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from b24app.app import create_app
from b24app.config import Settings
from storage.embedded import EmbeddedServer
from storage.models import File, InboxRow, OutboxRow, Person, Portal
from telegram_bridge.addresses import webhook_path, webhook_secret

BOT = "7000000001:AAexampleexampleexampleexampleexample"
KEY = "0123456789abcdef0123456789abcdef"
SECRET = "unguessable-path-segment-of-this-installation"
OPEN = {"/healthz", "/readyz", "/assets/<name>", "/install/connector"}
SETTINGS = Settings(
    database_url="postgresql+psycopg://nobody@127.0.0.1:1/nothing",
    public_url="https://market.example.org",
    secret_keys=(KEY,),
    bitrix_client_id="local.1",
    bitrix_client_secret="secret",
    bitrix_oauth_url="http://127.0.0.1:1",
    telegram_bot_token=BOT,
)


@pytest.fixture(scope="module")
def web(postgres: EmbeddedServer, template_database: str) -> Iterator[FlaskClient]:
    """The web process on a database with one installed portal."""
    name = f"refusals_{os.getpid()}"
    postgres.drop_database(name)
    postgres.create_database(name, template=template_database)
    address = postgres.address(name).replace("postgresql:", "postgresql+psycopg:", 1)
    app = create_app(Settings(**{**vars(SETTINGS), "database_url": address}))
    with app.app_context():
        engine = app.extensions["sqlalchemy"].engine
        with Session(engine) as session, session.begin():
            session.add(
                Portal(
                    member_id="m1",
                    client_endpoint="http://127.0.0.1:1/rest/",
                    domain="portal.example",
                    state="active",
                    access_token="stored-access-token-of-the-owner",
                    refresh_token="stored-refresh-token-of-the-owner",
                    application_token="right-application-token",
                    path_secret=SECRET,
                )
            )
        yield app.test_client()
        engine.dispose()
    postgres.drop_database(name)


@pytest.fixture
def client(web: FlaskClient) -> Iterator[FlaskClient]:
    """The web process; what a test leaves in the database is removed after it."""
    yield web
    with web.application.extensions["sqlalchemy"].engine.begin() as connection:
        connection.execute(text("TRUNCATE inbox, outbox, people, files CASCADE"))


def kept(client: FlaskClient) -> dict[str, int]:
    """Count what the database holds of the outside."""
    with Session(client.application.extensions["sqlalchemy"].engine) as session:
        tables = (InboxRow, OutboxRow, Person, File)
        return {t.__tablename__: session.scalar(select(func.count()).select_from(t)) or 0 for t in tables}


NOTHING = {"inbox": 0, "outbox": 0, "people": 0, "files": 0}


def init_data(token: str, *, age_seconds: int = 0, **changes: str) -> str:
    """Sign launch data as Telegram does; see the Mini Apps documentation, validating data."""
    fields = {
        "auth_date": str(int(time.time()) - age_seconds),
        "query_id": "AAE1",
        "user": json.dumps({"id": 5100000101, "first_name": "Ivan", "language_code": "ru"}),
    }
    check = "\n".join(f"{name}={value}" for name, value in sorted(fields.items()))
    secret = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
    fields["hash"] = hmac.new(secret, check.encode(), hashlib.sha256).hexdigest()
    return urlencode({**fields, **changes})


def test_a_wrong_webhook_secret_is_refused(client: FlaskClient) -> None:
    """Whoever does not know the secret cannot speak for Telegram."""
    for path, secret in ((webhook_path(SETTINGS), "wrong"), ("/telegram/wrong/webhook", webhook_secret(SETTINGS))):
        answer = client.post(path, json={"update_id": 1}, headers={"X-Telegram-Bot-Api-Secret-Token": secret})
        assert answer.status_code == 403
    assert kept(client) == NOTHING


def test_a_malformed_update_is_kept_for_somebody_to_see(client: FlaskClient) -> None:
    """Telegram's garbage is answered 200, so that it is not repeated for ever, and lies in a lane of its own."""
    headers = {"X-Telegram-Bot-Api-Secret-Token": webhook_secret(SETTINGS)}
    for body in (b"<html>oops", b'{"update_id": "seven"}', b"[]", b'{"update_id": 7, "message": 3}'):
        assert client.post(webhook_path(SETTINGS), data=body, headers=headers).status_code == 200
    assert kept(client)["inbox"] == 4


@pytest.mark.parametrize(
    "data",
    [
        init_data("7000000001:AAsomebodyelsesomebodyelsesomebody"),
        init_data(BOT, hash="0" * 64),
        init_data(BOT, user=json.dumps({"id": 1, "first_name": "Eve"})),
        init_data(BOT, age_seconds=90_000),
        "",
        "hash=",
    ],
    ids=["another bot's", "forged", "changed afterwards", "stale", "empty", "bare"],
)
def test_forged_or_stale_launch_data_is_refused(client: FlaskClient, data: str) -> None:
    """Nobody becomes somebody else in the Mini App, and a leaked launch does not open it for ever."""
    answer = client.post("/app/session", json={"init_data": data})
    assert (answer.status_code in {401, 422}, kept(client)) == (True, NOTHING)


def test_right_launch_data_is_believed(client: FlaskClient) -> None:
    """The refusals above refuse for the right reason: the same data, unforged and fresh, opens the door."""
    assert client.post("/app/session", json={"init_data": init_data(BOT)}).status_code == 200


@pytest.mark.parametrize(
    ("path", "member", "token"),
    [
        (SECRET, "m1", "wrong-application-token"),
        (SECRET, "m2", "right-application-token"),
        ("guessed", "m1", "right-application-token"),
        (SECRET, "m1", ""),
    ],
    ids=["wrong token", "another portal", "wrong address", "no token"],
)
@pytest.mark.parametrize("kind", ["event", "robot"])
def test_a_call_that_is_not_the_portals_is_refused(
    client: FlaskClient, kind: str, path: str, member: str, token: str
) -> None:
    """An event or a robot call needs the address, the portal and the application token of this installation."""
    form = {
        "event": "ONAPPUNINSTALL",
        "event_token": "t1",
        "auth[member_id]": member,
        "auth[application_token]": token,
    }
    assert client.post(f"/b24/{path}/{kind}", data=form).status_code == 403
    assert kept(client) == NOTHING


def test_a_launch_that_the_portal_does_not_confirm_is_refused(client: FlaskClient) -> None:
    """A page is not shown on the word of its form: the portal must confirm the token, and here it is not there to do so."""
    form = {
        "AUTH_ID": "visitor-token-made-up",
        "AUTH_EXPIRES": "3600",
        "APPLICATION_TOKEN": "right-application-token",
        "member_id": "m1",
        "PLACEMENT": "CRM_DEAL_DETAIL_TAB",
        "PLACEMENT_OPTIONS": '{"ID": "1"}',
    }
    answer = client.post(f"/placements/{SECRET}/deal_tab?DOMAIN=portal.example&PROTOCOL=1&LANG=ru", data=form)
    assert (answer.status_code in {401, 403, 503}, kept(client)) == (True, NOTHING)


def _rules() -> list[Rule]:
    return [rule for rule in create_app(SETTINGS).url_map.iter_rules() if rule.rule not in OPEN]


@pytest.mark.parametrize("rule", _rules(), ids=str)
def test_nobody_gets_in_without_proof(client: FlaskClient, rule: Rule) -> None:
    """Called without any proof, no address answers with success or a traceback, and nothing is kept."""
    address = rule.rule
    for name in rule.arguments:
        for written in (f"<int:{name}>", f"<path:{name}>", f"<{name}>"):
            address = address.replace(written, "1" if written.startswith("<int") else "x")
    method = "POST" if "POST" in (rule.methods or set()) else "GET"
    shell = method == "GET" and address.startswith("/app/") and not address.startswith("/app/files")
    answer = client.open(address, method=method)
    assert answer.status_code in ({200} if shell else {400, 401, 403, 404, 413, 415, 422, 503}), answer.text[:300]
    assert ("Traceback" in answer.text, kept(client)) == (False, NOTHING)


def test_refusals_tell_the_log_no_secret(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    """Neither what a stranger sent as proof nor what would have been right appears in a log line."""
    caplog.set_level(logging.DEBUG)
    client.post("/app/session", json={"init_data": init_data(BOT, hash="f" * 64)})
    client.post(webhook_path(SETTINGS), json={}, headers={"X-Telegram-Bot-Api-Secret-Token": "guessed-secret-value"})
    form = {"event": "X", "auth[member_id]": "m1", "auth[application_token]": "guessed-application-token"}
    client.post(f"/b24/{SECRET}/event", data=form)
    for secret in (
        "f" * 64,
        "guessed-secret-value",
        "guessed-application-token",
        "right-application-token",
        BOT,
        SECRET,
    ):
        assert secret not in caplog.text
