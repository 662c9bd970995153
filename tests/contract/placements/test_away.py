"""While the database is away, people read a calm sentence and can ask again; machines are told when to come back."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from b24app.app import create_app
from b24app.config import Settings
from tests.conftest import KEY

NOWHERE = Settings(
    database_url="postgresql+psycopg://nobody@127.0.0.1:1/nothing",
    public_url="https://market.example.org",
    secret_keys=(KEY,),
    bitrix_client_id="local.1",
    bitrix_client_secret="secret",
    bitrix_portal_url="https://portal.example",
    telegram_bot_token="1:token",
)
LAUNCH = {"AUTH_ID": "t<1>", "AUTH_EXPIRES": "3600", "member_id": "m" * 32, "PLACEMENT": "DEFAULT", "PROTOCOL": "1"}


@pytest.fixture(scope="module")
def web() -> FlaskClient:
    """Our whole web process without a database."""
    return create_app(NOWHERE).test_client()


def test_a_launch_gets_a_page_that_asks_again(web: FlaskClient) -> None:
    """The page names the trouble in the visitor's language, and its button posts the very same launch, safely escaped."""
    where = "/placements/app/overview?DOMAIN=portal.example&LANG=uz&APP_SID=s"
    answer = web.post(where, data={**LAUNCH, "APPLICATION_TOKEN": "a", "PLACEMENT_OPTIONS": "{}"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "Hech narsa yoʻqolmadi" in answer.text
    assert 'name="AUTH_ID" value="t&lt;1&gt;"' in answer.text
    assert 'action="/placements/app/overview?DOMAIN=portal.example&amp;LANG=uz&amp;APP_SID=s"' in answer.text
    assert "frame-ancestors https://portal.example" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/install?LANG=ru"),
        ("POST", "/b24/secret/event"),
        ("POST", "/b24/secret/robot"),
        ("POST", "/placements/act/approve_lot"),
        ("GET", "/readyz"),
        ("POST", "/app/session"),
    ],
)
def test_no_door_breaks(web: FlaskClient, method: str, path: str) -> None:
    """Every door answers a refusal of its own, or 503, and never a bare failure."""
    form = {"REFRESH_ID": "r", "APPLICATION_TOKEN": "a", "member_id": "m", "auth[member_id]": "m", "event": "X"}
    json = {"init_data": "x"} if path == "/app/session" else None
    body: dict[str, Any] = {"json": json} if json else {"data": form}
    answer = web.open(path, method=method, **body)
    assert answer.status_code in {401, 403, 503}
    assert "Internal Server Error" not in answer.text


def test_the_process_still_lives(web: FlaskClient) -> None:
    """A lost database is no reason to restart the web process: it lives, but is not ready."""
    assert (web.get("/healthz").status_code, web.get("/readyz").json) == (200, {"database": False})
