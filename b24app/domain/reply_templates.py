"""Texts that managers write often: which fields they may hold, and how they are filled. Pure.

A field stands in braces, `{lot}`. What is filled in is escaped by whoever gives it; what is unknown is refused when the text is saved.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

FIELDS = ("name", "company", "lot", "quantity", "deadline", "lot_card")
"""The reader's name, the reader's own company, the lot's number, its quantity with the unit, the last day for offers, the whole lot
without its buyer."""

MISSING = "—"
LONGEST = 3000
_FIELD = re.compile(r"\{([^{}]*)\}")
_CALL = re.compile(r"\s*#(?:template|шаблон|shablon)\s+(?P<name>[^\n]{1,80}?)\s*$", re.IGNORECASE)


def unknown_fields(text: str) -> list[str]:
    """Give what stands in braces and is no field of ours, each once in the order of appearance."""
    return list(dict.fromkeys(name for name in _FIELD.findall(text) if name not in FIELDS))


def filled(text: str, values: Mapping[str, str]) -> str:
    """Put the values in; a field without one shows a dash."""
    return _FIELD.sub(lambda found: values.get(found[1]) or MISSING if found[1] in FIELDS else found[0], text)


def chosen_text(texts: Mapping[str, str], language: str) -> str:
    """Give the text in a language, else in the first that has one: Russian, Uzbek, English."""
    return texts.get(language) or next((texts[code] for code in ("ru", "uz", "en") if texts.get(code)), "")


def called(text: str) -> str:
    """Give the name of the template that a text asks for and nothing else (`#template Terms`), or an empty text."""
    found = _CALL.fullmatch(text)
    return found["name"].strip() if found else ""
