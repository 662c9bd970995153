"""What an unusual failure on the way to Telegram says of the message: it went, it did not, or nobody knows."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import psycopg
import pytest
import requests
import responses
from sqlalchemy.exc import OperationalError
from urllib3 import HTTPConnectionPool
from urllib3.exceptions import MaxRetryError, SSLError

from b24app.config import Settings
from b24app.domain.deliveries import SendChatAlbum, SendChatFile, SendChatMessage
from b24app.domain.delivery import Delivery
from b24app.domain.outcomes import Envelope, Outcome, Refused, TryLater, Unclear
from storage.unit_of_work import Transactions, UnitOfWork
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


class Failing(Transactions):
    """Fails to open the transaction after so many, once."""

    left = -1

    @contextmanager
    def __call__(self, now: datetime | None = None) -> Iterator[UnitOfWork]:
        """Open a transaction, unless it is the one to fail."""
        self.left -= 1
        if self.left == -1:
            raise OperationalError("BEGIN", {}, psycopg.OperationalError("the server closed the connection"))
        with super().__call__(now) as uow:
            yield uow


def test_a_database_that_is_away_leaves_nothing_in_doubt(
    settings: Settings, transactions: Transactions, api: responses.RequestsMock
) -> None:
    """Whichever of a send's transactions fails, a message that was not sent is not left in doubt: it is sent later."""
    file = SendChatFile(chat_id=CHAT, kind="document", file_id=7, name="x.pdf")
    failing = Failing(transactions.engine)
    gateway = TelegramGateway(settings=settings, transactions=failing)
    try:
        for left in range(3):
            failing.left = left
            outcome = _sent(gateway, file)
            assert isinstance(outcome, TryLater | Refused), outcome
            assert isinstance(outcome, Refused) or not outcome.counted
        assert not api.calls
    finally:
        gateway.close()
