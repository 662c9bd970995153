"""Telling by the single words of a text which finders are worth asking: most texts hold a clue for none, and looking closely costs time.

What a word is a clue for is remembered, so a text costs one look-up a word. Called by `mask`; a finder's `CLUE` must be found in some
word of every text that the finder finds anything in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

Key = TypeVar("Key")

MOST_REMEMBERED = 20_000


class Remembered(dict[str, frozenset[Key]]):
    """What was answered for each word: asking again costs one look-up, and no call."""

    def __init__(self, answer: Callable[[str], frozenset[Key]]) -> None:
        super().__init__()
        self._answer = answer

    def __missing__(self, word: str) -> frozenset[Key]:
        if len(self) >= MOST_REMEMBERED:
            self.clear()
        answered = self[word] = self._answer(word)
        return answered

    def of_any(self, words: Iterable[str]) -> set[Key]:
        """Give the answers for all the words together."""
        return set().union(*map(self.__getitem__, words))


class Clues:
    """Which of some questions a text gives cause to ask; questions are known by their number."""

    def __init__(self, clues: Sequence[Callable[[str], object]]) -> None:
        self._known = Remembered(
            lambda word: frozenset(number for number, is_clue in enumerate(clues) if is_clue(word))
        )

    def within(self, text: str) -> set[int]:
        """Give the numbers of those whose clue some word of the text holds; words end at spaces alone."""
        return self._known.of_any(text.split())

    def of(self, words: Iterable[str]) -> set[int]:
        """Give the numbers of those for which one of the words is a clue."""
        return self._known.of_any(words)
