"""What may be a person's name in a text, and what stands around it: titles, goods, words of reaching somebody, marks, the sentence.

`people` weighs what is told here; nothing is decided. Texts are read as they were written, for a name is told by its capital.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from b24app.domain.masking.clues import Clues
from b24app.domain.masking.given import Kind, is_patronymic, is_place, kind
from b24app.domain.masking.lexicon import Roles, alternation, lists

_TITLE, _GREETING, _GOODS, _SOLD, _POSTS, _HERE, _COMPANY = (
    "honorifics",
    "greeting",
    "goods",
    "sold",
    "posts",
    "here",
    "company",
)
_ROLES = Roles(
    lists("people", (_TITLE, "leading", _POSTS, "acting", _GOODS, _SOLD, _GREETING, _HERE, _COMPANY, "partings"))
)
_APOSTROPHES = str.maketrans("ʻʼ’‘`", "'''''")
_SPELLED = rf"[^\W\d_]+(?:(?!-(?i:{alternation('people', 'honorifics')})(?!\w))['ʻʼ’‘`-][^\W\d_]+)*"
_WORD = re.compile(_SPELLED)
_BREAK = re.compile(r"[\n.!?;](?:\s|$)|\n")
_OPENING_MARKS = ' \t—–-•*·"«“„('
_QUOTES = frozenset('«»“”„"')
_COUNTED = re.compile(r"[\s,:—–-]{1,3}\d")
_SURE = frozenset((Kind.LISTED, Kind.BUILT))
_MAYBE = _SURE | {Kind.DOUBTFUL, Kind.SURNAME, Kind.ALIKE}
SHORTEST, SHORTEST_SMALL = 2, 4
MOST_REMEMBERED = 20_000
REACH = 3
"""How many words on either side are looked at."""


@lru_cache(MOST_REMEMBERED)
def _roles(word: str) -> frozenset[str]:
    return _ROLES.of(word.lower().translate(_APOSTROPHES))


@lru_cache(MOST_REMEMBERED)
def _kind(word: str) -> Kind:
    is_short = len(word) < (SHORTEST if word[0].isupper() else SHORTEST_SMALL)
    return Kind.ORDINARY if is_short or (word.isupper() and len(word) <= REACH) else kind(word)


def _leads_to_names(word: str) -> bool:
    return not _roles(word).isdisjoint((_TITLE, _HERE)) or _kind(word) in (_MAYBE if word[0].isupper() else _SURE)


_CLUES = Clues([_leads_to_names])


class Word(NamedTuple):
    """One word of a text and where it stands."""

    start: int
    end: int
    text: str

    @property
    def roles(self) -> frozenset[str]:
        """What the word says about a name near it."""
        return _roles(self.text)

    @property
    def kind(self) -> Kind:
        """What it may be of a name itself."""
        return _kind(self.text)

    @property
    def is_capital(self) -> bool:
        """Tell whether it is written with a capital."""
        return self.text[0].isupper()

    @property
    def begins_name(self) -> bool:
        """Tell whether a name may begin with it; in small letters it must be sure."""
        return not self.roles and self.kind in (_MAYBE if self.is_capital else _SURE)

    @property
    def goes_on_with_name(self) -> bool:
        """Tell whether it may stand behind the first word of a name: any word with a capital that is not known as another."""
        return self.is_capital and len(self.text) > SHORTEST and self.kind is not Kind.ORDINARY and not self.roles


class Passage:
    """A text, read once: its words, where its sentences part, and which words speak of goods."""

    def __init__(self, written: str) -> None:
        self.written = written
        self.words = [Word(*word.span(), word[0]) for word in _WORD.finditer(written)]
        self._breaks = [found.span() for found in _BREAK.finditer(written)]
        self._sold = [word.start for word in self.words if _SOLD in word.roles]

    def begin_of_sentence(self, at: int) -> int:
        """Give where the sentence begins in which something stands at `at`; a mark right in front of it parts it too."""
        if self.written[at - 1 : at] in set("\n.!?;"):
            return at
        behind = bisect_right(self._breaks, at, key=lambda found: found[1])
        return self._breaks[behind - 1][1] if behind else 0

    def end_of_sentence(self, at: int) -> int:
        """Give where the sentence ends of which something ends at `at`."""
        next_one = bisect_left(self._breaks, at, key=lambda found: found[0])
        return self._breaks[next_one][0] if next_one < len(self._breaks) else len(self.written)

    def sells(self, begin: int, end: int) -> bool:
        """Tell whether any word between two places speaks of goods."""
        first = bisect_left(self._sold, begin)
        return first < len(self._sold) and self._sold[first] < end

    def last_words(self, begin: int, end: int) -> Sequence[Word]:
        """Give the few last words between two places."""
        first, last = (bisect_left(self.words, at, key=lambda word: word.start) for at in (begin, end))
        return self.words[max(first, last - REACH - 1) : last]


@dataclass(frozen=True, slots=True)
class Name:
    """Words that may be a name, and the few words of the sentence around them."""

    passage: Passage
    words: Sequence[Word]
    before: Sequence[Word]
    behind: Sequence[Word]

    @property
    def written(self) -> str:
        """The text it stands in."""
        return self.passage.written

    @property
    def start(self) -> int:
        """Where it begins, with the title in front of it."""
        first = self.before[-1] if self._is_titled_before else self.words[0]
        return first.start

    @property
    def end(self) -> int:
        """Where it ends, with the title that follows it."""
        return self.behind[0].end if self._is_titled_behind else self.words[-1].end

    @property
    def _is_titled_before(self) -> bool:
        return bool(self.before) and _TITLE in self.before[-1].roles

    @property
    def _is_titled_behind(self) -> bool:
        joined = bool(self.behind) and self.written[self.words[-1].end : self.behind[0].start] in {" ", "-"}
        return joined and _TITLE in self.behind[0].roles

    @property
    def is_titled(self) -> bool:
        """Tell whether *Mr*, *aka* or the like stands beside it."""
        return self._is_titled_before or self._is_titled_behind

    def has_near(self, *roles: str) -> bool:
        """Tell whether a word of these roles is among the few around it."""
        return any(not word.roles.isdisjoint(roles) for word in (*self.before, *self.behind))

    @property
    def acts(self) -> bool:
        """Tell whether what people do follows at once."""
        return bool(self.behind) and "acting" in self.behind[0].roles

    @property
    def is_in_company(self) -> bool:
        """Tell whether somebody is *with* the bearer of the name."""
        return _COMPANY in (self.before[-1].roles if self.before else ()) or _COMPANY in (
            self.behind[0].roles if self.behind else ()
        )

    @property
    def is_among_goods(self) -> bool:
        """Tell whether the sentence speaks of goods."""
        sentence = self.passage.begin_of_sentence(self.start), self.passage.end_of_sentence(self.end)
        return self.has_near(_GOODS) or self.passage.sells(*sentence)

    @property
    def is_from_somewhere(self) -> bool:
        """Tell whether a place stands before a name or behind its comma, as when somebody introduces himself."""
        parted = self.written[self.end : self.end + 2] == ", "
        beside = [*self.behind[:1], *self.before[-1:]] if parted else []
        return any(word.is_capital and is_place(word.text) for word in beside)

    @property
    def _is_opening(self) -> bool:
        return all(word.roles & {_GREETING, _TITLE} for word in self.before) if self.before else self.opens_sentence

    @property
    def speaks(self) -> bool:
        """Tell whether it says who is speaking: *Anna here, …*."""
        return bool(self.behind) and _HERE in self.behind[0].roles and self._is_opening

    @property
    def opens_sentence(self) -> bool:
        """Tell whether a sentence or a line begins with it, so that its capital says nothing."""
        head = self.written[: self.words[0].start].rstrip(_OPENING_MARKS)
        return not head or head[-1] in ".!?\n;:…)"

    @property
    def is_quoted(self) -> bool:
        """Tell whether quotation marks are right in front of it."""
        return self.start > 0 and self.written[self.start - 1] in _QUOTES

    @property
    def is_counted(self) -> bool:
        """Tell whether figures follow, as behind a model or a colour."""
        return _COUNTED.match(self.written, self.end) is not None

    @property
    def is_beside_goods(self) -> bool:
        """Tell whether goods stand next to it, or in front of the list it is in."""
        beside = any(_GOODS in word.roles for word in (*self.before[-1:], *self.behind[:1]))
        begin = self.passage.begin_of_sentence(self.start)
        colon = self.written.rfind(":", begin, self.start)
        return beside or any(_GOODS in word.roles for word in self.passage.last_words(begin, colon))

    @property
    def is_addressed(self) -> bool:
        """Tell whether somebody is spoken to by it: *Anna, …*, *Hello, Anna aka!*, *… , Anna?*, but not *Anna, manager*."""
        rest = self.behind[1:] if self._is_titled_behind else self.behind
        if (rest and _POSTS in rest[0].roles) or self.is_from_somewhere or self.speaks:
            return False
        if self.opens_sentence and self.is_titled and rest and _GREETING in rest[0].roles:
            return True
        mark = self.written[self.end : self.end + 1]
        before = self.before[:-1] if self._is_titled_before else self.before
        alone = len(self.words) == 1 or self.is_titled or is_patronymic(self.words[-1].text)
        greeted = self.written[: self.start].rstrip()[-1:]
        if before and all(word.roles & {_GREETING, _TITLE} for word in before):
            return (alone or greeted != ",") and mark in {",", "!", ".", "?", ")", "\n", ""}
        if self.opens_sentence and not before:
            return mark in {",", "!"} and alone and not (rest and rest[0].begins_name)
        in_apposition = bool(before) and _POSTS in before[-1].roles
        return (
            not in_apposition
            and self.written[: self.start].rstrip()[-1:] == ","
            and (
                mark in {"?", "!"}
                or (mark == "," and not before[-1].begins_name and not (rest and rest[0].begins_name))
            )
        )

    @property
    def signs(self) -> bool:
        """Tell whether it closes the message: behind words of parting, or alone in the last line or sentence."""
        if self.written[self.words[-1].end :].strip(" .!)"):
            return False
        parted = any("partings" in word.roles for word in self.before[-2:])
        return parted or self.written[: self.start].rstrip(" —–-~")[-1:] in {".", "\n"}


def may_hold_names(written: str) -> bool:
    """Tell whether any word gives cause to look closer; most texts hold none."""
    return bool(_CLUES.of(_WORD.findall(written)))


def names(written: str) -> Iterator[Name]:
    """Give whatever may be a name."""
    passage = Passage(written)
    words, at = passage.words, 0
    while at < len(words):
        end = at
        titled = at > 0 and _TITLE in words[at - 1].roles and words[at].goes_on_with_name
        acting = at > 0 and words[at].goes_on_with_name and _is_led(words, at)
        speaking = at + 1 < len(words) and words[at].goes_on_with_name and _HERE in words[at + 1].roles
        begins = words[at].begins_name and (words[at].is_capital or _has_cue_beside(words, at))
        if begins or titled or speaking or (acting and not words[at].text.isupper()):
            end += 1
            while (
                end < len(words)
                and words[end].goes_on_with_name
                and words[at].is_capital
                and _joined(written, words, end)
            ):
                end += 1
            yield Name(passage, words[at:end], *_around(written, words, at, end))
        at = max(end, at + 1)


def _has_cue_beside(words: Sequence[Word], at: int) -> bool:
    """Tell whether a name in small letters has a word beside it that could speak for a person."""
    beside = (*words[max(0, at - REACH) : at], *words[at + 1 : at + 1 + REACH])
    return any(word.roles for word in beside)


def _is_led(words: Sequence[Word], at: int) -> bool:
    """Tell whether what people do follows a word, or somebody is asked for in front of it."""
    acts = at + 1 < len(words) and "acting" in words[at + 1].roles
    return acts or (not words[at].text.isupper() and "leading" in words[at - 1].roles)


def _joined(written: str, words: Sequence[Word], at: int) -> bool:
    return written[words[at - 1].end : words[at].start] == " "


def _around(written: str, words: Sequence[Word], first: int, end: int) -> tuple[Sequence[Word], Sequence[Word]]:
    """Give the few words before and behind a name that stand in its sentence."""
    start, last = first, end - 1
    while start > max(0, first - REACH) and (
        not _BREAK.search(written, words[start - 1].end, words[start].start) or _is_shortened(written, words, start)
    ):
        start -= 1
    while last < min(len(words), end + REACH) - 1 and not _BREAK.search(
        written, words[last].end, words[last + 1].start
    ):
        last += 1
    return words[start:first], words[end : last + 1]


def _is_shortened(written: str, words: Sequence[Word], at: int) -> bool:
    """Tell whether the full stop in front of a word is that of a title, such as *Ms. Schneider*."""
    return _TITLE in words[at - 1].roles and written[words[at - 1].end : words[at].start] == ". "
