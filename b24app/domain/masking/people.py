"""Finding people by their given names: which words are names, `sounds` tells; what stands around them decides.

A name with a capital is hidden when it comes with a surname, a title, somebody to ask for, a post, a contact, or signs the message. It
stays where somebody is addressed by it, and beside goods: models and colours bear people's names in this trade.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from b24app.domain.masking.lexicon import Roles, lists
from b24app.domain.masking.sounds import is_brand, is_given, is_surname

Found = tuple[int, int, str]

_TITLE, _LEADING, _GOODS, _GREETING, _PARTING = "honorifics", "leading", "goods", "greeting", "partings"
_ROLES = Roles(lists("people", (_TITLE, _LEADING, _GOODS, _GREETING, _PARTING)))
_APOSTROPHES = str.maketrans("ʻʼ’‘`", "'''''")
_SPELLED = r"[^\W\d_]+(?:['ʻʼ’‘`-][^\W\d_]+)*"
_WORD = re.compile(_SPELLED)
_CAPITALISED = re.compile(rf"(?<!\w)(?=[^\W\d_a-zа-яё]){_SPELLED}")
_BREAK = re.compile(r"[\n.!?;](?:\s|$)|\n")
_QUOTES = frozenset('«»“”„"')
_CLOSING = frozenset(",!.?)\n")
SHORTEST_SURNAME = 2
_REACH = 3
"""How many words on either side are looked at."""


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    text: str

    @property
    def roles(self) -> frozenset[str]:
        return _ROLES.of(self.text.lower().translate(_APOSTROPHES))

    @property
    def may_be_name(self) -> bool:
        return len(self.text) > 1 and self.text[0].isupper() and (is_given(self.text) or is_surname(self.text))

    @property
    def may_be_surname(self) -> bool:
        """Behind a given name any word with a capital is one, unless it has a part of its own."""
        return (
            len(self.text) > SHORTEST_SURNAME and self.text[0].isupper() and self.text[1:].islower() and not self.roles
        )


@dataclass(frozen=True, slots=True)
class _Name:
    """Given names and surnames beside each other, and the few words of the sentence around them."""

    written: str
    words: Sequence[_Word]
    before: Sequence[_Word]
    behind: Sequence[_Word]

    @property
    def start(self) -> int:
        return self.words[0].start

    @property
    def end(self) -> int:
        """Where the name ends, with the title that follows it."""
        return self.behind[0].end if self._is_titled_behind else self.words[-1].end

    @property
    def _is_titled_behind(self) -> bool:
        return bool(self.behind) and _TITLE in self.behind[0].roles

    @property
    def speaks_for_itself(self) -> bool:
        """Tell whether a surname, a title, somebody to ask for or a place at the end makes a person of it."""
        titled = self._is_titled_behind or any(_TITLE in word.roles for word in self.before[-1:])
        led = any(_LEADING in word.roles for word in (*self.before, *self.behind))
        return len(self.words) > 1 or titled or led or self._signs

    @property
    def is_of_goods(self) -> bool:
        """Tell whether goods are called so: in quotation marks, beside a model or a colour, in a list of them."""
        quoted = self.start > 0 and self.written[self.start - 1] in _QUOTES
        goods = any(_GOODS in word.roles for word in (*self.before[-1:], *self.behind[:1]))
        head, listed, _ = _BREAK.split(self.written[: self.start])[-1].rpartition(":")
        in_list = bool(listed) and any(_GOODS in _ROLES.of(word) for word in _WORD.findall(head.lower())[-2:])
        return quoted or goods or in_list

    @property
    def is_addressed(self) -> bool:
        """Tell whether somebody is spoken to by it: *Anna, …* or *Hello, Anna aka!*, but not *Anna, manager*."""
        rest = self.behind[1:] if self._is_titled_behind else self.behind
        next_mark = self.written[self.end : self.end + 1]
        opens = all(word.roles & {_GREETING, _TITLE} for word in self.before)
        closes = not self.written[self.end :].strip() or next_mark in _CLOSING
        calls = (bool(self.before) and opens) or next_mark in {",", "!"}
        introduced = bool(rest) and _LEADING in rest[0].roles
        return opens and closes and calls and not introduced

    @property
    def _signs(self) -> bool:
        """Tell whether it closes the message: behind words of parting, or alone in the last line or sentence."""
        if self.written[self.words[-1].end :].strip(" .!)"):
            return False
        parted = any(_PARTING in word.roles for word in self.before[-2:])
        return parted or self.written[: self.start].rstrip(" —–-~")[-1:] in {".", "\n"}


def find(written: str, *, near_contact: bool) -> Iterator[Found]:
    """Give the places of people's names in a text as it was written; with a contact in it, any name but an addressee's counts."""
    if not any(is_given(word) for word in _CAPITALISED.findall(written)):
        return
    for name in _names(written):
        if (near_contact or name.speaks_for_itself) and not name.is_of_goods and not name.is_addressed:
            yield name.start, name.end, "name"


def _names(written: str) -> Iterator[_Name]:
    words = [_Word(*word.span(), word[0]) for word in _WORD.finditer(written)]
    at = 0
    while at < len(words):
        end = at
        while end < len(words) and words[end].may_be_name and (end == at or _are_beside(written, words, end)):
            end += 1
        if at < end < len(words) and words[end].may_be_surname and _are_beside(written, words, end):
            end += 1
        texts = [word.text for word in words[at:end]]
        if any(is_given(text) for text in texts) and not is_brand(texts):
            yield _Name(written, words[at:end], *_around(written, words, at, end))
        at = max(end, at + 1)


def _are_beside(written: str, words: Sequence[_Word], at: int) -> bool:
    return written[words[at - 1].end : words[at].start] == " "


def _around(written: str, words: Sequence[_Word], first: int, end: int) -> tuple[Sequence[_Word], Sequence[_Word]]:
    """Give the few words before and behind a name that stand in its sentence."""
    start, last = first, end - 1
    while start > max(0, first - _REACH) and not _BREAK.search(written, words[start - 1].end, words[start].start):
        start -= 1
    while last < min(len(words), end + _REACH) - 1 and not _BREAK.search(
        written, words[last].end, words[last + 1].start
    ):
        last += 1
    return words[start:first], words[end : last + 1]
