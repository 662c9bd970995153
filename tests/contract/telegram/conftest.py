"""What the Telegram tests share: captured updates and a deployment's settings."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import responses
from sqlalchemy import select

from b24app.config import Settings
from storage.models import OutboxRow
from storage.unit_of_work import Transactions, UnitOfWork
from telegram_bridge.gateway import TelegramGateway
from telegram_bridge.updates import handle
from tests.conftest import KEY

PAYLOADS = Path(__file__).parents[2] / "payloads" / "telegram"
TOKEN = "123456:AAAA-token-of-the-tests"
API = "https://telegram.test"
Payload = Callable[..., dict[str, Any]]
Play = Callable[..., None]
Said = Callable[[], list[OutboxRow]]


@pytest.fixture
def payload() -> Payload:
    """Reads a captured update by name; keyword arguments replace fields of its content."""

    def read(name: str, **changes: Any) -> dict[str, Any]:
        update: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text())
        for kind in set(update) - {"update_id"}:
            update[kind] |= changes
        return update

    return read


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A deployment with a bot."""
    return Settings(
        database_url="postgresql://unused",
        public_url="https://market.test",
        secret_keys=(KEY, "f" * 32),
        bitrix_client_id="app",
        bitrix_client_secret="secret",
        telegram_api_url=API,
        telegram_bot_token=TOKEN,
        telegram_rate_per_second=1000.0,
        files_dir=str(tmp_path / "files"),
    )


@pytest.fixture
def gateway(settings: Settings, transactions: Transactions) -> Iterator[TelegramGateway]:
    """The gateway of the tests' deployment."""
    gateway = TelegramGateway(settings=settings, transactions=transactions)
    yield gateway
    gateway.close()


@pytest.fixture
def api() -> Iterator[responses.RequestsMock]:
    """Telegram as the network sees it."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture
def play(uow: UnitOfWork, payload: Payload) -> Play:
    """Works a captured update as the inbox does; keyword arguments replace fields of its content."""

    def work(name: str, *, update_id: int = 0, **changes: Any) -> None:
        update = payload(name, **changes)
        handle(uow, update | {"update_id": update_id or update["update_id"]})
        uow.session.flush()

    return work


@pytest.fixture
def said(uow: UnitOfWork) -> Said:
    """Gives what was asked to be said in Telegram since the last time."""
    seen: set[int] = set()

    def fresh() -> list[OutboxRow]:
        rows = uow.session.scalars(select(OutboxRow).where(OutboxRow.network == "telegram").order_by(OutboxRow.id))
        new = [row for row in rows if row.id not in seen]
        seen.update(row.id for row in new)
        return new

    return fresh
