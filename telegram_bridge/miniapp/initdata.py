"""Proves that a Mini App was opened from Telegram and by whom.

Called by the session door with the raw `initData` string. Two published forms are understood: the HMAC with the bot's own
token (`hash`), and Telegram's Ed25519 signature for those who do not hold the token (`signature`).
Knows neither the database nor the web. Source: core.telegram.org/bots/webapps, "Validating data".
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from b24app.outside_json import read_json

MAX_LENGTH = 16_384
_CLOCK_SKEW_SECONDS = 60


class Untrusted(Exception):
    """The launch data cannot be believed. `reason` is safe to log: it repeats nothing of what came."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True)
class Launch:
    """Who opened the Mini App and when; `start_param` is the payload of a deep link, or empty."""

    telegram_id: str
    first_name: str
    last_name: str
    username: str
    language_code: str
    auth_date: datetime
    start_param: str


def verify(
    raw: str,
    *,
    bot_token: str,
    now: datetime,
    max_age_seconds: int,
    bot_id: str = "",
    public_key: str = "",
) -> Launch:
    """Check `raw` and read it. Raises Untrusted.

    With a `bot_token` only the HMAC counts; without one the Ed25519 signature is checked for `bot_id` with Telegram's `public_key`.
    """
    fields = _fields(raw)
    if bot_token:
        _check_hash(fields, bot_token)
    elif bot_id:
        _check_signature(fields, bot_id, public_key)
    else:
        raise Untrusted("no bot is configured")
    return _launch(fields, now, max_age_seconds)


def check_string(fields: dict[str, str], *left_out: str) -> str:
    """Join the fields as Telegram does before signing: sorted `key=value` lines."""
    return "\n".join(f"{key}={value}" for key, value in sorted(fields.items()) if key not in left_out)


def _fields(raw: str) -> dict[str, str]:
    if not raw or len(raw) > MAX_LENGTH:
        raise Untrusted("empty or over-long")
    try:
        raw.encode()
        pairs = parse_qsl(raw, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=64)
    except (ValueError, UnicodeDecodeError) as error:
        raise Untrusted("not a query string") from error
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise Untrusted("a field is given twice")
    return fields


def _check_hash(fields: dict[str, str], bot_token: str) -> None:
    secret = hmac.new(b"WebAppData", bot_token.encode(), hashlib.sha256).digest()
    expected = hmac.new(secret, check_string(fields, "hash").encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), fields.get("hash", "").encode()):
        raise Untrusted("the hash does not match")


def _check_signature(fields: dict[str, str], bot_id: str, public_key: str) -> None:
    signature = fields.get("signature", "")
    message = f"{bot_id}:WebAppData\n{check_string(fields, 'hash', 'signature')}"
    try:
        decoded = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(decoded, message.encode())
    except (InvalidSignature, binascii.Error, ValueError) as error:
        raise Untrusted("the signature does not match") from error


def _launch(fields: dict[str, str], now: datetime, max_age_seconds: int) -> Launch:
    try:
        auth_date = datetime.fromtimestamp(int(fields["auth_date"]), tz=UTC)
        user: dict[str, Any] = read_json(fields["user"])
        telegram_id = str(int(user["id"]))
    except (KeyError, ValueError, TypeError, OverflowError, OSError) as error:
        raise Untrusted("no user or no date inside") from error
    age_seconds = (now - auth_date).total_seconds()
    if age_seconds > max_age_seconds:
        raise Untrusted("too old")
    if age_seconds < -_CLOCK_SKEW_SECONDS:
        raise Untrusted("from the future")
    if user.get("is_bot"):
        raise Untrusted("a bot")
    return Launch(
        telegram_id=telegram_id,
        first_name=str(user.get("first_name") or ""),
        last_name=str(user.get("last_name") or ""),
        username=str(user.get("username") or ""),
        language_code=str(user.get("language_code") or ""),
        auth_date=auth_date,
        start_param=fields.get("start_param", ""),
    )
