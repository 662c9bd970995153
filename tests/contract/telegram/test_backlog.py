"""What Telegram keeps for us is asked every minute, and shown."""

from __future__ import annotations

from typing import Any

import pytest
import responses

from b24app.config import Settings
from b24app.services import reports
from storage.unit_of_work import Transactions
from telegram_bridge.addresses import webhook_path
from telegram_bridge.backlog import Backlog
from telegram_bridge.current_bot import CurrentBot
from tests.contract.telegram.conftest import API, TOKEN


def asked(settings: Settings, transactions: Transactions, status: int = 200, **info: Any) -> dict[str, Any] | None:
    """Ask once, when Telegram says this of our webhook; answers the report that is kept."""
    body = {"ok": True, "result": {"has_custom_certificate": False, **info}} if status == 200 else {"ok": False}
    with responses.RequestsMock() as mock:
        mock.post(f"{API}/bot{TOKEN}/getWebhookInfo", json=body, status=status)
        Backlog(settings, transactions, CurrentBot(settings, transactions)).run()
    with transactions() as uow:
        report = reports.read(uow, "telegram")
        return None if report is None else dict(report.content)


def test_what_waits_and_why_is_kept(settings: Settings, transactions: Transactions) -> None:
    """The number of updates and the last failure, in Telegram's words and with its moment, are there for the health page."""
    ours = settings.public_url + webhook_path(settings)
    seen = asked(
        settings,
        transactions,
        url=ours,
        pending_update_count=17,
        last_error_date=1_763_000_000,
        last_error_message="Connection refused",
    )
    assert seen == {
        "pending": 17,
        "error": "Connection refused",
        "error_at": "2025-11-13T02:13:20+00:00",
        "ours": True,
        "set": True,
    }


@pytest.mark.parametrize(("url", "is_set"), [("", False), ("https://other.example/hook", True)])
def test_a_webhook_that_is_not_ours_is_told(
    settings: Settings, transactions: Transactions, url: str, is_set: bool
) -> None:
    """No address, or another program's, is seen: no message would ever come."""
    seen = asked(settings, transactions, url=url, pending_update_count=0)
    assert seen is not None
    assert (seen["set"], seen["ours"]) == (is_set, False)


def test_without_an_answer_the_last_report_stays(settings: Settings, transactions: Transactions) -> None:
    """A Telegram that does not answer makes nothing up."""
    asked(settings, transactions, url="https://other.example/hook", pending_update_count=3)
    seen = asked(settings, transactions, status=502)
    assert seen is not None
    assert seen["pending"] == 3
