"""What the addresses of mailboxes and pages are made of alike, and the search for them by a table of the ways people write them.

Called by `mailboxes` and `links`. A way has an example, a clue that is cheap to look for, and the pattern that looks closely.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from b24app.domain.masking.lexicon import alternation

Place = tuple[int, int]
Ways = Sequence[tuple[re.Pattern[str], Sequence[re.Pattern[str]]]]

SURE, SHORT, WORDY = (
    alternation("links", f"{kind}endings{rest}") for kind, rest in (("", ""), ("short ", ""), ("", " that are words"))
)
DOT_WORDS = alternation("links", "dot")
# A label has at most 63 letters, a mailbox 64; the bounds also keep a text made to be slow from being so.
LABEL = r"[a-zа-яё0-9](?:[a-zа-яё0-9-]{0,61}[a-zа-яё0-9])?"
OPEN, CLOSE = r"[(\[{<]\s*", r"\s*[)\]}>]"
DOT = rf"(?:\s*\.\s*|\s*{OPEN}(?:\.|d|т|{DOT_WORDS}){CLOSE}\s*|[\s,]+(?:{DOT_WORDS})[\s,]+)"
_NOT_A_NAME = re.compile(r"[\d.\-]+")


def ways(table: Iterable[tuple[str, str, str]]) -> Ways:
    """Give a table of (example, clue, pattern) ready for the search; ways with the same clue are looked for together."""
    by_clue: dict[str, list[re.Pattern[str]]] = {}
    for _, clue, pattern in table:
        by_clue.setdefault(clue, []).append(re.compile(pattern))
    return [(re.compile(clue), patterns) for clue, patterns in by_clue.items()]


def search(text: str, table: Ways) -> Iterator[Place]:
    """Give the places of addresses: what a pattern calls `host`, or all it finds; figures and dots alone are none."""
    for clue, patterns in table:
        if clue.search(text):
            for pattern in patterns:
                group = "host" if "host" in pattern.groupindex else 0
                for found in pattern.finditer(text):
                    if not _NOT_A_NAME.fullmatch(found[0]):
                        start, end = found.span(group)
                        yield start, end - _closed_behind(text[start:end])


def _closed_behind(address: str) -> int:
    """Tell how many brackets at its end close what was opened before it."""
    closing = len(address) - len(address.rstrip(")"))
    return min(closing, max(0, address.count(")") - address.count("(")))
