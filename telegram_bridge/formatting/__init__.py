"""Formatting of messages on their way between Telegram and Bitrix24.

BB codes are the form that is kept; Telegram's entities and HTML are read and written at the bridge's two ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from b24app.domain.formatting.bbcode import escape, from_bbcode, to_bbcode
from b24app.domain.formatting.html import from_html, to_html
from b24app.domain.formatting.richtext import RichText, Span, canonical
from telegram_bridge.formatting.entities import from_entities, to_entities, utf16_length
from telegram_bridge.formatting.splitting import CAPTION_LIMIT, TEXT_LIMIT, split

__all__ = [
    "CAPTION_LIMIT",
    "TEXT_LIMIT",
    "RichText",
    "Span",
    "bbcode_to_html",
    "canonical",
    "entities_to_bbcode",
    "escape",
    "from_bbcode",
    "from_entities",
    "from_html",
    "split",
    "to_bbcode",
    "to_entities",
    "to_html",
    "utf16_length",
]


def entities_to_bbcode(text: str, entities: Iterable[Mapping[str, Any]] | None = None) -> str:
    """Turn what a person sent in Telegram into BB codes."""
    return to_bbcode(from_entities(text, entities))


def bbcode_to_html(source: str) -> str:
    """Turn BB codes into Telegram HTML."""
    return to_html(from_bbcode(source))
