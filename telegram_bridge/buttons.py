"""Turning buttons as data into Telegram's inline keyboards.

Used by the gateway; what buttons under a message open is asked by the handlers. A button is `{"text", "data"}`, `{"text", "url"}`,
`{"text", "web_app"}` (a path of our Mini App) or `{"text", "start"}` (the payload of a link that opens the bot). Source:
https://core.telegram.org/bots/api#inlinekeyboardbutton.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from telebot.types import InlineKeyboardButton, InlineKeyboardMarkup, Message, WebAppInfo

Rows = Sequence[Sequence[dict[str, str]]]
MAX_DATA_BYTES = 64


def keyboard(rows: Rows, *, public_url: str, start_link: Callable[[str], str]) -> InlineKeyboardMarkup | None:
    """Build the keyboard, or None when there are no buttons. ValueError when a button could never be pressed."""
    if not any(rows):
        return None
    return InlineKeyboardMarkup([[_button(button, public_url, start_link) for button in row] for row in rows if row])


def _button(button: dict[str, str], public_url: str, start_link: Callable[[str], str]) -> InlineKeyboardButton:
    text = button["text"]
    if "data" in button:
        if len(button["data"].encode()) > MAX_DATA_BYTES:
            raise ValueError(f"the data of button {text!r} is over {MAX_DATA_BYTES} bytes")
        return InlineKeyboardButton(text, callback_data=button["data"])
    if "web_app" in button:
        return InlineKeyboardButton(text, web_app=WebAppInfo(public_url + button["web_app"]))
    if "start" in button:
        return InlineKeyboardButton(text, url=start_link(button["start"]))
    return InlineKeyboardButton(text, url=button["url"])


def opened_by(message: Message | None) -> list[str]:
    """Give what buttons under a message of the bot open: addresses of the Mini App, and data that come back when they are pressed."""
    if message is None or message.reply_markup is None or not (message.from_user and message.from_user.is_bot):
        return []
    buttons = [button for row in message.reply_markup.keyboard for button in row]
    return [button.web_app.url if button.web_app else button.callback_data or "" for button in buttons]
