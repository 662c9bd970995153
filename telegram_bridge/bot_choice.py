"""Judging a bot and its channel before an administrator's choice is kept, and putting the chosen bot to work.

Called by the installation page and the settings, never inside a transaction. Tells what is wrong by code; the pages have the words.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from telebot import TeleBot

from b24app.config import Settings
from b24app.errors import GatewayError, Rejected
from b24app.i18n import LANGUAGES
from b24app.services import bot_texts
from storage.unit_of_work import Transactions
from telegram_bridge import setup
from telegram_bridge.client import TelegramClient
from telegram_bridge.current_bot import CurrentBot, token_of

POSTING_STATES = frozenset({"administrator", "creator"})


@dataclass(frozen=True)
class SeenBot:
    """A bot as Telegram describes it; `elsewhere` is the host that it reports to now, empty when that is us or nobody."""

    user_id: int
    username: str
    elsewhere: str = ""


@dataclass(frozen=True)
class Verdict:
    """What was found: the bot, or why not (`bad_token`, `unreachable`), and why not the channel (`no_channel`, `not_admin`)."""

    bot: SeenBot | None = None
    bot_fault: str = ""
    channel_fault: str = ""


class BotChoice:
    """Looks at bots with one request each; nothing is changed before `put_to_work`."""

    def __init__(self, settings: Settings, transactions: Transactions, bot: CurrentBot) -> None:
        self._settings = settings
        self._transactions = transactions
        self._bot = bot

    def judge(self, token: str, channel_id: str) -> Verdict:
        """Look at the bot of `token`, or at the one in use when it is empty, and at its right to post into the channel."""
        if not token:
            with self._transactions() as uow:
                token = token_of(uow, self._settings)
        if not token:
            return Verdict()
        client = TelegramClient(self._settings.telegram_api_url, token, connections=1)
        try:
            seen = self._seen(client)
            return Verdict(seen, channel_fault=_channel_fault(client, seen, channel_id) if channel_id else "")
        except Rejected:
            return Verdict(bot_fault="bad_token")
        except GatewayError:
            return Verdict(bot_fault="unreachable")
        finally:
            client.close()

    def put_to_work(self) -> None:
        """Tell Telegram our webhook, commands and menu for the bot in use; nothing to do while there is none."""
        with self._transactions() as uow:
            if not token_of(uow, self._settings):
                return
            speak = {language: bot_texts.speaker(uow, language) for language in LANGUAGES}
        setup.set_up(self._bot.client(), self._settings, speak.__getitem__)

    def _seen(self, client: TelegramClient) -> SeenBot:
        me = client.call(TeleBot.get_me)
        address = str(client.call(TeleBot.get_webhook_info).url or "")
        ours = not address or address.startswith(f"{self._settings.public_url}/")
        return SeenBot(int(me.id), str(me.username), "" if ours else urlsplit(address).netloc)


def _channel_fault(client: TelegramClient, bot: SeenBot, channel_id: str) -> str:
    try:
        member = client.call(TeleBot.get_chat_member, channel_id, bot.user_id)
    except Rejected:
        return "no_channel"
    may_post = member.status == "creator" or getattr(member, "can_post_messages", None) is not False
    return "" if member.status in POSTING_STATES and may_post else "not_admin"
