"""Cutting a text that is over Telegram's limit into parts without breaking words, signs or formatting.

Used by the gateway. Lengths are UTF-16 units, counted after formatting was read.
"""

from __future__ import annotations

import unicodedata

from b24app.domain.formatting.richtext import RichText, Span, canonical
from telegram_bridge.formatting.entities import utf16_length

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
_BREAKS = ("\n\n", "\n", ". ", " ")
_JOINS = "\u200d\ufe0e\ufe0f\u20e3"


def split(rich: RichText, limit: int = TEXT_LIMIT) -> list[RichText]:
    """Cut into parts of at most `limit` units: at a paragraph, a line, a sentence, a word, in this order of preference."""
    parts: list[RichText] = []
    start, text = 0, rich.text
    while utf16_length(text[start:]) > limit:
        end = _cut(text, start, limit)
        parts.append(_part(rich, start, end))
        start = end
        while start < len(text) and text[start].isspace():
            start += 1
    if start < len(text) or not parts:
        parts.append(_part(rich, start, len(text)))
    return [part for part in parts if part.text.strip()] or parts[:1]


def _cut(text: str, start: int, limit: int) -> int:
    end, units = start, 0
    while units + (2 if text[end] > "\uffff" else 1) <= limit:
        units += 2 if text[end] > "\uffff" else 1
        end += 1
    for mark in _BREAKS:
        found = text.rfind(mark, start + (end - start) // 2, end)
        if found > start:
            return found + len(mark.rstrip())
    whole = end
    while whole > start + 1 and (
        text[whole] in _JOINS or text[whole - 1] in _JOINS or unicodedata.combining(text[whole])
    ):
        whole -= 1
    return whole if whole > start + 1 else end


def _part(rich: RichText, start: int, end: int) -> RichText:
    spans = [
        Span(s.kind, s.start - start, s.end - start, s.value) for s in rich.spans if s.start < end and s.end > start
    ]
    return canonical(rich.text[start:end].rstrip(), spans)
