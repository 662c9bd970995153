"""An independent client library works when only its address is changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import telebot
from telebot import apihelper, types
from telebot.apihelper import ApiTelegramException

from tests.sandbox.telegram.client import IVAN, TOKEN, Telegram


@pytest.fixture
def bot(started: Telegram, monkeypatch: pytest.MonkeyPatch) -> Iterator[telebot.TeleBot]:
    """A pyTelegramBotAPI bot that talks to the stand-in."""
    monkeypatch.setattr(apihelper, "API_URL", started.address + "/bot{0}/{1}")
    monkeypatch.setattr(apihelper, "CUSTOM_REQUEST_SENDER", None)
    monkeypatch.setattr(apihelper, "FILE_URL", started.address + "/file/bot{0}/{1}")
    yield telebot.TeleBot(TOKEN, threaded=False)
    session = apihelper._get_req_session()
    session.close()


def test_the_library_sends_and_parses(bot: Any, started: Telegram) -> None:
    """Messages, keyboards, files, albums, edits and commands go through its own classes."""
    assert bot.get_me().is_bot
    markup = types.InlineKeyboardMarkup()
    markup.add(types.InlineKeyboardButton("Yes", callback_data="y"))
    sent = bot.send_message(IVAN, "<b>hi</b>", parse_mode="HTML", reply_markup=markup)
    assert sent.entities[0].type == "bold"
    assert bot.edit_message_text("two", IVAN, sent.message_id).text == "two"
    document = bot.send_document(IVAN, b"content", visible_file_name="a.txt").document
    assert bot.download_file(bot.get_file(document.file_id).file_path) == b"content"
    replied = bot.send_message(IVAN, "r", reply_parameters=types.ReplyParameters(sent.message_id))
    assert replied.reply_to_message.message_id == sent.message_id
    assert bot.set_my_commands([types.BotCommand("lots", "Lots")])
    assert bot.get_my_commands()[0].command == "lots"
    assert bot.delete_message(IVAN, sent.message_id)


def test_the_library_receives(bot: Any, started: Telegram) -> None:
    """Updates of every common kind are parsed by it."""
    sent = bot.send_message(
        IVAN, "?", reply_markup=types.InlineKeyboardMarkup([[types.InlineKeyboardButton("a", callback_data="b")]])
    )
    started.person(IVAN, "send", text="hello /start", reply_to=sent.message_id)
    started.person(IVAN, "send", photo=True)
    started.person(IVAN, "send", contact=True)
    started.person(IVAN, "press", message_id=sent.message_id, button="a", wait_seconds=0)
    updates = bot.get_updates()
    assert updates[0].message.reply_to_message.message_id == sent.message_id
    assert updates[1].message.photo[-1].width == 320
    assert updates[2].message.contact.user_id == IVAN
    assert updates[3].callback_query.data == "b"


def test_the_library_understands_refusals(bot: Any, started: Telegram) -> None:
    """Its exception carries code and description."""
    started.person(IVAN, "block")
    with pytest.raises(ApiTelegramException) as refusal:
        bot.send_message(IVAN, "x")
    assert refusal.value.error_code == 403
    assert refusal.value.description == "Forbidden: bot was blocked by the user"
