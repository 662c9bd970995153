"""Finding phone numbers written with digits, however they are split, and leaving alone the trade's other numbers.

A candidate is a run of digits with separators. It is a phone when it looks like one (country code, operator code, grouping) or when a
word such as “call” leads to it; it is not when it reads as a date, a range, a list of sizes, an amount or a known code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from b24app.domain.masking.lexicon import alternation

Found = tuple[int, int, str]

_ENOUGH_FIGURES = re.compile(r"(?:\D*+\d){5}")
"""Letters may stand for some figures of a number, not for most."""
_GAP = r"[ \t().\-‐‑‒–—_*/\\,|~:;'\"\[\]]{0,3}"
# In Uzbek endings are written right behind the figures.
_ENDING = r"(?!\w)|(?=(?:ga|dan|da|ni|ning|га|дан|да|ни|нинг)(?!\w))"
_RUN = re.compile(
    rf"(?<![\w])\+\s?\(?\d(?:{_GAP}[\doоil])*{_GAP}\d|(?<![\w.,])\(?(?:\d|[oо](?=\d))(?:{_GAP}[\doоil])*{_GAP}\d[oо]?\)?(?:{_ENDING})"
)
_PARTED = re.compile(r"[,:;|]\s+")
_INTERLEAVED = re.compile(r"(?<!\w)\d([^\W\d]{1,2}|\W{0,2}[^\w\s.,:;/-]\W{0,2})(?:\d\1){5,13}\d(?!\d)")
"""Single digits parted by one and the same letter or ornament."""
_SAME_SIGN = re.compile(r"(?<!\w)\d{2}(\n|\s?[^\w\s.,/×-]{1,3}\s?)\d{3}\1\d{2}\1\d{2}(?!\w)")
"""A number in its usual groups, parted by lines or by one and the same unusual sign."""
_BACKWARDS = re.compile(r"(?<![\w+])\d[\d ()\-]{5,18}\d\s?\+(?![\w+])")
_THEN = alternation("phones", "then")
_PIECE = r"\d{1,4}(?:[-\s]\d{1,4}){0,3}"
_TOLD_IN_PARTS = re.compile(
    rf"(?<![\w.,]){_PIECE}(?:(?:[\s,;.:…—–-]+(?:(?:{_THEN})[\s,;.:…—–-]+){{0,4}}){_PIECE}){{1,5}}(?![\w%])"
)
_ORDER = re.compile(alternation("phones", "order"))
_FIRST = re.compile(rf"(?<!\w)(?:{alternation('phones', 'first')})\W+(?:\w+\W+)?$")
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
_UNITS = re.compile(rf"\s*(?:(?:{alternation('phones', 'units')})|(?:т|м|m|ta|x|х)\b|г/|[×%$€₽])")
_MONEY_SIGN = re.compile(r"[$€₽]\s*$")
_LETTERS_FOR_DIGITS = str.maketrans("oоil", "0011")
_COUNTRIES = ("998", "996", "992", "993", "994", "995", "380", "375")
_UZ_OPERATORS = frozenset({"33", "50", "55", "71", "77", "88", "90", "91", "93", "94", "95", "97", "98", "99"})


def find(text: str) -> Iterator[Found]:
    """Give the places of phone numbers."""
    if not _ENOUGH_FIGURES.match(text):
        return
    dated = _DATE.sub(lambda date: "\n" * len(date[0]), text)
    for run in _RUN.finditer(dated):
        for start, end in _pieces(run):
            if _is_phone(text[start:end], text[:start], text[end:]):
                yield start, end, "phone"
                break
    yield from _tricks(text)


def _pieces(run: re.Match[str]) -> Iterator[tuple[int, int]]:
    """Give a run whole, then its parts between commas and colons: a list may end with a number."""
    yield run.span()
    at = run.start()
    for part in _PARTED.split(run[0]) if _PARTED.search(run[0]) else ():
        start = run.string.index(part, at)
        at = start + len(part)
        yield start, at


def _tricks(text: str) -> Iterator[Found]:
    for pattern in (_INTERLEAVED, _SAME_SIGN):
        for found in pattern.finditer(text):
            yield found.start(), found.end(), "phone"
    for found in _BACKWARDS.finditer(text) if "+" in text else ():
        if _looks_international_backwards(found[0]):
            yield found.start(), found.end(), "phone"
    for found in _TOLD_IN_PARTS.finditer(text) if _ORDER.search(text) else ():
        if _is_told(found[0], text[max(0, found.start() - 60) : found.start()], text[found.end() :]):
            yield found.start(), found.end(), "phone"


def _is_told(told: str, before: str, after: str) -> bool:
    """Tell whether pieces told one after the other make a number; amounts that follow each other end in noughts or carry units."""
    groups = re.findall(r"\d+", told)
    sequence = _FIRST.search(before[-25:]) is not None and len(groups) > 2
    amounts = all(group.endswith("00") for group in groups) or _UNITS.match(after) is not None
    return (
        _ORDER.search(told) is not None
        and 7 <= sum(map(len, groups)) <= 13
        and not amounts
        and (sequence or _has_phone_grouping(told, groups) or _LEADS.search(before) is not None)
    )


def _looks_international_backwards(run: str) -> bool:
    digits = "".join(re.findall(r"\d", run))[::-1]
    return 11 <= len(digits) <= 13 and digits.startswith((*_COUNTRIES, "7", "44", "90", "86"))


def _is_phone(run: str, before: str, after: str) -> bool:
    plain = run.translate(_LETTERS_FOR_DIGITS)
    groups = re.findall(r"\d+", plain)
    digits = "".join(groups)
    lead = before[-40:]
    if plain.startswith("+"):  # however many figures follow it
        return len(digits) >= 9 or (len(digits) >= 7 and bool(_LEADS.search(lead)))
    if len(digits) > 15 or len(digits) < 7:
        return False
    if _is_code(lead, after) and not _looks_international(digits, groups):
        return False
    if _LEADS.search(lead) or _LEADS_BEHIND.match(after):
        return not _is_grouped_amount(groups, after)
    if _UNITS.match(after) or _MONEY_SIGN.search(before) or _is_progression(groups) or _is_range(plain, groups):
        return False
    return _looks_like_phone(plain, digits, groups)


def _is_code(before: str, after: str) -> bool:
    parcel = _PARCEL_BEFORE.search(before) is not None and _PARCEL_BEHIND.match(after) is not None
    return parcel or _CODES.search(before) is not None


def _looks_international(digits: str, groups: list[str]) -> bool:
    return len(groups) > 1 and (
        (len(digits) == 12 and digits.startswith("998")) or (len(digits) == 11 and digits[0] in "78")
    )


def _looks_like_phone(plain: str, digits: str, groups: list[str]) -> bool:
    count = len(digits)
    return (
        (count == 12 and digits.startswith(_COUNTRIES))
        or (count >= 11 and digits.startswith("00"))
        or (count in {10, 11} and digits[0] == "0" and len(groups) > 1)
        or (count == 11 and [len(group) for group in groups] == [3, 4, 4])
        or (count == 11 and re.match(r"[78][345679]", digits) is not None and not _is_grouped_amount(groups, ""))
        or (count == 10 and digits[0] == "9" and not _is_grouped_amount(groups, ""))
        or (count == 9 and digits[:2] in _UZ_OPERATORS and not _is_grouped_amount(groups, ""))
        or (count >= 9 and all(len(group) == 1 for group in groups))
        or (9 <= count <= 13 and _has_phone_grouping(plain, groups))
    )


def _has_phone_grouping(plain: str, groups: list[str]) -> bool:
    lengths = [len(group) for group in groups]
    american = lengths in ([3, 3, 4], [1, 3, 3, 4]) and len(set(re.findall(r"[-.]", plain))) == 1
    return lengths[-3:] == [3, 2, 2] or american or ("(" in plain and lengths[-1] in {2, 4} and len(groups) >= 3)


def _is_grouped_amount(groups: list[str], after: str) -> bool:
    """Tell whether the groups are one number written by thousands, such as 1 500 000."""
    by_thousands = len(groups) > 1 and len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    return by_thousands and (groups[-1].endswith("00") or bool(_UNITS.match(after)))


def _is_progression(groups: list[str]) -> bool:
    """Tell whether the groups are a list that only grows or only falls, such as sizes 42-44-46 or heights 98/104/110."""
    values = [int(group) for group in groups]
    steps = [later - earlier for earlier, later in pairwise(values)]
    return len(groups) > 2 and (all(step > 0 for step in steps) or all(step < 0 for step in steps)) and _evenly(groups)


def _evenly(groups: list[str]) -> bool:
    lengths = [len(group) for group in groups]
    return max(lengths) - min(lengths) <= 1


def _is_range(plain: str, groups: list[str]) -> bool:
    """Tell whether this is one number up to another, such as 5000-10000."""
    shortest, longest = sorted(map(len, groups))[0], sorted(map(len, groups))[-1]
    if plain.startswith("0") or longest - shortest > 3:
        return False
    return len(groups) == 2 and re.search(r"\d\s*[-–—/]\s*\d", plain) is not None and int(groups[0]) < int(groups[1])
