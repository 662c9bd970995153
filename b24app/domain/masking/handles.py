"""Finding user names of messengers and networks in folded text, by weighing what speaks for each word.

A word is taken for a user name by its make (`ivan_petrov`, `north.style`, `sergey77`, Latin among Cyrillic) and by its neighbours: a
messenger, a word such as *nick* or *my*, an invitation to search or write. One sign alone hides nothing, unless it is @ itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from b24app.domain.masking.lexicon import Roles, alternation, entries, lists

Found = tuple[int, int, str]

ENOUGH = 3
ONLY_BOTH = 2
_PLACE, _NICK, _NAMING, _SEEKING, _ORDINARY = "places", "nicknames", "naming", "seeking", "ordinary"
_OWNING, _BEING, _LINKING = "owning", "being", "linking"
_WHERE = frozenset((_PLACE, "accounts", _NICK))
_NETWORKS = frozenset((_PLACE, _NICK))
_LEADING = _WHERE | {_SEEKING}
_ROLES = Roles(lists("handles", (*_WHERE, _NAMING, _OWNING, _BEING, _LINKING, _SEEKING, _ORDINARY)))

_WORDS = frozenset(entries("ordinary", "words"))
_WORD = re.compile(r"[^\W_][\w.'-]*[^\W]|\w")
_NAME = re.compile(r"[a-z][a-z0-9_.-]{3,31}")
_FILES, _CODES = alternation("links", "files"), alternation("handles", "codes")
_MADE = re.compile(
    rf"(?!(?:{_CODES})[\d_])(?:[a-z0-9.]+_[a-z0-9_.]+|[a-z]{{2,28}}(?:\.(?!(?:{_FILES})$)[a-z]{{2,28}})+|[a-z.]{{3,28}}\d{{1,6}}|[a-z]{{2,20}}(?:-[a-z0-9]{{2,20}}){{2,4}})(?<!\.)"
)
_ENGLISH = re.compile(r"(?:ing|ed|ly|able|ful|ous|ment|ness|tion)$")
_BREAK = re.compile(r"\n|[.!?](?=\s)")
_SIGN = re.compile(r"\s*[:=–—-]+\s*")
_REACH = 10


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    text: str
    roles: frozenset[str]


def is_clue(word: str) -> bool:
    """Tell whether a word between spaces leads to user names."""
    return not _LEADING.isdisjoint(_ROLES.of_any(_WORD.findall(word)))


def find(text: str) -> Iterator[Found]:
    """Give the places of user names."""
    words = [_Word(*word.span(), word[0], _ROLES.of(word[0])) for word in _WORD.finditer(text)]
    foreign = _is_cyrillic(text)
    for at, word in enumerate(words):
        if _is_candidate(text, word) and _weight(text, words, at, foreign=foreign) >= ENOUGH:
            yield word.start, _end(text, words, at, foreign=foreign), "handle"


def _end(text: str, words: Sequence[_Word], at: int, *, foreign: bool) -> int:
    """Give where a name ends: in a sentence of the other alphabet it goes on as long as its words do."""
    while (
        foreign
        and at + 1 < len(words)
        and _is_candidate(text, words[at + 1])
        and text[words[at].end : words[at + 1].start] == " "
    ):
        at += 1
    return words[at].end


def _is_cyrillic(text: str) -> bool:
    return sum("а" <= mark <= "я" for mark in text) * 2 > sum("a" <= mark <= "z" for mark in text)


def _is_candidate(text: str, word: _Word) -> bool:
    alone = text[word.start - 1 : word.start] not in {"/", "@", "."} and text[word.end : word.end + 1] not in {"/", "@"}
    return alone and not word.roles and word.text not in _WORDS and _NAME.fullmatch(word.text) is not None


def _weight(text: str, words: Sequence[_Word], at: int, *, foreign: bool) -> int:
    made = 2 if _MADE.fullmatch(words[at].text) else 1 if foreign else 0
    where = _WHERE if made else _NETWORKS
    before = _said_before(text, words, at, where)
    behind = _said_behind(text, words, at, where)
    if before + behind == 0 or (not made and _ENGLISH.search(words[at].text)):
        return 0
    return made + before + behind


def _said_before(text: str, words: Sequence[_Word], at: int, where: frozenset[str]) -> int:
    """Weigh the words that lead to this one: a messenger most, with a stroke or a naming word between even more."""
    weight, direct, named, is_so, asked, placed = 0, True, len(words) == ONLY_BOTH, False, False, False
    for number in range(at - 1, max(-1, at - 1 - _REACH), -1):
        word, following = words[number], words[number + 1]
        if _BREAK.search(text, word.end, following.start):
            break
        if direct:
            named = named or _NAMING in word.roles or _SIGN.fullmatch(text, word.end, following.start) is not None
            is_so = is_so or _BEING in word.roles
        asked = asked or _SEEKING in word.roles or _OWNING in word.roles
        if word.roles & where:
            placed = True
            owned = number > 0 and _OWNING in words[number - 1].roles
            named = named or (direct and owned)
            weight = max(weight, _weight_of_place(word) if direct else 1)
        elif _SEEKING in word.roles:
            weight = max(weight, 1)
        direct = direct and bool(word.roles - {_ORDINARY})
    return weight + int(placed and (named or is_so))


def _weight_of_place(word: _Word) -> int:
    return 3 if _NICK in word.roles else 2 if _PLACE in word.roles else 1


def _said_behind(text: str, words: Sequence[_Word], at: int, where: frozenset[str]) -> int:
    """Weigh the words that this one leads to: `… on telegram`, `… deb yozing`."""
    weight, direct = 0, True
    for number in range(at + 1, min(len(words), at + 1 + _REACH)):
        word, previous = words[number], words[number - 1]
        if _BREAK.search(text, previous.end, word.start):
            break
        if word.roles & where:
            joined = direct and number > at + 1 and bool(word.roles & _NETWORKS)
            weight = max(weight, 2 if joined else 1)
        elif _NAMING in word.roles and number == at + 1:
            weight = max(weight, 1)
        direct = direct and bool(word.roles - {_ORDINARY})
    return weight
