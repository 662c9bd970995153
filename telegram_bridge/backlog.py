"""What Telegram keeps for us: how many updates wait there, why the last delivery failed, and whether it delivers to us at all.

Run every minute by one worker; the health page shows it. Telegram keeps updates for a day and delivers them again by itself.
Documentation: getWebhookInfo.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

from telebot import TeleBot

from b24app.config import Settings
from b24app.errors import GatewayError, InvalidState
from b24app.services import reports
from storage.unit_of_work import Transactions
from telegram_bridge.addresses import webhook_path
from telegram_bridge.current_bot import CurrentBot

NAME = "telegram"

log = logging.getLogger(__name__)


class Backlog:
    """Asks Telegram about our webhook."""

    def __init__(self, settings: Settings, transactions: Transactions, bot: CurrentBot) -> None:
        self._address = settings.public_url + webhook_path(settings)
        self._transactions = transactions
        self._bot = bot

    def run(self) -> None:
        """Ask once; without a bot, or without an answer, the last report stays."""
        try:
            info = self._bot.client().call(TeleBot.get_webhook_info)
        except InvalidState:
            return
        except GatewayError as error:
            log.info("Telegram could not be asked about the webhook: %s", error)
            return
        with self._transactions() as uow:
            reports.write(uow, NAME, self._content(info))

    def _content(self, info: Any) -> dict[str, Any]:
        failed_at = info.last_error_date
        return {
            "pending": int(info.pending_update_count or 0),
            "error": str(info.last_error_message or ""),
            "error_at": datetime.fromtimestamp(int(failed_at), UTC).isoformat() if failed_at else "",
            "ours": info.url == self._address,
            "set": bool(info.url),
        }
