"""Telling by its sound how much a word is like a name: learnt from the lists of names and of ordinary words, by four sounds at a time.

For each row of four sounds it is counted how often names and how often ordinary words have it; a word is judged by the mean of the
logarithms of the ratios. The same lists give the same answers on every machine. Asked by `given` about words that no list holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from math import log

LENGTH = 4
UNSEEN = 0.5
"""How often a row that was never seen is taken to have been."""


class Likeness:
    """What names and ordinary words sound like; both are given as they sound."""

    def __init__(self, names: Iterable[str], ordinary: Iterable[str]) -> None:
        of_names = Counter(row for name in names for row in _rows(name))
        of_words = Counter(row for word in ordinary for row in _rows(word))
        rows = of_names.keys() | of_words.keys()
        among_names = of_names.total() + UNSEEN * len(rows)
        among_words = of_words.total() + UNSEEN * len(rows)
        self._weights = {
            row: log((of_names[row] + UNSEEN) / among_names) - log((of_words[row] + UNSEEN) / among_words)
            for row in rows
        }

    def of(self, heard: str) -> float:
        """Give above 0 for what sounds rather like a name, below for what sounds like an ordinary word."""
        rows = _rows(heard)
        return sum(self._weights.get(row, 0.0) for row in rows) / len(rows)


def _rows(heard: str) -> list[str]:
    marked = f"^^{heard}$"
    return [marked[at : at + LENGTH] for at in range(max(1, len(marked) - LENGTH + 1))]
