"""Telling Telegram who we are: webhook, commands and description in three languages, menu button.

Run by the command line and at a worker's start; repeating it changes nothing. Needs no transaction and no person.
"""

from __future__ import annotations

from collections.abc import Callable

from telebot import TeleBot
from telebot.types import BotCommand, MenuButtonWebApp, WebAppInfo

from b24app.config import Settings
from b24app.domain.shortening import shortened
from b24app.i18n import LANGUAGES, Texts, texts
from b24app.services.screens import HOME
from telegram_bridge import menus
from telegram_bridge.addresses import webhook_path, webhook_secret
from telegram_bridge.client import TelegramClient
from telegram_bridge.updates import HANDLED

WEBHOOK_CONNECTIONS = 40
# What Telegram takes: of a command's description, of the bot's, of its line in the profile.
COMMAND_LENGTH, DESCRIPTION_LENGTH, SHORT_LENGTH = 256, 512, 120


def set_up(client: TelegramClient, settings: Settings, speak: Callable[[str], Texts] = texts) -> list[str]:
    """Set everything in the words of `speak`, and answer what was done, a line each. The failures of `TelegramClient.call`."""
    me = client.call(TeleBot.get_me)
    client.call(
        TeleBot.set_webhook,
        settings.public_url + webhook_path(settings),
        secret_token=webhook_secret(settings),
        allowed_updates=list(HANDLED),
        max_connections=WEBHOOK_CONNECTIONS,
    )
    for language in ("", *LANGUAGES):
        client.call(TeleBot.set_my_commands, _commands(speak(language or "en")), language_code=language or None)
        t = speak(language or "en")
        client.call(
            TeleBot.set_my_description,
            shortened(menus.description(t), DESCRIPTION_LENGTH),
            language_code=language or None,
        )
        client.call(
            TeleBot.set_my_short_description,
            shortened(menus.short_description(t), SHORT_LENGTH),
            language_code=language or None,
        )
    # The button's text is one for all; a person's own language is inside.
    t = speak(settings.default_language)
    button = MenuButtonWebApp(t("Menu"), WebAppInfo(settings.public_url + HOME))
    client.call(TeleBot.set_chat_menu_button, menu_button=button)
    return [
        f"the bot is @{me.username}",
        f"updates of the kinds {', '.join(HANDLED)} come to {settings.public_url}",
        f"{len(menus.COMMANDS)} commands and the description are set in {len(LANGUAGES)} languages",
        "the menu button opens the Mini App",
    ]


def _commands(t: Texts) -> list[BotCommand]:
    said = menus.command_texts(t)
    return [BotCommand(command, shortened(said[command], COMMAND_LENGTH)) for command in menus.COMMANDS]
