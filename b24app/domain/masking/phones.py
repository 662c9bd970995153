"""Finding phone numbers written with digits, and leaving alone the trade's other numbers, in folded text.

A candidate is a run of digits with separators. It is a phone when it looks like one (see `figures`) or when a word such as “call” leads to
it; it is not when it reads as a date, a range, a list of sizes, an amount or a known code. Disguises are looked for in `disguised`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from b24app.domain.masking import disguised, figures
from b24app.domain.masking.lexicon import alternation

Found = tuple[int, int, str]

CLUE = re.compile(r"\d")
_ENOUGH_FIGURES = re.compile(r"(?:\D*+\d){5}")
"""Letters may stand for some figures of a number, not for most."""
_GAP = r"[ \t().\-‐‑‒–—_*/\\,|~:;'\"\[\]]{0,3}"
# In Uzbek endings are written right behind the figures.
_ENDING = r"(?!\w)|(?=(?:ga|dan|da|ni|ning|га|дан|да|ни|нинг)(?!\w))"
_RUN = re.compile(
    rf"(?<![\w])\+\s?\(?\d(?:{_GAP}[\doоilз])*{_GAP}\d|(?<![\w.,])\(?(?:\d|[oо](?=\d))(?:{_GAP}[\doоilз])*{_GAP}\d[oо]?\)?(?:{_ENDING})"
)
_PARTED = re.compile(r"[,:;|]\s+")
_DATED = re.compile(r"\d[./:-]\d")
_DATE = re.compile(
    r"\b(?:[0-3]?\d[./-][01]?\d[./-](?:19|20)?\d{2}|(?:19|20)\d{2}[./-][01]?\d[./-][0-3]?\d|[0-2]?\d:[0-5]\d(?::[0-5]\d)?)\b"
)
_LEADS = re.compile(rf"(?:{alternation('phones', 'leads')})(?:\W+\w{{1,12}}){{0,3}}\W*$")
_LEADS_BEHIND = re.compile(rf"[\s,()—–-]{{1,3}}(?:{alternation('phones', 'leads behind')})")
# Letters on both sides mark a parcel: https://www.upu.int/en/postal-solutions/programmes-services/standards (S10).
_PARCEL_BEFORE = re.compile(r"(?<!\w)[acelruvz][a-z]\s?$")
_PARCEL_BEHIND = re.compile(r"\s?(?:uz|ru|cn|kz|kg|tj|tr|de|gb|us|kr|hk|sg|pl|ua|by|ae|nl|fr|it)(?!\w)")
_CODES = re.compile(
    rf"(?:{alternation('phones', 'codes')})(?:\s*(?:{alternation('phones', 'parts of a code')}))?[\s.:№#-]*$"
)
_MONEY_SIGN = re.compile(r"[$€₽]\s*$")
_LETTERS_FOR_DIGITS = str.maketrans("oоilз", "00113")
_FEWEST, _MOST = 7, 15
_MOST_ONE_BY_ONE = 19
"""Figures written one by one may be those of a payment card, which has up to nineteen."""
_FEWEST_WITH_PLUS = 9
_REACH = 40


def find(text: str) -> Iterator[Found]:
    """Give the places of phone numbers."""
    if not _ENOUGH_FIGURES.match(text):
        return
    dated = _DATE.sub(lambda date: "\n" * len(date[0]), text) if _DATED.search(text) else text
    for run in _RUN.finditer(dated):
        for start, end in _pieces(run):
            if _is_phone(text[start:end], text[max(0, start - _REACH) : start], text[end:]):
                yield start, end, "phone"
                break
    for start, end in disguised.find(text, _LEADS):
        yield start, end, "phone"


def _pieces(run: re.Match[str]) -> Iterator[tuple[int, int]]:
    """Give a run whole, then its parts between commas and colons: a list may end with a number."""
    yield run.span()
    at = run.start()
    for part in _PARTED.split(run[0]) if _PARTED.search(run[0]) else ():
        start = run.string.index(part, at)
        at = start + len(part)
        yield start, at


def _is_phone(run: str, before: str, after: str) -> bool:
    plain = run.translate(_LETTERS_FOR_DIGITS)
    groups = figures.groups_of(plain)
    digits = "".join(groups)
    if plain.startswith("+"):  # however many figures follow it
        return len(digits) >= _FEWEST_WITH_PLUS or (len(digits) >= _FEWEST and _LEADS.search(before) is not None)
    most = _MOST_ONE_BY_ONE if len(groups) == len(digits) else _MOST
    if not _FEWEST <= len(digits) <= most:
        return False
    if _is_code(before, after) and not figures.looks_international(digits, groups):
        return False
    if _LEADS.search(before) or _LEADS_BEHIND.match(after):
        return not figures.is_grouped_amount(groups, after)
    return figures.looks_like_phone(plain, groups) and not _is_of_the_trade(plain, groups, before, after)


def _is_code(before: str, after: str) -> bool:
    parcel = _PARCEL_BEHIND.match(after) is not None and _PARCEL_BEFORE.search(before) is not None
    return parcel or _CODES.search(before) is not None


def _is_of_the_trade(plain: str, groups: Sequence[str], before: str, after: str) -> bool:
    """Tell whether it is an amount, a list of sizes or a range, whatever else it looks like."""
    priced = figures.is_measured(after) or _MONEY_SIGN.search(before) is not None
    return priced or figures.is_progression(groups) or figures.is_range(plain, groups)
