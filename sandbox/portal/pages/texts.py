"""Texts of the pages: written in English, translated into Russian. Kept beside the pages in one table."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path


@cache
def _russian() -> dict[str, str]:
    read: dict[str, str] = json.loads(Path(__file__).with_name("texts_ru.json").read_text(encoding="utf-8"))
    return read


def translate(language: str, text: str, **values: object) -> str:
    """The text in the language; a text without a translation stays English."""
    found = _russian().get(text, text) if language == "ru" else text
    return found.format(**values) if values else found


def table(language: str) -> dict[str, str]:
    """Everything that scripts of a page may say in the language, by its English text."""
    return _russian() if language == "ru" else {}
