"""Reply markup: checks of keyboards as the real service makes them, and the form in which messages keep them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from sandbox.telegram.entities.links import checked_link, mentioned_user
from sandbox.telegram.errors import bad_request
from sandbox.telegram.model import Chat

Json = dict[str, Any]
MAX_DATA_BYTES = 64
MAX_INLINE_BUTTONS = 100
_ACTIONS = (
    "url",
    "callback_data",
    "callback_game",
    "pay",
    "switch_inline_query",
    "switch_inline_query_chosen_chat",
    "switch_inline_query_current_chat",
    "login_url",
    "web_app",
    "copy_text",
)
_MAY_BE_EMPTY = ("switch", "callback_game")
_LOCAL = {"localhost", "127.0.0.1", "::1"}


def inline_only(markup: Any, chat: Chat | None) -> Json:
    """An inline keyboard, or {} to take it away; anything else is refused."""
    if not markup:
        return {}
    if "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    return inline_keyboard(markup, chat)


def inline_keyboard(markup: Json, chat: Chat | None) -> Json:
    """Checked ``InlineKeyboardMarkup``; {} when it holds no button."""
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" must be an Array of Arrays')
    checked = [[_button(button, chat) for button in row] for row in rows if row]
    count = sum(len(row) for row in checked)
    if count > MAX_INLINE_BUTTONS:
        raise bad_request("reply markup is too long")
    pays = [(y, x) for y, row in enumerate(checked) for x, button in enumerate(row) if button.get("pay")]
    if pays and pays != [(0, 0)]:
        raise bad_request("BUTTON_POS_INVALID")
    return {"inline_keyboard": checked} if checked else {}


def _button(button: Any, chat: Chat | None) -> Json:
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    if not str(button.get("text", "")).strip():
        raise bad_request("inline keyboard button text must be non-empty")
    # An empty callback_data or url counts as absent for the real parser.
    present = [name for name in _ACTIONS if name in button and (button[name] or name.startswith(_MAY_BE_EMPTY))]
    if not present:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    action = present[0]
    kept: Json = {"text": str(button["text"]), action: button[action]}
    for name in ("style", "icon_custom_emoji_id"):
        if button.get(name):
            kept[name] = button[name]
    if kept.get("style") not in {None, "danger", "success", "primary"}:
        raise bad_request("can't parse inline keyboard button: invalid button style specified")
    if action == "callback_data" and len(str(button[action]).encode()) > MAX_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if action == "url":
        kept["url"] = _button_url(str(button["url"]))
    elif action == "web_app":
        kept["web_app"] = {"url": web_app_url(button["web_app"], "Inline keyboard button Web App URL")}
        if chat is not None and chat.type != "private":
            raise bad_request("BUTTON_TYPE_INVALID")
    elif action == "copy_text" and not 1 <= len(str(button["copy_text"].get("text", ""))) <= 256:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    return kept


def _button_url(url: str) -> str:
    if mentioned_user(url) is not None:
        return url
    checked = checked_link(url)
    if not checked:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    return checked


def web_app_url(web_app: Any, what: str) -> str:
    """The address of a Mini App: https, or plain http on this machine (a liberty of the stand-in)."""
    url = str(web_app.get("url", "")) if isinstance(web_app, dict) else ""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise bad_request(f"{what} '{url}' is invalid: Wrong HTTP URL") from None
    local = parts.scheme == "http" and parts.hostname in _LOCAL
    if parts.scheme != "https" and not local:
        raise bad_request(f"{what} '{url}' is invalid: Only HTTPS links are allowed")
    return url


def any_markup(markup: Any, chat: Chat) -> tuple[Json, Json]:
    """(inline keyboard for the message, change of the person's own keyboard); each may be {}."""
    if not markup:
        return {}, {}
    if "inline_keyboard" in markup:
        return inline_keyboard(markup, chat), {}
    if chat.type == "channel":
        raise bad_request("inline keyboard expected")
    if "keyboard" in markup:
        return {}, {"kind": "keyboard", **markup, "keyboard": _reply_rows(markup["keyboard"], chat)}
    if markup.get("remove_keyboard"):
        return {}, {"kind": "remove"}
    if markup.get("force_reply"):
        return {}, {"kind": "force_reply", **markup}
    return {}, {}


def _reply_rows(rows: Any, chat: Chat) -> list[list[Json]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "keyboard" must be an Array of Arrays')
    checked = [[_reply_button(button, chat) for button in row] for row in rows if row]
    if not checked:
        raise bad_request("reply keyboard is empty")
    return checked


def _reply_button(button: Any, chat: Chat) -> Json:
    if isinstance(button, str):
        button = {"text": button}
    if not isinstance(button, dict):
        raise bad_request("can't parse keyboard button: KeyboardButton must be a String or an Object")
    if not str(button.get("text", "")).strip():
        raise bad_request("keyboard button text must be non-empty")
    private = chat.type == "private"
    for name, what in (
        ("request_contact", "phone number"),
        ("request_location", "location"),
        ("request_poll", "poll"),
        ("request_users", "users"),
        ("request_chat", "chats"),
    ):
        if button.get(name) and not private:
            raise bad_request(f"{what} can be requested in private chats only")
    if "web_app" in button:
        web_app_url(button["web_app"], "Keyboard button Web App URL")
        if not private:
            raise bad_request("Web App buttons can be used in private chats only")
    return button
