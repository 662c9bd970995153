"""Opening Mini Apps: signed launch data, theme, and the server side of what the bridge asks for."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any
from urllib.parse import quote, urlencode

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sandbox.telegram.errors import ControlError
from sandbox.telegram.model import Bot, Chat, Message, Person
from sandbox.telegram.people import attachments, who
from sandbox.telegram.people.waiting import open_query
from sandbox.telegram.posting import post
from sandbox.telegram.world import World

Json = dict[str, Any]
VERSION = "9.6"
_KEY_SEED = hashlib.sha256(b"sandbox telegram third-party key").digest()
THEMES = {
    "light": {
        "bg_color": "#ffffff",
        "secondary_bg_color": "#f4f4f5",
        "text_color": "#000000",
        "hint_color": "#707579",
        "link_color": "#3390ec",
        "button_color": "#3390ec",
        "button_text_color": "#ffffff",
        "header_bg_color": "#ffffff",
        "bottom_bar_bg_color": "#ffffff",
        "accent_text_color": "#3390ec",
        "section_bg_color": "#ffffff",
        "section_header_text_color": "#707579",
        "section_separator_color": "#dfe1e5",
        "subtitle_text_color": "#707579",
        "destructive_text_color": "#e53935",
    },
    "dark": {
        "bg_color": "#212121",
        "secondary_bg_color": "#0f0f0f",
        "text_color": "#ffffff",
        "hint_color": "#aaaaaa",
        "link_color": "#8774e1",
        "button_color": "#8774e1",
        "button_text_color": "#ffffff",
        "header_bg_color": "#212121",
        "bottom_bar_bg_color": "#212121",
        "accent_text_color": "#8774e1",
        "section_bg_color": "#212121",
        "section_header_text_color": "#aaaaaa",
        "section_separator_color": "#2f2f2f",
        "subtitle_text_color": "#aaaaaa",
        "destructive_text_color": "#ff595a",
    },
}


def signing_key() -> Ed25519PrivateKey:
    """The key that stands for Telegram's in this sandbox; the same in every run."""
    return Ed25519PrivateKey.from_private_bytes(_KEY_SEED)


def public_key_hex() -> str:
    """What a program must trust to check ``signature`` here."""
    raw = signing_key().public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return raw.hex()


def sign(world: World, bot: Bot, fields: dict[str, str]) -> str:
    """``initData``: the fields with ``signature`` and ``hash``, as a query string."""
    lines = "\n".join(f"{name}={value}" for name, value in sorted(fields.items()))
    third_party = f"{bot.id}:WebAppData\n{lines}".encode()
    signature = base64.urlsafe_b64encode(signing_key().sign(third_party)).rstrip(b"=").decode()
    signed = {**fields, "signature": signature}
    checked = "\n".join(f"{name}={value}" for name, value in sorted(signed.items()))
    digest = hmac.new(world.bot_secret(bot), checked.encode(), hashlib.sha256).hexdigest()
    return urlencode({**signed, "hash": digest}, quote_via=quote)


def web_app_user(someone: Person) -> Json:
    """``WebAppUser`` inside launch data."""
    shown: Json = {"id": someone.id, "first_name": someone.first_name, "last_name": someone.last_name}
    if someone.username:
        shown["username"] = someone.username
    shown["language_code"] = someone.language_code
    if someone.is_premium:
        shown["is_premium"] = True
    shown["allows_write_to_pm"] = True
    return shown


