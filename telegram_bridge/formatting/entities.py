"""Telegram message entities: lists of plain dicts whose offsets count UTF-16 units.

Source: https://core.telegram.org/bots/api#messageentity. Entities that Telegram finds by itself (addresses, mentions, tags)
are not formatting; a mention of a person by id is left out because it would name them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from itertools import accumulate
from typing import Any

from b24app.domain.formatting.richtext import RichText, Span, canonical

_KINDS = {
    "bold": "bold",
    "italic": "italic",
    "underline": "underline",
    "strikethrough": "strike",
    "spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "quote",
    "expandable_blockquote": "quote",
    "text_link": "link",
}
_TYPES = {
    "bold": "bold",
    "italic": "italic",
    "underline": "underline",
    "strike": "strikethrough",
    "spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "quote": "blockquote",
    "link": "text_link",
}


def utf16_length(text: str) -> int:
    """Count UTF-16 units, the measure of Telegram's limits."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def from_entities(text: str, entities: Iterable[Mapping[str, Any]] | None) -> RichText:
    """Read a text with its entities; those out of range or overlapping are mended, unknown ones left out."""
    if not entities:
        return RichText(text)
    position = _positions(text)
    spans = []
    for entity in entities:
        kind = _KINDS.get(str(entity.get("type")))
        offset, length = entity.get("offset"), entity.get("length")
        if kind and isinstance(offset, int) and isinstance(length, int) and length > 0:
            spans.append(
                Span(kind, position(max(0, offset)), position(max(0, offset + length)), str(entity.get("url") or ""))
            )
    return canonical(text, spans)


def _positions(text: str) -> Any:
    if utf16_length(text) == len(text):
        return lambda units: units
    ends = list(accumulate(2 if char > "\uffff" else 1 for char in text))
    return lambda units: bisect_right(ends, units)


def to_entities(rich: RichText) -> list[dict[str, Any]]:
    """Give the entities of a rich text, as `sendMessage` takes them."""
    if not rich.spans:
        return []
    units = [0, *accumulate(2 if char > "\uffff" else 1 for char in rich.text)]
    found: list[dict[str, Any]] = []
    for span in rich.spans:
        entity: dict[str, Any] = {
            "type": _TYPES[span.kind],
            "offset": units[span.start],
            "length": units[span.end] - units[span.start],
        }
        if span.kind == "link":
            entity["url"] = span.value
        found.append(entity)
    return found
