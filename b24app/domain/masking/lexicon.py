"""The words that the finders go by, read once from the lists in `words/`: one heading a role, one word or phrase an entry.

A star at the end of an entry stands for any ending. Lists are plain text so that a new messenger, name or cue needs no code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

SHORTEST_STEM = 2
MOST_REMEMBERED = 20_000


@cache
def entries(file: str, heading: str) -> tuple[str, ...]:
    """Give the words under one heading of one list, as they stand there."""
    listed = files(__package__).joinpath("words", f"{file}.txt").read_text(encoding="utf-8")
    _, _, rest = f"\n{listed}".partition(f"\n[{heading}]\n")
    rows = rest.partition("\n[")[0].split("\n")
    return tuple(word.strip() for row in rows if not row.startswith("#") for word in row.split(",") if word.strip())


def lists(file: str, headings: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Give each of the headings with its words."""
    return {heading: entries(file, heading) for heading in headings}


def alternation(file: str, *headings: str) -> str:
    """Give a pattern for any of the words, the longest first; a phrase may be broken by any space."""
    words = sorted({word for heading in headings for word in entries(file, heading)}, key=len, reverse=True)
    return "|".join(_pattern(word) for word in words)


def _pattern(word: str) -> str:
    return r"\s+".join(
        re.escape(part.removesuffix("*")) + (r"[\w']*" if part.endswith("*") else "") for part in word.split()
    )


class Roles:
    """What each word of some headings is to a finder; asking costs a few look-ups, whatever the length of the lists."""

    def __init__(self, lists: Mapping[str, Iterable[str]]) -> None:
        self._whole: dict[str, set[str]] = {}
        self._stems: dict[str, set[str]] = {}
        for heading, words in lists.items():
            for word in words:
                table = self._stems if word.endswith("*") else self._whole
                table.setdefault(word.removesuffix("*"), set()).add(heading)
        self._longest = max(map(len, self._stems), default=0)
        self._asked: dict[str, frozenset[str]] = {}

    def of(self, word: str) -> frozenset[str]:
        """Give the headings under which a word of folded text is listed, itself or by the longest fitting beginning."""
        known = self._asked.get(word)
        if known is None:
            if len(self._asked) >= MOST_REMEMBERED:
                self._asked.clear()
            known = self._asked[word] = self._look_up(word)
        return known

    def _look_up(self, word: str) -> frozenset[str]:
        whole = self._whole.get(word)
        if whole:
            return frozenset(whole)
        for length in range(min(len(word), self._longest), SHORTEST_STEM - 1, -1):
            found = self._stems.get(word[:length])
            if found:
                return frozenset(found)
        return frozenset()
