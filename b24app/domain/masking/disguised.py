"""Finding phone numbers in figures that are written so as not to look like one, in folded text: parted, backwards, told piece by piece."""

from __future__ import annotations

import re
from collections.abc import Iterator

from b24app.domain.masking import figures
from b24app.domain.masking.lexicon import alternation

Place = tuple[int, int]

# These begin with a figure, and look behind it only then, for a text is searched fastest so.
_INTERLEAVED = re.compile(r"\d(?<!\w\d)([^\W\d]{1,2}|\W{0,2}[^\w\s.,:;/-]\W{0,2})(?:\d\1){5,13}\d(?!\d)")
"""Single digits parted by one and the same letter or ornament."""
_SAME_SIGN = re.compile(r"\d(?<!\w\d)\d(\n|\s?[^\w\s.,/×-]{1,3}\s?)\d{3}\1\d{2}\1\d{2}(?!\w)")
"""A number in its usual groups, parted by lines or by one and the same unusual sign."""
_BACKWARDS = re.compile(r"\d(?<![\w+]\d)[\d ()\-]{5,18}\d\s?\+(?![\w+])")
_THEN = alternation("phones", "then")
_PIECE = r"\(?\d{1,4}\)?(?:[-\s]\(?\d{1,4}\)?){0,3}"
_TOLD = re.compile(
    rf"(?<![\w.,]){_PIECE}(?:(?:[\s,;.:…—–-]+(?:(?:{_THEN})[\s,;.:…—–-]+){{0,4}}){_PIECE}){{1,5}}(?![\w%])"
)
_ORDER = re.compile(alternation("phones", "order"))
_FIRST = re.compile(rf"(?<!\w)(?:{alternation('phones', 'first')})\W+(?:\w+\W+)?$")
_REACH, _REACH_OF_FIRST = 60, 25


def find(text: str, leads: re.Pattern[str]) -> Iterator[Place]:
    """Give the places of such numbers; `leads` are the words that lead to a phone."""
    for pattern in (_INTERLEAVED, _SAME_SIGN):
        yield from (found.span() for found in pattern.finditer(text))
    for found in _BACKWARDS.finditer(text) if "+" in text else ():
        if figures.looks_international_backwards(found[0]):
            yield found.span()
    for found in _TOLD.finditer(text) if _ORDER.search(text) else ():
        before = text[max(0, found.start() - _REACH) : found.start()]
        if _is_whole(found[0], text[found.end() :]) and _is_told(found[0], before, leads):
            yield found.span()


def _is_whole(told: str, after: str) -> bool:
    """Tell whether the pieces together are as long as a phone; amounts that follow each other end in noughts or carry units."""
    groups = figures.groups_of(told)
    amounts = all(group.endswith("00") for group in groups) or figures.is_measured(after)
    return 7 <= sum(map(len, groups)) <= 13 and not amounts


def _is_told(told: str, before: str, leads: re.Pattern[str]) -> bool:
    """Tell whether the pieces are told one after the other, and something speaks for a phone."""
    groups = figures.groups_of(told)
    sequence = len(groups) > 2 and _FIRST.search(before[-_REACH_OF_FIRST:]) is not None
    if figures.is_progression(groups) and leads.search(before) is None:
        return False
    phone = sequence or figures.is_grouped_as_phone(told, groups) or leads.search(before) is not None
    return phone and _ORDER.search(told) is not None
