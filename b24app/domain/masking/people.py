"""Finding people by their given names, in whatever alphabet or case: a list of names, and what stands around each.

A name of the list with a capital is hidden when it comes with a surname, a title, somebody to ask for, a post, or signs the message. It
stays where somebody is addressed by it, and beside goods: models and colours bear people's names in this trade.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from b24app.domain.masking.lexicon import Roles, entries

Found = tuple[int, int, str]

_PEOPLES = (
    "uzbek",
    "kazakh kyrgyz tajik",
    "russian",
    "english german european",
    "turkish arabic persian",
    "chinese korean",
)
_ROLES = Roles("people", ("honorifics", "leading", "goods", "greeting", "partings"))
_CYRILLIC = dict(zip("абвгғдеёжзийкқлмнопрстуўфхҳцчшщъыьэюя", (
    "a", "b", "v", "g", "g", "d", "e", "yo", "j", "z", "i", "i", "k", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "o", "f", "h", "h",
    "ts", "ch", "sh", "sh", "", "i", "", "e", "yu", "ya",
), strict=True))  # fmt: skip
_LATIN = {"ı": "i", "ş": "sh", "ç": "ch", "ğ": "g", "ö": "o", "ü": "u", "ä": "a", "é": "e", "á": "a", "í": "i", "ó": "o"}
_MARKS = dict.fromkeys("'ʻʼ’‘`-", "")
_LETTERS = str.maketrans(_CYRILLIC | _LATIN | _MARKS)
_SOUNDS = (("kh", "h"), ("x", "h"), ("q", "k"), ("w", "v"), ("zh", "j"), ("dj", "j"), ("ph", "f"), ("y", "i"), ("ie", "e"))
_TWICE = re.compile(r"(.)\1")
_CASES = re.compile(
    r"(?:jon|bek|hon|oi|gul)?(?:imiz|im)?(?:ga|ni|ning|dan|da|man)?$|(?:a|u|e|i|ia|iu|oi|ei|om|em|oiu|eiu|ami)$"
)
SHORTEST_STEM = 3
_WORD = re.compile(r"[^\W\d_]+(?:['ʻʼ’‘`-][^\W\d_]+)*")
_CAPITALISED = re.compile(r"(?<!\w)(?=[^\W\d_a-zа-яё])[^\W\d_]+(?:['ʻʼ’‘`-][^\W\d_]+)*")
_REACH = 3


def sound(word: str) -> str:
    """Give a word as it sounds, the same for every alphabet and most spellings."""
    plain = word.lower().translate(_LETTERS)
    for written, heard in _SOUNDS:
        plain = plain.replace(written, heard)
    return _TWICE.sub(r"\1", plain)


def _stem(heard: str) -> str:
    return heard[:-1] if heard[-1:] in {"a", "i", "o"} and len(heard) > SHORTEST_STEM else heard


_WHOLE = frozenset(sound(name) for people in _PEOPLES for name in entries("people", people))
_STEMS = frozenset(_stem(heard) for heard in _WHOLE)
_SURNAME = re.compile(
    rf"\w{{2,}}(?:{'|'.join(entries('people', 'surname endings'))})(?:a|u|im|oi|om|ga|ni|ning|dan)?$"
)


@lru_cache(maxsize=4096)
def _is_given(word: str) -> bool:
    heard = sound(word)
    if heard in _WHOLE:
        return True
    endings = {heard[: found.start()] for found in _CASES.finditer(heard)}
    return any(len(stem) >= SHORTEST_STEM and (stem in _STEMS or stem in _WHOLE) for stem in endings)


@lru_cache(maxsize=4096)
def _is_surname(word: str) -> bool:
    return _SURNAME.match(sound(word)) is not None


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    text: str

    @property
    def roles(self) -> frozenset[str]:
        return _ROLES.of(self.text.lower().translate(_APOSTROPHES))

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()


_APOSTROPHES = str.maketrans("ʻʼ’‘`", "'''''")


def find(written: str, *, near_contact: bool) -> Iterator[Found]:
    """Give the places of people's names in a text as it was written; with a contact in it, any name but an addressee's counts."""
    if not any(_is_given(word) for word in _CAPITALISED.findall(written)):
        return
    words = [_Word(*word.span(), word[0]) for word in _WORD.finditer(written)]
    at = 0
    while at < len(words):
        last = _last_of_name(written, words, at)
        if last is None:
            at += 1
            continue
        if _is_told(written, words, at, last, near_contact=near_contact):
            titled = last + 1 < len(words) and _beside(written, words, last + 1) and "honorifics" in words[last + 1].roles
            yield words[at].start, words[last + titled].end, "name"
        at = last + 1


def _last_of_name(written: str, words: Sequence[_Word], first: int) -> int | None:
    """Give where the name that begins with a word ends: given names and surnames beside each other, one of them given."""
    last = first
    while last < len(words) and _is_part(words[last]) and (last == first or _beside(written, words, last)):
        last += 1
    known = any(_is_given(word.text) for word in words[first:last])
    return last - 1 if known else None


def _is_part(word: _Word) -> bool:
    return len(word.text) > 1 and word.capital and (_is_given(word.text) or _is_surname(word.text))


def _beside(written: str, words: Sequence[_Word], at: int) -> bool:
    return written[words[at - 1].end : words[at].start] == " "


def _is_told(written: str, words: Sequence[_Word], first: int, last: int, *, near_contact: bool) -> bool:
    before, behind = _around(written, words, first, last)
    if _names_goods(written, words, first, last, before, behind):
        return False
    titled = any("honorifics" in word.roles for word in (*before[-1:], *behind[:1]))
    if _is_addressed(written, words, first, last, before, behind):
        return False
    led = any("leading" in word.roles for word in (*before, *behind))
    return first < last or titled or led or near_contact or _signs(written, words, first, last)


def _around(
    written: str, words: Sequence[_Word], first: int, last: int
) -> tuple[Sequence[_Word], Sequence[_Word]]:
    """Give the few words before and behind a name that stand in its sentence."""
    start, end = first, last
    while start > max(0, first - _REACH) and not _BREAK.search(written, words[start - 1].end, words[start].start):
        start -= 1
    while end < min(len(words) - 1, last + _REACH) and not _BREAK.search(written, words[end].end, words[end + 1].start):
        end += 1
    return words[start:first], words[last + 1 : end + 1]


_BREAK = re.compile(r"[\n.!?;](?:\s|$)|\n")
_QUOTES = frozenset("«»“”„\"")


def _names_goods(
    written: str, words: Sequence[_Word], first: int, last: int, before: Sequence[_Word], behind: Sequence[_Word]
) -> bool:
    quoted = written[words[first].start - 1 : words[first].start] in _QUOTES and words[first].start > 0
    goods = any("goods" in word.roles for word in (*before[-1:], *behind[:1]))
    return quoted or goods or _is_listed(written, words[first].start)


def _is_listed(written: str, at: int) -> bool:
    """Tell whether a name stands in a list of goods: *models: Anna, Vera*."""
    sentence = _BREAK.split(written[:at])[-1]
    head, listed, _ = sentence.rpartition(":")
    return bool(listed) and any("goods" in _ROLES.of(word) for word in _WORD.findall(head.lower())[-2:])


def _is_addressed(
    written: str, words: Sequence[_Word], first: int, last: int, before: Sequence[_Word], behind: Sequence[_Word]
) -> bool:
    """Tell whether somebody is spoken to by this name: *Anna, …* or *Hello, Anna aka!*, but not *Anna, manager*."""
    rest = behind[1:] if behind and "honorifics" in behind[0].roles else behind
    end = behind[0].end if len(rest) < len(behind) else words[last].end
    opens = all("greeting" in word.roles or "honorifics" in word.roles for word in before)
    introduced = bool(rest) and "leading" in rest[0].roles
    closes = end >= len(written.rstrip()) or written[end : end + 1] in {",", "!", ".", "?", "\n", ")"}
    greeted = bool(before) and opens
    calls = greeted or written[end : end + 1] in {",", "!"}
    return opens and closes and calls and not introduced


def _signs(written: str, words: Sequence[_Word], first: int, last: int) -> bool:
    """Tell whether a name closes the message: behind words of parting, or alone in its last line or sentence."""
    if written[words[last].end :].strip(" .!)"):
        return False
    parted = any("partings" in word.roles for word in words[max(0, first - 2) : first])
    lead = written[: words[first].start].rstrip(" —–-~")
    return parted or (bool(lead) and (lead[-1] in ".\n" or (lead[-1] in "!?" and first > 2)))
