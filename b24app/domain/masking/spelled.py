"""Finding phone numbers spelled out in Russian, Uzbek (both alphabets) and English words, also mixed with digits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from b24app.domain.masking.number_words import DOUBTFUL, WORTH

Found = tuple[int, int, str]

_JOINERS = frozenset(
    {
        "и",
        "and",
        "va",
        "ва",
        "плюс",
        "plus",
        "тире",
        "дефис",
        "дальше",
        "потом",
        "затем",
        "keyin",
        "then",
        "ещё",
        "еще",
        "yana",
        "яна",
        "кейин",
        "so'ng",
        "сўнг",
    }
)
_REPEATED = {"double": 1, "triple": 2, "дважды": 1, "трижды": 2}
"""Words that say the next digit again: how many digits they add."""
_BIG = re.compile(r"тысяч\w*|тыс|миллион\w*|млн|million\w*|mln|thousand\w*|ming|минг|миллиард\w*|billion")
_SIZES = re.compile(r"[\W_]*(?:размер|size|o'lcham|ўлчам|razmer|рост|bo'y|бўй)")
_ONE = "|".join(sorted(map(re.escape, WORTH), key=len, reverse=True))
_GLUED = re.compile(rf"(?:{_ONE}){{2,}}")
_FIGURE = re.compile(_ONE)
_ENDED = re.compile(r"(?P<number>[^\W\d_]{2}[^\W\d_']*(?:'[^\W\d_]+)*?)(?:ga|da|dan|ni|ning|га|да|дан|ни|нинг)")
"""Uzbek ends the last word of a number as the sentence asks; what follows belongs to no number any more."""
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+")
_GAP = re.compile(r"[\s,.;:()+\-–—/]*")
_PAUSE = re.compile(r"[,;:()+/–—]")
LEAST_DIGITS = 7
LEAST_WORDS = 3
LEAST_MIXED_DIGITS = 9
LEAST_MIXED_WORDS = 2
LEAST_LONG_MIXED_DIGITS = 11
LEAST_GROUPS = 4
HUNDRED = 100
SHORTEST_GLUED = 6
MOST_REMEMBERED = 4096
WIDEST_STEP = 10
LONGEST_NUMBER = 15


@dataclass
class _Run:
    start: int = 0
    end: int = 0
    digits: int = 0
    words: int = 0
    room: int = 0
    unit: int = 0
    is_over: bool = False
    numbers: list[int] = field(default_factory=list)

    def take(self, word: re.Match[str], worth: int) -> None:
        if not self.digits:
            self.start = word.start()
        self.end = word.end()
        if worth < 0:
            self.unit = 0
            self._begin(len(word[0]), int(word[0][-LONGEST_NUMBER:]))
            self.room = 0
            return
        self.words += 1
        size = len(str(worth))
        if worth == HUNDRED and self.unit:
            self._multiply()
        elif size > self.room or not worth:
            self._begin(size, worth)
        else:
            self.numbers[-1] += worth
        self.room = 0 if 10 < worth < 20 else size - 1
        self.unit = worth if worth < 10 else 0

    def _multiply(self) -> None:
        """Make hundreds of the figure just said: in Uzbek and English they are told so."""
        if self.numbers[-1] == self.unit:
            self.numbers[-1] *= HUNDRED
            self.digits += 2
        else:
            self.numbers[-1] -= self.unit
            self._begin(3, self.unit * HUNDRED)

    def _begin(self, digits: int, number: int) -> None:
        self.digits += digits
        self.numbers.append(number)

    @property
    def is_phone(self) -> bool:
        spelled = self.words >= LEAST_WORDS and self.digits >= LEAST_DIGITS
        mixed = self.words >= LEAST_MIXED_WORDS and self.digits >= LEAST_MIXED_DIGITS
        long = self.words and LEAST_LONG_MIXED_DIGITS <= self.digits <= 13
        groups = self.words and len(self.numbers) >= LEAST_GROUPS and LEAST_MIXED_DIGITS <= self.digits <= 13
        return (
            bool(spelled or mixed or long or groups) and not self._is_list_of_sizes() and not self._is_list_of_amounts()
        )

    def _is_list_of_sizes(self) -> bool:
        """Tell whether the numbers climb by one small step, such as forty-two, forty-four, forty-six."""
        steps = {later - earlier for earlier, later in pairwise(self.numbers)}
        return self._is_sizes_with_amounts() or (
            len(self.numbers) > 2 and min(self.numbers) > 9 and len(steps) == 1 and abs(steps.pop()) <= WIDEST_STEP
        )

    def _is_sizes_with_amounts(self) -> bool:
        """Tell whether sizes that climb take turns with round amounts: forty-four two hundred, forty-six three hundred."""
        sizes, amounts = self.numbers[::2], self.numbers[1::2]
        round_ones = len(amounts) > 1 and all(number and number % 50 == 0 for number in amounts)
        return round_ones and all(0 < later - earlier <= WIDEST_STEP for earlier, later in pairwise(sizes))

    def _is_list_of_amounts(self) -> bool:
        """Tell whether all numbers are round and a hundred or more, such as two hundred, three hundred and fifty."""
        return all(number >= HUNDRED and number % 10 == 0 for number in self.numbers)


def is_clue(word: str) -> bool:
    """Tell whether a word between spaces holds one for a number."""
    parts = _WORD.findall(word)
    return not WORTH.keys().isdisjoint(parts) or any(map(_is_glued, parts))


@lru_cache(MOST_REMEMBERED)
def _is_glued(word: str) -> bool:
    """Tell whether words for numbers are written together in it, without a space between them."""
    return len(word) >= SHORTEST_GLUED and word not in WORTH and _GLUED.fullmatch(word) is not None


def _words(text: str) -> Iterator[re.Match[str]]:
    for word in _WORD.finditer(text):
        if _is_glued(word[0]):
            yield from _FIGURE.finditer(text, *word.span())
        else:
            yield word


def find(text: str) -> Iterator[Found]:
    """Give the places of numbers in words that are long enough to be dialled."""
    words = list(_words(text))
    run = _Run()
    for number, word in enumerate(words):
        worth = -1 if word[0].isdigit() else WORTH.get(word[0])
        if word[0] in DOUBTFUL and run.digits and words[number + 1 : number + 2] and words[number + 1][0] in WORTH:
            worth = DOUBTFUL[word[0]]
        again = _REPEATED.get(word[0], 0)
        if run.digits and _PAUSE.search(text, run.end, word.start()):
            run.room = run.unit = 0
        joined = bool(run.digits) and not run.is_over and _GAP.fullmatch(text, run.end, word.start()) is not None
        if joined and worth is None and (ended := _ENDED.fullmatch(word[0])):
            worth, run.is_over = WORTH.get(ended["number"]), ended["number"] in WORTH
        if joined and (again or word[0] in _JOINERS):
            run.end = word.end()
            run.digits += again
            run.room = 0 if again else run.room
            continue
        if run.digits and (not joined or worth is None):
            if run.is_phone and not _BIG.fullmatch(word[0]) and not _SIZES.match(text, run.end):
                yield run.start, run.end, "phone"
            run = _Run()
        if worth is not None:
            run.take(word, worth)
    if run.is_phone:
        yield run.start, run.end, "phone"
