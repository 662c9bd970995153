"""From what a client sent (text, parse mode or entities) to what a message holds.

Called by the methods that send or edit text, captions, poll questions and quotations.
"""

from __future__ import annotations

from typing import Any

from sandbox.telegram.entities.detect import find_entities
from sandbox.telegram.entities.fix import add_detected, check_bounds, read_given, settle, trim
from sandbox.telegram.entities.html_mode import parse_html
from sandbox.telegram.entities.markdown import parse_markdown
from sandbox.telegram.entities.markdown_v2 import parse_markdown_v2
from sandbox.telegram.errors import bad_request

MAX_RAW_BYTES = 1 << 15
_MODES = {"html": parse_html, "markdown": parse_markdown, "markdownv2": parse_markdown_v2}
_HIDDEN = {code: " " for code in range(32) if code != 10} | {13: None, 0x202E: None}


def parse_text(source: str, parse_mode: str | None, given: list[Any] | None) -> tuple[str, list[dict[str, Any]]]:
    """Trimmed text and all its entities (given, parsed and detected), offsets in UTF-16 units.

    Raises the real service's 400 for broken markup, unknown modes and entities outside the text.
    """
    if len(source.encode("utf-8", "surrogatepass")) > MAX_RAW_BYTES:
        raise bad_request("Text is too long")
    mode = (parse_mode or "").lower()
    if mode and mode != "none" and source:
        if mode not in _MODES:
            raise bad_request("Unsupported parse_mode")
        text, entities = _MODES[mode](source)
    else:
        text, entities = source, read_given(given or [])
        check_bounds(text, entities)
    if not text.isprintable():
        text, entities = _clean(text, entities)
    text, entities = trim(text, entities)
    return text, add_detected(settle(entities), find_entities(text))


def _clean(text: str, entities: list[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    """Control characters become spaces, carriage returns and direction overrides vanish; entities follow."""
    dropped = [at for at, code in enumerate(_utf16(text)) if _HIDDEN.get(code, "") is None]
    cleaned = text.translate(_HIDDEN)
    if not dropped:
        return cleaned, entities
    moved: list[dict[str, Any]] = []
    for entity in entities:
        begin, end = entity["offset"], entity["offset"] + entity["length"]
        before = sum(1 for at in dropped if at < begin)
        inside = sum(1 for at in dropped if begin <= at < end)
        if entity["length"] > inside:
            moved.append({**entity, "offset": begin - before, "length": entity["length"] - inside})
    return cleaned, moved


def _utf16(text: str) -> list[int]:
    encoded = text.encode("utf-16-le", "surrogatepass")
    return [int.from_bytes(encoded[at : at + 2], "little") for at in range(0, len(encoded), 2)]
