"""How words sound: one plain spelling for every alphabet and most ways of writing, so that a name need be listed once only. Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_CYRILLIC = dict(zip("абвгғдеёжзийкқлмнопрстуўфхҳцчшщъыьэюя", (
    "a", "b", "v", "g", "g", "d", "e", "e", "j", "z", "i", "i", "k", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "o", "f", "h", "h",
    "ts", "ch", "sh", "sh", "", "i", "", "e", "yu", "ya",
), strict=True))  # fmt: skip
_LATIN = {
    "ı": "i",
    "ş": "sh",
    "ç": "ch",
    "ğ": "g",
    "ö": "o",
    "ü": "u",
    "ł": "l",
    "ø": "o",
    "ð": "d",
    "ß": "s",
    "æ": "a",
}
_MARKS = dict.fromkeys("'ʻʼ’‘`-", "")
_LETTERS = str.maketrans(_CYRILLIC | _LATIN | _MARKS)
_SOUNDS = (
    ("kh", "h"),
    ("x", "h"),
    ("q", "k"),
    ("w", "v"),
    ("zh", "j"),
    ("dj", "j"),
    ("ph", "f"),
    ("y", "i"),
    ("ie", "e"),
    ("giu", "gu"),
    ("kiu", "ku"),
)
_TWICE = re.compile(r"(.)\1")


MOST_REMEMBERED = 4096


@lru_cache(MOST_REMEMBERED)
def sound(word: str) -> str:
    """Give a word as it sounds, the same for every alphabet and most spellings."""
    plain = word.lower().translate(_LETTERS)
    if not plain.isascii():
        plain = "".join(mark for mark in unicodedata.normalize("NFKD", plain) if mark.isascii())
    for written, heard in _SOUNDS:
        plain = plain.replace(written, heard)
    return _TWICE.sub(r"\1", plain)
