"""Expiring links under which the outside may fetch one file each.

A link is signed with the deployment's keys (the newest signs, all verify), says until when it holds, and names its file:
`file/12` is a row of ours, `message/55` the file of a message whose bytes Telegram may still hold. Called by whoever hands an address
to the other side of the wall; the door that honours them is the Telegram bridge's. Pure; knows neither database nor web.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from itsdangerous import BadSignature, URLSafeSerializer

from b24app.errors import NotFound

LIFETIME = timedelta(days=7)
"""Long enough for an operator's portal to fetch a file after an outage."""


def issue(keys: Sequence[str], subject: str, now: datetime, lifetime: timedelta = LIFETIME) -> str:
    """Make the token of a link to `subject` that holds for `lifetime`."""
    return str(_signer(keys).dumps([subject, int((now + lifetime).timestamp())]))


def address(public_url: str, keys: Sequence[str], subject: str, now: datetime) -> str:
    """Give the whole address of a file."""
    return f"{public_url}/files/{issue(keys, subject, now)}"


def subject_of(keys: Sequence[str], token: str, now: datetime) -> str:
    """Give what a token stands for. NotFound when it is altered, foreign or has run out."""
    try:
        subject, expires_at = _signer(keys).loads(token)
    except (BadSignature, ValueError, TypeError) as error:
        raise NotFound from error
    if now.timestamp() > expires_at:
        raise NotFound
    return str(subject)


def _signer(keys: Sequence[str]) -> URLSafeSerializer:
    return URLSafeSerializer(list(reversed(keys)), salt="file link")
