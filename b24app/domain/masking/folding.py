"""One plain spelling of a text for the finders to search, with the way back to the original positions.

Invisible characters and keycap marks fall away, every digit becomes ASCII, letters become small, apostrophes become one, letters borrowed
from the other alphabet for their look return to that of their word.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_APOSTROPHES = frozenset("'`´ʻʼ‘’‛′＇")
_DROPPED = frozenset("\u00ad\u034f\u061c\u180e\ufe0e\ufe0f\u20e3\u20e0")
_LATIN_ALIKE, _CYRILLIC_ALIKE = "aceopxyk", "асеорхук"
_TO_LATIN, _TO_CYRILLIC = str.maketrans(_CYRILLIC_ALIKE, _LATIN_ALIKE), str.maketrans(_LATIN_ALIKE, _CYRILLIC_ALIKE)
MOST_REMEMBERED = 4096
_SEAM = re.compile(r"[a-z][а-я]|[а-я][a-z]")
_MIXED = re.compile(r"\w*(?:[a-z][а-я]|[а-я][a-z])\w*")
_PLAIN = re.compile(r"[\x00-\x7fа-яёА-ЯЁ№«»–—…]*")


@dataclass(frozen=True)
class Folded:
    """`origin[i]` is where the i-th character of `text` stands in the original."""

    text: str
    origin: range | list[int]


def fold(text: str) -> Folded:
    """Give the plain spelling."""
    if _PLAIN.fullmatch(text) and "`" not in text:
        return Folded(_one_alphabet(text.lower()), range(len(text)))
    kept = [_folded(mark) for mark in text]
    origin = [at for at, plain in enumerate(kept) for _ in plain]
    return Folded(_one_alphabet("".join(kept)), origin)


def _one_alphabet(text: str) -> str:
    """Write words that mix Latin and Cyrillic letters of the same look in the alphabet that most of their letters are of."""
    return (
        _MIXED.sub(lambda word: _of_one_alphabet(word[0]), text) if not text.isascii() and _SEAM.search(text) else text
    )


def _of_one_alphabet(word: str) -> str:
    latin = sum("a" <= mark <= "z" for mark in word)
    cyrillic = sum("а" <= mark <= "я" for mark in word)
    alike = word.translate(_TO_LATIN if latin >= cyrillic else _TO_CYRILLIC)
    return word if _SEAM.search(alike) else alike


@lru_cache(MOST_REMEMBERED)
def _folded(mark: str) -> str:
    if mark in _APOSTROPHES:
        return "'"
    category = unicodedata.category(mark)
    if category == "Nd" or (category == "No" and _is_drawn_digit(mark)):
        return str(unicodedata.digit(mark))
    if mark in _DROPPED or category in {"Cf", "Mn"}:
        return ""
    if mark != "\n" and category in {"Zs", "Cc"}:
        return " "
    plain = unicodedata.normalize("NFKC", mark) if category[0] in "LP" or "ⓐ" <= mark <= "ⓩ" else mark
    return plain.lower() if len(plain) == 1 else mark.lower()[:1]


def _is_drawn_digit(mark: str) -> bool:
    """Tell whether this is a digit in a circle or the like; a raised or lowered one belongs to a unit of measure."""
    return unicodedata.digit(mark, None) is not None and not unicodedata.decomposition(mark).startswith("<su")
