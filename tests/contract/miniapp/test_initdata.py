"""Launch data: believed when Telegram signed it, refused otherwise."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask

from b24app.assets import Assets
from b24app.config import Settings
from storage.unit_of_work import Transactions
from telegram_bridge.miniapp.initdata import Launch, Untrusted, verify
from telegram_bridge.miniapp.routes import create_blueprint
from tests.launching import BOT_TOKEN, init_data

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
USER = {"id": 77000000000, "first_name": "Иван 🧵", "last_name": "", "username": "ivan", "language_code": "ru"}
DAY = 86400


def read(raw: str, **changes: Any) -> Launch:
    """Verify with the usual settings."""
    wanted: dict[str, Any] = {"bot_token": BOT_TOKEN, "now": NOW, "max_age_seconds": DAY, **changes}
    return verify(raw, **wanted)


def test_a_signed_launch_is_read() -> None:
    """What Telegram signed with the bot's token tells who opened the Mini App, whatever letters are in the name."""
    launch = read(init_data(USER, NOW - timedelta(hours=1), start_param="lot_256"))
    assert (launch.telegram_id, launch.first_name, launch.start_param) == ("77000000000", "Иван 🧵", "lot_256")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda raw: raw.replace("77000000000", "77000000001"),
        lambda raw: raw.replace("hash=", "hash=0"),
        lambda raw: raw.partition("&hash=")[0],
        lambda raw: raw + "&extra=1",
        lambda raw: raw + "&auth_date=9",
        lambda raw: "",
        lambda raw: "not a query",
        lambda raw: "hash=%ff%fe",
        lambda raw: f"{raw}&half=\ud800",
        lambda raw: "a=" + "x" * 20000,
    ],
)
def test_altered_launches_are_refused(spoil: Callable[[str], str]) -> None:
    """One changed, added, doubled or missing field is enough to be refused."""
    raw = spoil(init_data(USER, NOW))
    with pytest.raises(Untrusted):
        read(raw)


@pytest.mark.parametrize("token", ["7000000001:other", "1:x"])
def test_another_bots_launch_is_refused(token: str) -> None:
    """Launch data of another bot is worthless here."""
    with pytest.raises(Untrusted):
        read(init_data(USER, NOW, token=token))


@pytest.mark.parametrize("age", [timedelta(days=1, seconds=1), timedelta(minutes=-5)])
def test_stale_and_future_launches_are_refused(age: timedelta) -> None:
    """Launch data holds for the configured time and not before it was made."""
    with pytest.raises(Untrusted):
        read(init_data(USER, NOW - age))


@pytest.mark.parametrize("user", [{"first_name": "nobody"}, {"id": "x"}, {"id": 1, "is_bot": True}])
def test_a_launch_needs_a_person(user: dict[str, object]) -> None:
    """Signed data without a person's id, or of a bot, opens nothing."""
    with pytest.raises(Untrusted):
        read(init_data(user, NOW))


def signed_by_telegram(at: datetime) -> tuple[str, str]:
    """Give launch data of bot 42 as Telegram signs it for third parties, and the public key in hex."""
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
    fields = dict(parse_qsl(init_data(USER, at)))
    lines = "\n".join(f"{name}={fields[name]}" for name in sorted(fields) if name != "hash")
    signature = base64.urlsafe_b64encode(key.sign(f"42:WebAppData\n{lines}".encode())).decode().rstrip("=")
    return urlencode({**fields, "signature": signature}), public


def test_the_third_party_form_is_understood() -> None:
    """Without the bot's token, Telegram's Ed25519 signature over the same fields is enough, and only for this bot."""
    raw, public = signed_by_telegram(NOW)
    assert read(raw, bot_token="", bot_id="42", public_key=public).username == "ivan"
    for wrong in ({"bot_id": "43", "public_key": public}, {"bot_id": "42"}, {"bot_id": ""}):
        with pytest.raises(Untrusted):
            read(raw, **{"bot_token": "", **wrong})


def test_a_process_without_the_token_believes_telegram(
    settings: Settings, transactions: Transactions, tmp_path: Path
) -> None:
    """A web process that only knows the bot's number opens sessions by Telegram's signature, and refuses everybody else's."""
    raw, public = signed_by_telegram(datetime.now(UTC))
    opened = []
    for key in (public, "0" * 64):
        tokenless = replace(settings, telegram_bot_token="", telegram_bot_id="42", telegram_init_data_key=key)
        app = Flask("tokenless", static_folder=None)
        app.register_blueprint(create_blueprint(settings=tokenless, transactions=transactions, assets=Assets(tmp_path)))
        opened.append(app.test_client().post("/app/session", json={"init_data": raw}).status_code)
    assert opened == [200, 401]
