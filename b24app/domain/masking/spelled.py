"""Finding phone numbers spelled out in Russian, Uzbek (both alphabets) and English words, also mixed with digits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

Found = tuple[int, int, str]

_UNITS = (
    "ноль нуль один одна два две три четыре пять шесть семь восемь девять "
    "zero oh one two three four five six seven eight nine "
    "nol bir ikki uch to'rt besh olti yetti sakkiz to'qqiz "
    "бир икки уч тўрт беш олти етти саккиз тўққиз"
)
_TEENS = (
    "десять одиннадцать двенадцать тринадцать четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать "
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
)
_TENS = (
    "двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто "
    "twenty thirty forty fifty sixty seventy eighty ninety "
    "o'n yigirma o'ttiz qirq ellik oltmish yetmish sakson to'qson "
    "ўн йигирма ўттиз қирқ эллик олтмиш етмиш саксон тўқсон"
)
_HUNDREDS = "сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот hundred yuz юз"
_RANKS = (
    dict.fromkeys(_UNITS.split(), 1)
    | dict.fromkeys(_TEENS.split(), 11)
    | dict.fromkeys(_TENS.split(), 20)
    | dict.fromkeys(_HUNDREDS.split(), 300)
)
_JOINERS = frozenset({"и", "and", "va", "ва", "плюс", "plus", "тире", "дефис", "дальше", "потом", "keyin"})
_REPEATED = {"double": 1, "triple": 2, "дважды": 1, "трижды": 2}
"""Words that say the next digit again: how many digits they add."""
_BIG = re.compile(r"тысяч\w*|тыс|миллион\w*|млн|million\w*|mln|thousand\w*|ming|минг|миллиард\w*|billion")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+")
_GAP = re.compile(r"[\s,.;:()+\-–—/]*")
_HINT = re.compile("|".join(sorted(_RANKS, key=len, reverse=True)))
LEAST_DIGITS = 7
LEAST_WORDS = 3
LEAST_MIXED_DIGITS = 9
LEAST_MIXED_WORDS = 2


@dataclass
class _Run:
    start: int = 0
    end: int = 0
    digits: int = 0
    words: int = 0
    room: int = 0

    def take(self, word: re.Match[str], rank: int) -> None:
        if not self.digits:
            self.start = word.start()
        self.end = word.end()
        if rank == 0:
            self.digits += len(word[0])
            self.room = 0
            return
        self.words += 1
        size = len(str(rank))
        if size > self.room:
            self.digits += size
            self.room = size - 1
        else:
            self.room = size - 1

    @property
    def is_phone(self) -> bool:
        spelled = self.words >= LEAST_WORDS and self.digits >= LEAST_DIGITS
        return spelled or (self.words >= LEAST_MIXED_WORDS and self.digits >= LEAST_MIXED_DIGITS)


def find(text: str) -> Iterator[Found]:
    """Give the places of numbers in words that are long enough to be dialled."""
    if not _HINT.search(text):
        return
    run = _Run()
    for word in _WORD.finditer(text):
        rank = 0 if word[0].isdigit() else _RANKS.get(word[0], -1)
        again = _REPEATED.get(word[0], 0)
        joined = bool(run.digits) and _GAP.fullmatch(text, run.end, word.start()) is not None
        if joined and (again or word[0] in _JOINERS):
            run.end = word.end()
            run.digits += again
            run.room = 0 if again else run.room
            continue
        if run.digits and (not joined or rank < 0):
            if run.is_phone and not _BIG.fullmatch(word[0]):
                yield run.start, run.end, "phone"
            run = _Run()
        if rank >= 0:
            run.take(word, rank)
    if run.is_phone:
        yield run.start, run.end, "phone"
