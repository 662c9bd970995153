"""Files of conversations are given to whoever holds a good link, for as long as it holds, and never run in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import responses
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from b24app.config import Settings
from b24app.services import file_links
from storage.models import Conversation, File, Message
from storage.unit_of_work import Transactions
from telegram_bridge.current_bot import CurrentBot
from telegram_bridge.files_door import create_blueprint
from telegram_bridge.miniapp.uploads import LARGEST_BYTES
from tests.contract.telegram.conftest import API, TOKEN

PDF = b"%PDF-1.7\nspecification"


@pytest.fixture
def client(settings: Settings, transactions: Transactions) -> Iterator[FlaskClient]:
    """A web process with nothing but the door."""
    bot = CurrentBot(settings, transactions)
    app = Flask(__name__)
    app.register_blueprint(create_blueprint(settings=settings, transactions=transactions, bot=bot))
    with app.test_client() as client:
        yield client
    bot.close()


@pytest.fixture
def message_id(transactions: Transactions) -> int:
    """A message whose file only Telegram has."""
    with transactions() as uow:
        conversation = Conversation(kind="help")
        uow.session.add(conversation)
        uow.session.flush()
        message = Message(
            conversation_id=conversation.id,
            side="buyer",
            kind="document",
            telegram_file_id="BQDoc",
            source="telegram",
            source_key="1:2",
        )
        uow.session.add(message)
        uow.session.flush()
        return message.id


def _path(settings: Settings, subject: str, *, age: timedelta = timedelta()) -> str:
    return "/files/" + file_links.issue(settings.secret_keys, subject, datetime.now(UTC) - age)


def _telegram(api: responses.RequestsMock, body: bytes, status: int = 200) -> None:
    found = {"ok": True, "result": {"file_id": "BQDoc", "file_unique_id": "d", "file_path": "documents/file_7.pdf"}}
    for method in ("GET", "POST"):
        api.add(method, f"{API}/bot{TOKEN}/getFile", json=found)
    api.get(f"{API}/file/bot{TOKEN}/documents/file_7.pdf", body=body, status=status)


def test_file_is_fetched_once_and_kept(
    client: FlaskClient, settings: Settings, transactions: Transactions, message_id: int
) -> None:
    """The first request fetches the file from Telegram; the second finds it in our store, under a name of our making."""
    path = _path(settings, f"message/{message_id}")
    with responses.RequestsMock(assert_all_requests_are_fired=False) as api:
        _telegram(api, PDF)
        with client.get(path) as first:
            assert (first.status_code, first.data) == (200, PDF)
    with client.get(path) as second:
        assert second.data == PDF
        assert second.headers["Content-Type"] == "application/pdf"
        assert f"document-{message_id}.pdf" in second.headers["Content-Disposition"]
        assert second.headers["Content-Disposition"].startswith("attachment")
        assert second.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in second.headers["Content-Security-Policy"]
    with transactions() as uow:
        [file] = uow.session.scalars(select(File)).all()
        assert (file.owner, file.size, file.telegram_file_id) == (f"message/{message_id}", len(PDF), "BQDoc")


@pytest.mark.parametrize("subject", ["message/999", "file/999", "person/1", ""])
def test_link_to_nothing_is_not_found(client: FlaskClient, settings: Settings, subject: str) -> None:
    """A link to what is not there, or is no file, gives 404."""
    assert client.get(_path(settings, subject)).status_code == 404


def test_expired_or_altered_link_is_not_found(client: FlaskClient, settings: Settings, message_id: int) -> None:
    """A link that ran out, was changed, or was signed by somebody else gives 404 and asks Telegram nothing."""
    good = _path(settings, f"message/{message_id}")
    foreign = "/files/" + file_links.issue(["z" * 32], f"message/{message_id}", datetime.now(UTC))
    late = _path(settings, f"message/{message_id}", age=timedelta(days=8))
    assert [client.get(path).status_code for path in (good[:-1] + "~", foreign, late)] == [404, 404, 404]


def test_trouble_with_telegram_is_told_apart(client: FlaskClient, settings: Settings, message_id: int) -> None:
    """While Telegram does not give the file the portal is asked to come again, and nothing half-fetched stays."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as api:
        _telegram(api, b"", status=503)
        assert client.get(_path(settings, f"message/{message_id}")).status_code == 502


def test_too_large_file_is_refused(client: FlaskClient, settings: Settings, message_id: int) -> None:
    """More than 20 MB is not kept, whatever Telegram announced."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as api:
        _telegram(api, b"x" * (LARGEST_BYTES + 1))
        assert client.get(_path(settings, f"message/{message_id}")).status_code == 413
