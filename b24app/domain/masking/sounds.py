"""Telling given names and surnames from other words by how they sound, whatever alphabet, spelling or case they are written in.

The names are listed in `words/people.txt`, one spelling each. Asked by the finder of people alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from b24app.domain.masking.lexicon import entries

_PEOPLES = (
    "uzbek",
    "kazakh kyrgyz tajik",
    "russian",
    "english german european",
    "turkish arabic persian",
    "chinese korean",
)
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
    "ä": "a",
    "é": "e",
    "á": "a",
    "í": "i",
    "ó": "o",
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
)
_TWICE = re.compile(r"(.)\1")
_CASES = re.compile(
    r"(?:jon|bek|hon|oi|gul)?(?:imiz|im)?(?:ga|ni|ning|dan|da|man)?$|(?:a|u|e|i|ia|iu|oi|ei|om|em|oiu|eiu|ami)$"
)
SHORTEST_STEM = 3
SHORTEST_LATIN_STEM = 4
"""English is full of three letters that sound like the beginning of a name."""
SHORTEST_BUILT = 6
MOST_REMEMBERED = 4096


def sound(word: str) -> str:
    """Give a word as it sounds, the same for every alphabet and most spellings."""
    plain = word.lower().translate(_LETTERS)
    for written, heard in _SOUNDS:
        plain = plain.replace(written, heard)
    return _TWICE.sub(r"\1", plain)


def _stem(heard: str) -> str:
    return heard[:-1] if heard[-1:] in {"a", "i", "o"} and len(heard) > SHORTEST_STEM else heard


_WHOLE = frozenset(sound(name) for people in _PEOPLES for name in entries("people", people))
_STEMS = _WHOLE | {_stem(heard) for heard in _WHOLE}
_NO_NAMES = tuple(sound(word) for word in entries("people", "no names"))
_BRANDS = frozenset(" ".join(map(sound, brand.split())) for brand in entries("people", "brands"))
_ENDINGS = tuple(entries("people", "name endings"))
_SURNAME = re.compile(rf"\w{{2,}}(?:{'|'.join(entries('people', 'surname endings'))})(?:a|u|im|oi|om|ga|ni|ning|dan)?$")


@lru_cache(MOST_REMEMBERED)
def is_given(word: str) -> bool:
    """Tell whether this is a given name, in any case."""
    heard = sound(word)
    if heard.startswith(_NO_NAMES):
        return False
    shortest = SHORTEST_STEM if word[0] > "z" else SHORTEST_LATIN_STEM
    endings = {heard[: found.start()] for found in _CASES.finditer(heard)}
    known = heard in _WHOLE or any(len(stem) >= shortest and stem in _STEMS for stem in endings)
    return known or (len(heard) >= SHORTEST_BUILT and heard.endswith(_ENDINGS))


def is_brand(words: Sequence[str]) -> bool:
    """Tell whether these words are the name of a brand, not of a person."""
    return " ".join(map(sound, words)) in _BRANDS


@lru_cache(MOST_REMEMBERED)
def is_surname(word: str) -> bool:
    """Tell whether this is built as surnames and patronymics are."""
    return _SURNAME.match(sound(word)) is not None
