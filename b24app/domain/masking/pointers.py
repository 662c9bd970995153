"""Finding where a text tells how to come by a contact without any in it: a card in the parcel, a stall on a market, a street in one word.

Works on folded text, sentence by sentence: what the other side is sent to look at is hidden with the sentence it stands in. The words are
lists in `words/pointers.txt`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from b24app.domain.masking.lexicon import Roles, alternation, lists, openings

Found = tuple[int, int, str]

_LISTS = "pointers"
_CARD, _NUMBER, _OWN_NUMBER, _OWNING, _HIDDEN, _OF_GOODS = (
    "cards", "numbers", "own numbers", "owning", "hidden in", "of goods",
)  # fmt: skip
_ROLES = Roles(lists(_LISTS, (_CARD, _NUMBER, _OWN_NUMBER, _OWNING, _HIDDEN, _OF_GOODS)))
_FIGURE = re.compile(r"\d")
_SENTENCE = re.compile(r"[^\n.!?;]+(?:\.(?!\s)[^\n.!?;]+)*")
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_STALL, _ANY_STALL, _MARKET = (alternation(_LISTS, name) for name in ("stalls", "parts of a market", "markets"))
_PART = rf"(?<!\w)(?:{_STALL}|{_ANY_STALL})\.?\s*(?:№\s*)?(?:\d{{1,4}}[a-zа-я]?(?:-\d{{1,4}})?|[a-zа-я]\d{{0,4}})(?!\w)"
_PART_IN_UZBEK = rf"(?<!\w)\d{{1,4}}\s?-?\s?(?:{_STALL}|{_ANY_STALL})(?!\w)"
_PLACE = re.compile(
    rf"(?:(?<!\w)(?:[^\W\d_]+\s+)?(?:{_MARKET})[\s,]+)?(?:{_PART}|{_PART_IN_UZBEK})(?:[\s,/]+(?:{_PART}|{_PART_IN_UZBEK}))*(?:,?\s+(?:[^\W\d_]+\s+)?(?:{_MARKET})(?!\w))?"
)
_STREETS = alternation(_LISTS, "endings of streets")
_STREET = re.compile(rf"(?<!\w)[^\W\d]{{3,30}}(?:{_STREETS})\s+\d{{1,4}}[a-z]?(?!\w)")
_IS_STALL = re.compile(rf"(?<!\w)(?:{_STALL})(?!\w)")
_IS_MARKET = re.compile(rf"(?<!\w)(?:{_MARKET})(?!\w)")

CLUE = re.compile(
    rf"(?<!\w)(?:{openings(_LISTS, 'cards', 'numbers', 'own numbers', 'stalls', 'markets')})|(?:{_STREETS})(?!\w)"
)


def find(text: str) -> Iterator[Found]:
    """Give the sentences that send somebody to a contact, and the places of stalls."""
    for sentence in _SENTENCE.finditer(text):
        if _sends_away(sentence[0]):
            start = sentence.start() + len(sentence[0]) - len(sentence[0].lstrip())
            yield start, sentence.end(), "phone"
    for street in _STREET.finditer(text):
        yield *street.span(), "name"
    for place in _PLACE.finditer(text) if _FIGURE.search(text) else ():
        parts = len(re.findall(rf"{_PART}|{_PART_IN_UZBEK}", place[0]))
        if _IS_MARKET.search(place[0]) or (parts > 1 and _IS_STALL.search(place[0])):
            yield *place.span(), "name"


def _sends_away(sentence: str) -> bool:
    """Tell whether a card, or a number of the writer's own, is said to be in something; numbers of goods are none."""
    roles = _ROLES.of_any(_WORD.findall(sentence))
    own_number = _OWN_NUMBER in roles or {_NUMBER, _OWNING} <= roles
    return (_CARD in roles or own_number) and _HIDDEN in roles and _OF_GOODS not in roles
