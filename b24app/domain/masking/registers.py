"""Finding the numbers by which a company is registered, or a person is known to a network, and of cards that money is sent to,
in folded text: a label leads to each but to the cards."""

from __future__ import annotations

import re
from collections.abc import Iterator

from b24app.domain.masking.lexicon import alternation, openings

Found = tuple[int, int, str]

_GAP = r"\s*(?:is|это)?[\s:№#.-]*"
_COMPANY = re.compile(
    rf"(?<!\w)(?:{alternation('registers', 'companies')})(?!\w){_GAP}(?P<number>(?:[a-z]{{2}}\s*)?\d[\d /-]{{4,20}}\d)"
)
_NETWORK = re.compile(
    rf"(?<!\w)(?:{alternation('registers', 'networks')})(?!\w){_GAP}(?P<number>\d(?:[ -]?\d){{6,11}})(?!\w)"
)
_ENOUGH_FIGURES = re.compile(r"\d(?:[ /-]?\d){5}")
_POSTCODE = re.compile(
    rf"(?<!\w)(?:{alternation('registers', 'postcodes')})(?!\w){_GAP}(?P<number>[a-z]?\d[a-z0-9]{{1,3}}\s?[a-z0-9]{{3,4}})(?!\w)"
)
_ISSUER = r"(?:8600|9860|5614|6262|220[0-4]|4\d{3}|5[1-5]\d{2})"
_CARD = re.compile(rf"(?<![\w.,/-])(?P<number>{_ISSUER}(?P<gap>[ -]?)\d{{4}}(?:(?P=gap)\d{{4}}){{2}})(?![\w/-])")
"""Sixteen figures of a payment card, from Uzcard and Humo to Mir, Visa and Mastercard; four figures that tell of one begin it."""
_PAGE = re.compile(r"(?<![\w./])(?P<number>id\d{6,12})(?!\w)")

CLUE = re.compile(
    rf"id\d|(?<!\w){_ISSUER}(?:$|-?\d{{4}})|(?<!\w)(?:{openings('registers', 'companies', 'networks', 'postcodes')})"
)
_FINDERS = ((_COMPANY, "company_id"), (_NETWORK, "handle"), (_PAGE, "handle"), (_POSTCODE, "name"), (_CARD, "card"))


def find(text: str) -> Iterator[Found]:
    """Give the places of such numbers."""
    if not _ENOUGH_FIGURES.search(text) and not _POSTCODE.search(text):
        return
    for pattern, kind in _FINDERS:
        for found in pattern.finditer(text):
            yield *found.span("number"), kind
