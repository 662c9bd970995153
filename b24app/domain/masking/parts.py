"""Finding contacts that are told in several messages, a part in each: *+998 90*, then *123 45 67*.

Called by `split_contacts` with what somebody said in a row. A contact counts when the parts together hold it and no part does alone. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from b24app.domain.masking import FINDERS, contacts_in, figures, spelled
from b24app.domain.masking.folding import fold
from b24app.domain.masking.lexicon import alternation, entries

LONGEST_PART = 40
MOST_WORDS = 4
"""Besides figures and the words for them."""
_WORDS = frozenset(entries("ordinary", "words"))
_BARE_NAME = re.compile(r"[a-z][a-z0-9_.]{3,31}")
_LETTER = re.compile(r"\w")
_LEADS = re.compile(rf"(?<!\w)(?:{alternation('phones', 'leads')})(?!\w)")
_ENDED = (".", "!", "?")


def may_be_part(text: str) -> bool:
    """Tell whether a message is short, and holds what a contact is made of: figures, signs, words for them, a lone name."""
    folded = fold(text).text.strip()
    words = folded.split()
    spoken = [word for word in words if not word.isdigit() and not spelled.is_clue(word)]
    if not words or len(folded) > LONGEST_PART or len(spoken) > MOST_WORDS:
        return False
    alone = len(words) == 1 and _BARE_NAME.fullmatch(folded) is not None and folded not in _WORDS
    return alone or any(is_clue(word) for word in words for _, is_clue, _ in FINDERS)


def across(parts: Sequence[str]) -> set[int]:
    """Give the numbers of the parts that a contact is told in which none of them holds alone; what ends a sentence ends a contact."""
    found: set[int] = set()
    for first, last in _rows(parts):
        found |= {first + number for number in _told_in(parts[first:last])}
    return found


def _rows(parts: Sequence[str]) -> Iterator[tuple[int, int]]:
    first = 0
    for number, part in enumerate(parts, 1):
        if number == len(parts) or part.rstrip().endswith(_ENDED):
            yield first, number
            first = number


def _told_in(parts: Sequence[str]) -> set[int]:
    joined, places = "", []
    for part in parts:
        places.append((len(joined), len(joined) + len(part)))
        joined += f"{part} "
    alone = [bool(contacts_in(part)) for part in parts]
    touched: set[int] = set()
    for start, end, kind in contacts_in(joined):
        inside = [number for number, (begin, stop) in enumerate(places) if start < stop and begin < end]
        told = joined[start:end]
        if any(alone[number] for number in inside) or (kind == "phone" and _are_amounts(told)):
            continue
        before, behind = joined[places[inside[-1]][0] : start], joined[end : places[inside[-1]][1]]
        if kind != "phone" or _goes_on(before, behind):
            touched |= set(inside)
    return touched


def _goes_on(before: str, behind: str) -> bool:
    """Tell by what else the last part says whether its figures go on a number: *67, call me*, but not *twenty days*."""
    return not _LETTER.search(before) and (not _LETTER.search(behind) or _LEADS.search(fold(behind).text) is not None)


def _are_amounts(told: str) -> bool:
    """Tell whether the figures are round amounts, which people name one after the other."""
    groups = figures.groups_of(told)
    return bool(groups) and all(group.endswith("0") and len(group) > 1 for group in groups)
