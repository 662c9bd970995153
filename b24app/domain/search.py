"""Words as searching sees them: one Latin spelling for Cyrillic and Latin, tolerant of typing errors. Pure.

The folding is not a transliteration to read: it maps what people spell differently (kh, x, ҳ; oʻ, o'; zh, j, ж) onto one letter.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_CYRILLIC = str.maketrans(
    {
        **dict(zip("абвгдезийклмнопрстуфыэқғҳў", "abvgdeziyklmnoprstufiekgho", strict=True)),
        "ё": "e",
        "ж": "j",
        "х": "h",
        "ц": "s",
        "ч": "ch",
        "ш": "sh",
        "щ": "sh",
        "ъ": "",
        "ь": "",
        "ю": "yu",
        "я": "ya",
    }
)
_SAME = (("shch", "sh"), ("kh", "h"), ("zh", "j"), ("ph", "f"), ("ts", "s"), ("yo", "e"), ("ye", "e"), ("ck", "k"))
_LETTERS = str.maketrans({"q": "k", "w": "v", "ı": "i"})
_APOSTROPHES = re.compile("[ʻʼ‘’`´'′]")
_WORD = re.compile(r"[a-z0-9]+")
_HARD_C = re.compile(r"c(?!h)")
_TWICE = re.compile(r"([a-z])\1+")
SHORTEST = 2
LONGEST = 40
GOES_ON = 6
"""From this length on a mistyped word may be the beginning of a longer one; of a shorter it would be alike to too much."""
EXACT, BEGINS, ALIKE = 3, 2, 1


def fold(text: str, *, x: str = "h", c: str = "k") -> str:
    """Give a text in the one spelling, lower case, with anything but letters and digits as blanks.

    Latin x and c sound differently in Uzbek, English and brand names: `x` and `c` say what they are taken for.
    """
    letters = _APOSTROPHES.sub("", text.lower()).translate(_CYRILLIC)
    plain = "".join(c for c in unicodedata.normalize("NFKD", letters) if not unicodedata.combining(c))
    for written, meant in _SAME:
        plain = plain.replace(written, meant)
    plain = _HARD_C.sub(c, plain.replace("x", x)).translate(_LETTERS)
    return " ".join(_WORD.findall(_TWICE.sub(r"\1", plain)))


def words(text: str) -> list[str]:
    """Give the different folded words of a text in their order, without single letters."""
    found = (word[:LONGEST] for word in fold(text).split())
    return list(dict.fromkeys(word for word in found if len(word) >= SHORTEST))


def spellings(text: str) -> list[str]:
    """Give the words of a text in every spelling in which they may be looked for: textile as tehtile and tekstile."""
    ways = [(x, c) for x in ("h", "ks") for c in ("k", "s")]
    found = (word[:LONGEST] for x, c in ways for word in fold(text, x=x, c=c).split())
    return list(dict.fromkeys(word for word in found if len(word) >= SHORTEST))


def trigrams(word: str) -> list[str]:
    """Give the pieces of three letters of a folded word, its beginning and end marked by blanks."""
    padded = f" {word} "
    return sorted({padded[at : at + 3] for at in range(len(padded) - 2)})


def opening(word: str) -> list[str]:
    """Give those pieces of a folded word that are in every word that begins with it."""
    return [piece for piece in trigrams(word) if not piece.endswith(" ")]


@lru_cache(maxsize=50_000)
def _pieces(word: str) -> frozenset[str]:
    return frozenset(trigrams(word))


def likeness(asked: str, word: str) -> int:
    """Tell how well a word answers what was typed: EXACT, BEGINS, ALIKE (a typing error or two) or 0. Both are folded."""
    if word == asked:
        return EXACT
    if word.startswith(asked):
        return BEGINS
    errors = errors_allowed(asked)
    if not errors:
        return 0
    if errors == 1:
        return ALIKE if _one_error(asked, word, goes_on=len(asked) >= GOES_ON) else 0
    # An error spoils four pieces at most, and the end of a word that goes on another one: most words are told apart by that alone.
    pieces = _pieces(asked)
    if len(pieces & _pieces(word)) < len(pieces) - 4 * errors - 1:
        return 0
    row = _distances(asked, word[: len(asked) + errors + 1], errors)
    # The beginning of a long word may be mistyped too.
    ends = range(len(asked) - errors, len(asked) + errors + 1)
    return ALIKE if any(end < len(row) and row[end] <= errors for end in ends) else 0


@lru_cache(maxsize=1_000)
def errors_allowed(asked: str) -> int:
    """Tell how many typing errors a folded word may hold: none in a number or a short word, which would be alike to too much."""
    if len(asked) < 4 or any(c.isdigit() for c in asked):
        return 0
    return 1 if len(asked) < 8 else 2


def _one_error(asked: str, word: str, *, goes_on: bool) -> bool:
    """Tell whether one letter left out, added, changed or swapped with its neighbour makes a word of what was typed, or its beginning.

    Most of what a search looks at is judged here: by comparing what follows the first difference.
    """
    at = 0
    for mine, theirs in zip(asked, word, strict=False):
        if mine != theirs:
            break
        at += 1
    changed, added, left_out = (asked[at + 1 :], at + 1), (asked[at:], at + 1), (asked[at + 1 :], at)
    ways = [changed, added, left_out]
    if asked[at : at + 2] == word[at : at + 2][::-1]:
        ways.append((asked[at + 2 :], at + 2))
    if goes_on:
        return any(word.startswith(rest, start) for rest, start in ways)
    return any(word[start:] == rest for rest, start in ways)


def _distances(a: str, b: str, errors: int) -> list[int]:
    """Give for every beginning of `b` how many letters of `a` were left out, added, changed or swapped with a neighbour.

    An empty list as soon as there are more than `errors` everywhere.
    """
    far = errors + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        # Whatever lies further from the diagonal took more errors than that to get there.
        first, last = max(1, i - errors), min(len(b), i + errors)
        oldest, before, row = before, row, [far] * (len(b) + 1)
        row[0] = nearest = min(i, far)
        for j in range(first, last + 1):
            y = b[j - 1]
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, oldest[j - 2] + 1)
            row[j] = cost
            nearest = min(nearest, cost)
        if nearest > errors:
            return []
    return row
