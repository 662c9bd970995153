"""What a run of figures looks like by its shape alone: a phone, an amount by thousands, a range, a row of sizes.

Asked by the finders of phones about the run as it is written and its groups, the figures between separators. Knows no words but units.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from b24app.domain.masking.lexicon import alternation

_UNITS = re.compile(rf"\s*(?:(?:{alternation('phones', 'units')})|(?:т|м|m|ta|x|х)\b|г/|[×%$€₽])")
_COUNTRIES = ("998", "996", "992", "993", "994", "995", "380", "375")
_WITHOUT_COUNTRY = ("05", "07")
"""How mobile numbers begin at home in Turkey and Britain."""
_UZ_OPERATORS = frozenset({"33", "50", "55", "71", "77", "88", "90", "91", "93", "94", "95", "97", "98", "99"})
UNEVEN = 5
"""How much larger than another a step of a list may be."""
_GROUP = re.compile(r"\d+")
_RUSSIAN = re.compile(r"[78][345679]")
_RANGE = re.compile(r"\d\s*[-–—/]\s*\d")


def groups_of(run: str) -> list[str]:
    """Give the figures between separators."""
    return _GROUP.findall(run)


def is_measured(after: str) -> bool:
    """Tell whether a unit of measure or of money follows."""
    return _UNITS.match(after) is not None


def looks_like_phone(run: str, groups: Sequence[str]) -> bool:
    """Tell whether a country, an operator or the grouping makes a phone of it, without a word to say so."""
    digits = "".join(groups)
    count = len(digits)
    by_thousands = is_grouped_amount(groups, "")
    return (
        (count == 12 and digits.startswith(_COUNTRIES))
        or (count >= 11 and digits.startswith("00"))
        or (count in {10, 11} and digits[0] == "0" and len(groups) > 1)
        or (count == 11 and digits.startswith(_WITHOUT_COUNTRY))
        or (count == 11 and [len(group) for group in groups] == [3, 4, 4])
        or (count == 11 and not by_thousands and _RUSSIAN.match(digits) is not None)
        or (count == 10 and not by_thousands and digits[0] == "9")
        or (count == 9 and not by_thousands and digits[:2] in _UZ_OPERATORS)
        or (count >= 9 and all(len(group) == 1 for group in groups))
        or (9 <= count <= 13 and is_grouped_as_phone(run, groups))
    )


def looks_international(digits: str, groups: Sequence[str]) -> bool:
    """Tell whether it is a number of this region with its country's code, in groups."""
    return len(groups) > 1 and (
        (len(digits) == 12 and digits.startswith("998")) or (len(digits) == 11 and digits[0] in "78")
    )


def looks_international_backwards(run: str) -> bool:
    """Tell whether read from the end it begins with the code of a country."""
    digits = "".join(groups_of(run))[::-1]
    return 11 <= len(digits) <= 13 and digits.startswith((*_COUNTRIES, "7", "44", "90", "86"))


def is_grouped_as_phone(run: str, groups: Sequence[str]) -> bool:
    """Tell whether the groups are those of a phone: 3-2-2 at the end, 3-3-4 with one sign between, brackets around a code."""
    lengths = [len(group) for group in groups]
    american = lengths in ([3, 3, 4], [1, 3, 3, 4]) and len(set(re.findall(r"[-.]", run))) == 1
    local = lengths[-3:] == [2, 2, 2] and 9 <= sum(lengths) <= 11 and lengths[0] in {3, 4, 5} and "-" in run
    return lengths[-3:] == [3, 2, 2] or local or american or ("(" in run and lengths[-1] in {2, 4} and len(groups) >= 3)


def is_grouped_amount(groups: Sequence[str], after: str) -> bool:
    """Tell whether the groups are one number written by thousands, such as 1 500 000."""
    by_thousands = len(groups) > 1 and len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    return by_thousands and (groups[-1].endswith("00") or is_measured(after))


def is_progression(groups: Sequence[str]) -> bool:
    """Tell whether the groups are a list that only grows or only falls, such as sizes 42-44-46 or heights 98/104/110."""
    if len(groups) < 3 or any(group.startswith("0") for group in groups):
        return False
    steps = [int(later) - int(earlier) for earlier, later in pairwise(groups)]
    lengths = [len(group) for group in groups]
    even = max(map(abs, steps)) <= UNEVEN * min(map(abs, steps))
    return even and (min(steps) > 0 or max(steps) < 0) and max(lengths) - min(lengths) <= 1


def is_range(run: str, groups: Sequence[str]) -> bool:
    """Tell whether this is one number up to another, such as 5000-10000."""
    if len(groups) != 2 or run.startswith("0") or abs(len(groups[0]) - len(groups[1])) > 3:
        return False
    return int(groups[0]) < int(groups[1]) and _RANGE.search(run) is not None
