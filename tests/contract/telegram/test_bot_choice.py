"""An administrator's choice of a bot is judged by Telegram's own word before it is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from telebot import TeleBot

from b24app.config import Settings
from b24app.i18n import texts
from placements.setup_choices import check_bot
from storage.unit_of_work import Transactions
from telegram_bridge.bot_choice import BotChoice
from telegram_bridge.client import TelegramClient
from telegram_bridge.current_bot import CurrentBot
from tests.contract.telegram.world import TOKEN, TelegramWorld, running_telegram

CHANNEL = "@tenders"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[TelegramWorld]:
    """Telegram with the bot and a channel that it is not in."""
    with running_telegram(tmp_path) as telegram:
        telegram.control("users", {"id": 11, "first_name": "Olga"})
        telegram.control("chats", {"type": "channel", "title": "Tenders", "username": "tenders", "owner": 11})
        yield telegram


@pytest.fixture
def bots(world: TelegramWorld, settings: Settings, transactions: Transactions) -> Iterator[BotChoice]:
    """The judge of a deployment whose environment names no bot."""
    ours = replace(settings, telegram_api_url=world.url, telegram_bot_token="")
    bot = CurrentBot(ours, transactions)
    yield BotChoice(ours, transactions, bot)
    bot.close()


def form(**changes: object) -> dict[str, object]:
    """Give the answers about the bot."""
    return {"bot_token": TOKEN, "tender_channel_id": "", "take_bot": False, **changes}


def test_a_token_that_telegram_does_not_know_is_refused(bots: BotChoice) -> None:
    """A mistyped token is told beside its field, and no token at all is nobody's fault yet."""
    t = texts("en")
    assert "does not know" in check_bot(bots, form(bot_token="1" * 9 + ":" + "A" * 35), t).faults["bot_token"][0]
    assert check_bot(bots, form(bot_token=""), t).faults == {}


def test_a_bot_that_works_elsewhere_changes_over_only_when_told(bots: BotChoice, world: TelegramWorld) -> None:
    """The host of a foreign webhook is named; ticking the box lets the bot change over."""
    client = TelegramClient(world.url, TOKEN)
    client.call(TeleBot.set_webhook, "https://other.example/hook")
    client.close()
    assert "other.example" in check_bot(bots, form(), texts("en")).faults["bot_token"][0]
    assert check_bot(bots, form(take_bot=True), texts("en")).faults == {}


def test_a_channel_takes_only_its_administrators(bots: BotChoice) -> None:
    """A channel where the bot may not post is refused in words before anything is kept."""
    faults = check_bot(bots, form(tender_channel_id=CHANNEL), texts("ru")).faults
    assert list(faults) == ["tender_channel_id"]
    assert check_bot(bots, form(tender_channel_id="@nowhere_at_all"), texts("ru")).faults
