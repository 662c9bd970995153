"""What a single word may be of a person's name, whatever alphabet, spelling or case it is written in.

Names are listed in `words/names.txt`; names of this region are also put together from parts, and what no list holds is judged by its
sound. Asked by `people`, which weighs the answer against what stands around the word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import Enum
from functools import cache
from itertools import product

from b24app.domain.masking.lexicon import entries
from b24app.domain.masking.likeness import Likeness
from b24app.domain.masking.sounds import sound

_PEOPLES = (
    "uzbek",
    "kazakh kyrgyz tajik",
    "russian",
    "english german european",
    "turkish arabic persian",
    "indian african",
    "chinese korean",
)
_OF_UZBEK = ("", "ga", "ni", "ning", "dan", "da", "man", "niki", "lar")
_CASES = frozenset(
    (
        *map("".join, product(("", "jon", "bek", "hon", "oi", "gul"), ("", "im", "imiz"), _OF_UZBEK)),
        *("a", "u", "e", "i", "ia", "iu", "oi", "ei", "om", "em", "oiu", "eiu", "ami", "s"),
    )
)
_CASES_OF_PLACES = frozenset(
    (*_OF_UZBEK, "dagi", "lik", "a", "u", "e", "i", "om", "oi", "ei", "iei", "am", "ami", "ah", "oiu", "skii", "skaia")
)
LONGEST_CASE = max(map(len, _CASES))
SHORTEST_STEM = 3
SHORTEST_LATIN_STEM = 4
"""English is full of three letters that sound like the beginning of a name."""
SHORTEST_BUILT = 6
SHORTEST_JUDGED = 4
ENOUGH_ALIKE = 0.6


class Kind(Enum):
    """What speaks for a word being of a name, by itself."""

    LISTED = "a given name"
    DOUBTFUL = "a given name that is a word too"
    BUILT = "put together as given names are"
    SURNAME = "ends as surnames do"
    ALIKE = "sounds like a name"
    UNKNOWN = "no word that is known"
    ORDINARY = "a word, a place or a brand"


def _stem(heard: str) -> str:
    return heard[:-1] if heard[-1:] in {"a", "i", "o"} and len(heard) > SHORTEST_STEM else heard


def _heard(headings: Iterable[str]) -> frozenset[str]:
    return frozenset(sound(name) for heading in headings for name in entries("names", heading))


_APOSTROPHES = str.maketrans("ʻʼ’‘`", "'''''")
_ORDINARY = frozenset(entries("ordinary", "words"))
_NEVER = frozenset(entries("names", "never names"))
_ORDINARY_HEARD = frozenset(map(sound, _ORDINARY))
_DOUBTFUL = _heard(["also words"])
_WHOLE = _heard(_PEOPLES) | _DOUBTFUL
_STEMS = _WHOLE | {_stem(heard) for heard in _WHOLE}
_DOUBTFUL_STEMS = _DOUBTFUL | {_stem(heard) for heard in _DOUBTFUL}
_PLACES = _heard(["places and brands"])
_PLACES_STEMS = _PLACES | {_stem(heard) for heard in _PLACES}
_BRANDS = frozenset(" ".join(map(sound, brand.split())) for brand in entries("people", "brands"))
_FIRST, _LAST = ("|".join(sorted(_heard([f"{which} parts"]), key=len, reverse=True)) for which in ("first", "last"))
_BUILT = re.compile(rf"(?:{_FIRST})(?:(?:{_LAST}){{1,2}}|(?:{_FIRST}))")
_SURNAME = re.compile(
    rf"\w{{2,}}(?:{'|'.join(entries('people', 'surname endings'))})(?:lar)?(?:a|u|im|oi|om|ga|ni|ning|dan)?$"
)
_PATRONYMIC = re.compile(r"(?:ovich|evich|ovna|evna|ichna)$")


@cache
def _likeness() -> Likeness:
    return Likeness(sorted(_WHOLE), sorted(_ORDINARY_HEARD - _WHOLE))


def kind(word: str) -> Kind:
    """Give what the word is, its capital aside."""
    small = word.lower().translate(_APOSTROPHES)
    heard = sound(small)
    is_name = heard in _WHOLE
    places = _without(heard, _CASES_OF_PLACES)
    if small in _NEVER or heard in _PLACES or (not is_name and (small in _ORDINARY or not _PLACES.isdisjoint(places))):
        return Kind.ORDINARY
    shortest = SHORTEST_STEM if word[0] > "z" else SHORTEST_LATIN_STEM
    shortest = len(heard) if word.isupper() else shortest
    stems = {stem for stem in _without(heard, _CASES) if len(stem) >= shortest}
    if is_name or not _STEMS.isdisjoint(stems):
        doubtful = small in _ORDINARY or not _DOUBTFUL_STEMS.isdisjoint((heard,) if is_name else stems)
        return Kind.DOUBTFUL if doubtful else Kind.LISTED
    if not _PLACES_STEMS.isdisjoint(places):
        return Kind.ORDINARY
    return Kind.UNKNOWN if word.isupper() else _unlisted(heard, stems)


def _without(heard: str, endings: frozenset[str]) -> set[str]:
    """Give what is left of a word when each of the endings that it has falls away."""
    longest = min(LONGEST_CASE, len(heard))
    return {heard[: len(heard) - length] for length in range(longest) if heard[len(heard) - length :] in endings}


def _unlisted(heard: str, stems: Iterable[str]) -> Kind:
    if any(len(form) >= SHORTEST_BUILT and _BUILT.fullmatch(form) for form in (heard, *stems)):
        return Kind.BUILT
    if _SURNAME.match(heard):
        return Kind.SURNAME
    alike = len(heard) >= SHORTEST_JUDGED and _likeness().of(heard) >= ENOUGH_ALIKE
    return Kind.ALIKE if alike else Kind.UNKNOWN


def is_patronymic(word: str) -> bool:
    """Tell whether this is the name of a father, as Russian adds it."""
    return _PATRONYMIC.search(sound(word)) is not None


def is_place(word: str) -> bool:
    """Tell whether this is a place or a brand, by its own name."""
    heard = sound(word)
    return heard in _PLACES or not _PLACES.isdisjoint(_without(heard, _CASES_OF_PLACES))


def is_brand(words: Sequence[str]) -> bool:
    """Tell whether these words are the name of a brand, not of a person."""
    return " ".join(map(sound, words)) in _BRANDS