def open_webapp(world: World, someone: Person, wanted: Json) -> Json:
    """Launches a Mini App from an inline button, the menu, the keyboard, the profile or a link."""
    chat = who.chat(world, someone, wanted)
    bot = world.state.bots.get(chat.bot_id) or who.bot(world, wanted.get("bot"))
    source = str(wanted.get("source") or ("menu" if not wanted.get("url") else "inline_button"))
    url = str(wanted.get("url") or _menu_url(bot, someone) or "")
    if wanted.get("button") and wanted.get("message_id"):
        url = _button_url(chat, wanted)
    if not url:
        raise ControlError(409, "the bot has no Mini App here")
    theme = str(wanted.get("theme") or "light")
    platform = str(wanted.get("platform") or "weba")
    facts: dict[str, str] = {}
    if source != "keyboard_button":
        query = open_query(world, "web_app", bot.id, someone.id, chat_key=world.dialog(bot.id, someone.id).key)
        facts["query_id"] = query.id
    facts["user"] = json.dumps(web_app_user(someone), ensure_ascii=False, separators=(",", ":"))
    start_param = str(wanted.get("start_param") or "")
    if source == "link":
        facts.pop("query_id", None)
        facts["chat_instance"] = world.number("instance", 18)
        facts["chat_type"] = "sender"
        if start_param:
            facts["start_param"] = start_param
    facts["auth_date"] = str(world.now())
    init_data = "" if source == "keyboard_button" else sign(world, bot, facts)
    fragment = {
        "tgWebAppData": init_data,
        "tgWebAppVersion": VERSION,
        "tgWebAppPlatform": platform,
        "tgWebAppThemeParams": json.dumps(THEMES[theme if theme in THEMES else "light"], separators=(",", ":")),
    }
    if not init_data:
        del fragment["tgWebAppData"]
    if start_param:
        fragment["tgWebAppStartParam"] = start_param
    joined = urlencode(fragment, quote_via=quote)
    glue = "&" if "#" in url else "#"
    address = f"{url}{glue}{joined}"
    return {
        "kind": "web_app",
        "url": address,
        "init_data": init_data,
        "query_id": facts.get("query_id", ""),
        "bot_id": bot.id,
        "source": source,
        "button_text": wanted.get("button_text", ""),
    }


def _menu_url(bot: Bot, someone: Person) -> str:
    button = bot.menu_buttons.get(str(someone.id)) or bot.menu_buttons.get("") or {}
    if button.get("type") == "web_app":
        return str(button["web_app"]["url"])
    return bot.texts.get("main_web_app_url", "")


def _button_url(chat: Chat, wanted: Json) -> str:
    message = who.message(chat, wanted["message_id"])
    rows = message.content.get("reply_markup", {}).get("inline_keyboard", [])
    for button in (button for row in rows for button in row):
        if button["text"] == wanted["button"] and "web_app" in button:
            return str(button["web_app"]["url"])
    raise ControlError(404, "no such Mini App button")


def send_data(world: World, someone: Person, wanted: Json) -> Message:
    """What a Mini App opened from the keyboard hands over on closing."""
    chat = who.chat(world, someone, wanted)
    data = str(wanted.get("data", ""))
    if not 1 <= len(data.encode()) <= 4096:
        raise ControlError(400, "data has 1 to 4096 bytes")
    content = {"web_app_data": {"data": data, "button_text": str(wanted.get("button_text", ""))}}
    return post(world, chat, Message(0, 0, someone.id, content))


def invoke(world: World, someone: Person, wanted: Json) -> Any:
    """A custom method of the bridge: cloud storage and the contact that was asked for."""
    bot = who.bot(world, wanted.get("bot"))
    store = someone.storage.setdefault(str(bot.id), {})
    params = wanted.get("params") or {}
    method = str(wanted.get("method"))
    if method == "saveStorageValue":
        return _save(store, str(params.get("key", "")), str(params.get("value", "")))
    if method == "getStorageValues":
        return {key: store.get(key, "") for key in params.get("keys", [])}
    if method == "deleteStorageValues":
        for key in params.get("keys", []):
            store.pop(key, None)
        return True
    if method == "getStorageKeys":
        return sorted(store)
    if method == "getRequestedContact":
        contact = attachments.contact_of(someone, True)
        facts = {"contact": json.dumps(contact, ensure_ascii=False), "auth_date": str(world.now())}
        return sign(world, bot, facts)
    raise ControlError(400, "UNKNOWN_METHOD")


def _save(store: dict[str, str], key: str, value: str) -> bool:
    allowed = key.replace("_", "").replace("-", "")
    if not 1 <= len(key) <= 128 or (allowed and not (allowed.isascii() and allowed.isalnum())):
        raise ControlError(400, "KEY_INVALID")
    if len(value) > 4096:
        raise ControlError(400, "VALUE_INVALID")
    if len(store) >= 1024 and key not in store:
        raise ControlError(400, "QUOTA_EXCEEDED")
    store[key] = value
    return True


def allow_write(world: World, someone: Person, wanted: Json) -> Json:
    """The person lets the bot of a Mini App write first."""
    chat = who.chat(world, someone, wanted)
    fresh = not chat.started
    chat.started = True
    if fresh:
        post(world, chat, Message(0, 0, someone.id, {"write_access_allowed": {"from_request": True}}))
    return {"status": "allowed"}
