"""Makes launch data as Telegram does, for tests: written from the documentation, sharing no code with what it tests."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

BOT_TOKEN = "7000000001:AAtestTokenOfTheMiniAppTests"
LIGHT = {
    "bg_color": "#ffffff",
    "text_color": "#000000",
    "hint_color": "#707579",
    "link_color": "#3390ec",
    "button_color": "#3390ec",
    "button_text_color": "#ffffff",
    "secondary_bg_color": "#f4f4f5",
    "header_bg_color": "#ffffff",
    "bottom_bar_bg_color": "#ffffff",
    "accent_text_color": "#3390ec",
    "section_bg_color": "#ffffff",
    "section_header_text_color": "#707579",
    "section_separator_color": "#e4e4e6",
    "subtitle_text_color": "#707579",
    "destructive_text_color": "#e53935",
}
DARK = {
    "bg_color": "#212121",
    "text_color": "#ffffff",
    "hint_color": "#aaaaaa",
    "link_color": "#8774e1",
    "button_color": "#8774e1",
    "button_text_color": "#ffffff",
    "secondary_bg_color": "#0f0f0f",
    "header_bg_color": "#212121",
    "bottom_bar_bg_color": "#212121",
    "accent_text_color": "#8774e1",
    "section_bg_color": "#212121",
    "section_header_text_color": "#aaaaaa",
    "section_separator_color": "#303030",
    "subtitle_text_color": "#aaaaaa",
    "destructive_text_color": "#ff595a",
}


def init_data(user: dict[str, Any], at: datetime, *, token: str = BOT_TOKEN, **more: str) -> str:
    """Give signed launch data of a user."""
    fields = {"user": json.dumps(user, ensure_ascii=False), "auth_date": str(int(at.timestamp())), **more}
    lines = "\n".join(f"{key}={fields[key]}" for key in sorted(fields))
    secret = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
    return urlencode({**fields, "hash": hmac.new(secret, lines.encode(), hashlib.sha256).hexdigest()})


def fragment(data: str, theme: dict[str, str]) -> str:
    """Give the fragment under which Telegram opens a Mini App."""
    return urlencode(
        {
            "tgWebAppData": data,
            "tgWebAppVersion": "8.0",
            "tgWebAppPlatform": "web",
            "tgWebAppThemeParams": json.dumps(theme),
        }
    )
