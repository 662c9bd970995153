"""Nothing that opens a door is written into a log, whoever writes and however it is wrapped."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator

import aiohttp
import pytest
import requests

from b24app import logs
from storage.engines import engine_on

BOT = "7012345678:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0"
KEY = "1a0f8c33b4e94f6fa9d5d3f7c0be5a11"
SPEAKERS = ("urllib3.connectionpool", "aiohttp.client", "aiohttp.access", "fast_bitrix24", "TeleBot", "gunicorn.error")
SEGMENT = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


@pytest.fixture
def written(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[], str]]:
    """Give what was written since it was last asked for, at the chattiest level."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    logs.configure("DEBUG")
    yield lambda: capsys.readouterr().err
    root.handlers[:], level = before
    root.setLevel(level)


@pytest.mark.parametrize(
    "wrapped",
    [
        f"https://api.telegram.org/bot{BOT}/sendMessage",
        f"https://api.telegram.org/bot{BOT.replace(':', '%3A')}/sendMessage",
        f"https://oauth.bitrix.info/oauth/token/?grant_type=refresh_token&refresh_token={KEY}&client_secret={KEY}",
        f"auth[access_token]={KEY}&auth[application_token]={KEY}",
        f"auth%5Baccess_token%5D={KEY}&auth%5Bmember_id%5D=x",
        f"AUTH_ID={KEY}&AUTH_EXPIRES=3600&REFRESH_ID={KEY}",
        json.dumps({"access_token": KEY, "spare_token": KEY}),
        json.dumps({"body": json.dumps({"refresh_token": KEY})}),
        repr({"bitrix_client_secret": KEY}),
        f"Authorization: Bearer {KEY}",
        f"X-Telegram-Bot-Api-Secret-Token: {KEY}",
        f"#tgWebAppData=query_id%3DAAH%26hash%3D{KEY}",
        f"https://portal.example/rest/1/{KEY}/crm.item.list",
        f"postgresql+psycopg://marketplace:{KEY}@database:5432/marketplace",
        f"Exception on /b24/{SEGMENT}/event [POST]",
        f"Error handling request /telegram/{KEY}/webhook",
        f"Exception on /placements/{SEGMENT}/deal_tab [POST]",
    ],
)
def test_secrets_are_blanked_wherever_they_stand(wrapped: str) -> None:
    """In addresses, forms, JSON within JSON, headers and representations."""
    shown = logs.without_secrets(wrapped)
    assert not any(secret in shown for secret in (BOT, BOT.partition(":")[2], KEY, SEGMENT))
    assert "***" in shown


def test_what_is_no_secret_stays_readable() -> None:
    """Sentences, methods, ids and times are there for whoever looks for a fault."""
    said = "outbox row 55 refused: 403 Forbidden: bot was blocked by the user 7012345678 at 2026-03-02T09:30:00+00:00"
    assert logs.without_secrets(said) == said


def test_an_exception_is_blanked_with_all_its_causes(written: Callable[[], str]) -> None:
    """A traceback tells of the fault, and of no token in any exception of its chain."""
    try:
        try:
            raise requests.ConnectionError(f"HTTPSConnectionPool: /bot{BOT}/getMe")
        except requests.ConnectionError as error:
            raise RuntimeError(f"access_token={KEY}") from error
    except RuntimeError:
        logging.getLogger("x").exception("failed with %s", {"auth": KEY})
    said = written()
    assert "RuntimeError" in said
    assert not any(secret in said for secret in (BOT, KEY))


def test_libraries_tell_no_addresses(written: Callable[[], str]) -> None:
    """The libraries that call out, and the web server, say nothing of the addresses they use, even at the chattiest level."""
    with pytest.raises(requests.RequestException):
        requests.get(f"http://127.0.0.1:1/bot{BOT}/getMe?auth={KEY}", timeout=1)
    for name in SPEAKERS:
        logging.getLogger(name).error("GET %s", f"/bot{BOT}/x?auth={KEY}")
    logging.getLogger("aiohttp.client").error("unclosed", exc_info=aiohttp.ClientError(f"/rest/1/{KEY}/"))
    said = written()
    assert said.count("GET") == len(SPEAKERS)
    assert not any(secret in said for secret in (BOT, KEY))


def test_a_failed_statement_does_not_repeat_what_it_was_given() -> None:
    """The text of a database's error names the statement, never the words of people that were to be stored."""
    engine = engine_on("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    assert engine.hide_parameters
    engine.dispose()
