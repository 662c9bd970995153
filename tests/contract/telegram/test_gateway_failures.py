"""What an unusual failure on the way to Telegram says of the message: it went, it did not, or nobody knows."""

from __future__ import annotations

import ssl

import pytest
import requests
import responses
from urllib3 import HTTPConnectionPool
from urllib3.exceptions import MaxRetryError, SSLError

from b24app.domain.deliveries import SendChatAlbum, SendChatMessage
from b24app.domain.delivery import Delivery
from b24app.domain.outcomes import Envelope, Outcome, TryLater, Unclear
from telegram_bridge.gateway import TelegramGateway
from tests.contract.telegram.conftest import API, TOKEN

CHAT = "7000000001"
ADDRESS = f"{API}/bot{TOKEN}/sendMessage"
HELLO = SendChatMessage(chat_id=CHAT, text="Hello")


def _sent(gateway: TelegramGateway, delivery: Delivery = HELLO) -> Outcome:
    [outcome] = gateway.send([Envelope(row_id=1, key="k", lane="l", attempt=1, delivery=delivery)])
    return outcome


def _too_fast(api: responses.RequestsMock, seconds: int) -> None:
    said = {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": seconds}}
    api.post(ADDRESS, json=said, status=429)


@pytest.mark.parametrize(
    ("broken", "kind"),
    [
        (ssl.SSLCertVerificationError("certificate verify failed"), TryLater),
        (ssl.SSLError(1, "[SSL: DECRYPTION_FAILED_OR_BAD_RECORD_MAC] decryption failed"), Unclear),
    ],
)
def test_encryption_that_breaks_later_is_no_lost_connection(
    gateway: TelegramGateway, api: responses.RequestsMock, broken: ssl.SSLError, kind: type
) -> None:
    """A certificate that is refused ends everything before a word; encryption may also break when the message is out."""
    reason = MaxRetryError(HTTPConnectionPool("localhost"), f"/bot{TOKEN}/sendMessage", SSLError(broken))
    api.post(ADDRESS, body=requests.exceptions.SSLError(reason))
    outcome = _sent(gateway)
    assert isinstance(outcome, kind)
    assert TOKEN not in repr(outcome)


@pytest.mark.parametrize(("said", "believed"), [(-7, 0.5), (3600, 3600.0), (10**12, 86400.0)])
def test_a_pause_is_believed_within_reason(
    gateway: TelegramGateway, api: responses.RequestsMock, said: int, believed: float
) -> None:
    """An hour is waited for; a pause that is over before it began, or never is, becomes one that ends."""
    _too_fast(api, said)
    outcome = _sent(gateway)
    assert isinstance(outcome, TryLater)
    assert outcome.after_seconds == believed


def test_words_of_an_album_that_arrived_are_not_said_again(
    gateway: TelegramGateway, api: responses.RequestsMock
) -> None:
    """When the long words of one piece are out and those of the next are held up, the album is a person's to decide on."""
    chat = {"id": int(CHAT), "type": "private", "first_name": "Ivan"}
    api.post(ADDRESS, json={"ok": True, "result": {"message_id": 61, "chat": chat, "date": 1772443800}})
    _too_fast(api, 7)
    piece = {"kind": "photo", "telegram_file_id": "x", "caption": "word " * 300}
    assert isinstance(_sent(gateway, SendChatAlbum(chat_id=CHAT, items=[piece, piece])), Unclear)
