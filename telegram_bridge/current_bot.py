"""Which bot this deployment speaks through, right now.

An administrator's choice on our settings page comes before the environment. Used by the gateway, the file door and the
set-up; keeps one client per token, made on first use and so after a fork.
"""

from __future__ import annotations

import threading

from telebot import TeleBot

from b24app.config import Settings
from b24app.errors import InvalidState
from b24app.services import settings as chosen
from storage.unit_of_work import Transactions, UnitOfWork
from telegram_bridge.client import TelegramClient

TOPICS_SECONDS = 300.0
"""How long what was learnt about the bot's topics is believed."""


def token_of(uow: UnitOfWork, settings: Settings) -> str:
    """Give the bot's token, or an empty text while none is set."""
    return chosen.get(uow, "bot_token", settings.telegram_bot_token) or settings.telegram_bot_token


class CurrentBot:
    """Gives the client of the bot in use; a changed token takes effect with the next call."""

    def __init__(self, settings: Settings, transactions: Transactions) -> None:
        self._settings = settings
        self._transactions = transactions
        self._lock = threading.Lock()
        self._token = ""
        self._client: TelegramClient | None = None
        self._username = ""
        self._topics: tuple[float, bool] = (0.0, False)

    def client(self) -> TelegramClient:
        """Give the client. InvalidState while no token is set."""
        with self._transactions() as uow:
            return self.client_of(uow)

    def client_of(self, uow: UnitOfWork) -> TelegramClient:
        """Give the client as a transaction sees the choice. InvalidState while no token is set."""
        token = token_of(uow, self._settings)
        if not token:
            raise InvalidState("The bot's token is not set.", code="no_bot")
        with self._lock:
            if self._client is None or token != self._token:
                self._forget()
                self._client, self._token = TelegramClient(self._settings.telegram_api_url, token), token
            return self._client

    def username(self) -> str:
        """Give the bot's user name, asked from Telegram once. The failures of `TelegramClient.call`."""
        client = self.client()
        if not self._username:
            self._username = str(client.call(TeleBot.get_me).username)
        return self._username

    def has_topics(self, client: TelegramClient, now: float) -> bool:
        """Tell whether private chats with the bot have topics; asked anew every few minutes, its owner may change it. `client` is the
        current one, `now` counts seconds of a monotonic clock. The failures of `TelegramClient.call`.
        """
        until, known = self._topics
        if now >= until:
            known = bool(client.call(TeleBot.get_me).has_topics_enabled)
            self._topics = (now + TOPICS_SECONDS, known)
        return known

    def close(self) -> None:
        """Give the connections back."""
        with self._lock:
            self._forget()

    def _forget(self) -> None:
        if self._client is not None:
            self._client.close()
        self._client, self._token, self._username = None, "", ""
        self._topics = (0.0, False)
