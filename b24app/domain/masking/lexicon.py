"""The words that the finders go by, read once from the lists in `words/`: one heading a role, one word or phrase an entry.

A star at the end of an entry stands for any ending. Lists are plain text so that a new messenger, name or cue needs no code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from b24app.domain.masking.clues import Remembered

_Tree = dict[str, "_Tree"]
ANY_ENDING = r"[\w']*"
SHORTEST_STEM = 2


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
    tree: _Tree = {}
    for word in {word for heading in headings for word in entries(file, heading)}:
        branch = tree
        for step in _steps(word):
            branch = branch.setdefault(step, {})
        branch[""] = {}
    return "|".join(_ways(tree))


def openings(file: str, *headings: str) -> str:
    """Give a pattern for the words that phrases begin with, or for all there is of a single word."""
    firsts = {word.split()[0] for heading in headings for word in entries(file, heading)}
    return "|".join(sorted((re.escape(first.removesuffix("*")) for first in firsts), key=len, reverse=True))


def _steps(word: str) -> list[str]:
    """Give the patterns that a word is matched by, one after the other, letter by letter."""
    spelled = r"\s+".join(word.removesuffix("*").split())
    letters = [r"\s+" if step == r"\s+" else re.escape(step) for step in re.findall(r"\\s\+|.", spelled)]
    return [*letters, ANY_ENDING] if word.endswith("*") else letters


def _ways(tree: _Tree) -> list[str]:
    """Give a pattern for each way on through the tree: what words begin with alike is looked at once, which saves most of the time."""
    longer = [step + _grouped(_ways(branch)) for step, branch in sorted(tree.items()) if step and step != ANY_ENDING]
    return [*longer, *([ANY_ENDING] if ANY_ENDING in tree else []), *([""] if "" in tree else [])]


def _grouped(ways: list[str]) -> str:
    return "".join(ways) if len(ways) < 2 else f"(?:{'|'.join(ways)})"


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
        self._known = Remembered(self._look_up)

    def of(self, word: str) -> frozenset[str]:
        """Give the headings under which a word of folded text is listed, itself or by the longest fitting beginning."""
        return self._known[word]

    def of_any(self, words: Iterable[str]) -> set[str]:
        """Give the headings of all the words together."""
        return self._known.of_any(words)

    def _look_up(self, word: str) -> frozenset[str]:
        whole = self._whole.get(word)
        if whole:
            return frozenset(whole)
        for length in range(min(len(word), self._longest), SHORTEST_STEM - 1, -1):
            found = self._stems.get(word[:length])
            if found:
                return frozenset(found)
        return frozenset()
