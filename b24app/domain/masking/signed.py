"""Finding user names in folded text by the sign that goes with them: `@ivan`, *собака ivan*, *ivan underscore petrov*."""

from __future__ import annotations

import re
from collections.abc import Iterator

from b24app.domain.masking.lexicon import alternation, entries, openings

Found = tuple[int, int, str]

_WORDS = frozenset(entries("ordinary", "words"))
_NAME = r"[a-z][a-z0-9_.]{3,31}"
_NICK, _PLACES, _DOTS = (
    alternation("handles", "nicknames"),
    alternation("handles", "places"),
    alternation("links", "dot"),
)
_LOOKED_FOR = alternation("handles", "looked for")
_TYPED = alternation("introductions", "to be typed")
_OF_FILES = alternation("handles", "parts of files")
SIGN_AND_NAME = 2
_CODES = alternation("handles", "codes")
_LOOKS_MADE = r"(?=[a-z.]*[0-9_]|[a-z]+\.[a-z]{3})"
_SIGNED = (
    re.compile(
        rf"(?<![\w./-])(?!(?:{_CODES}|\d+)_)(?![\w.]*(?<![^\W_])(?:{_OF_FILES})(?![^\W_]))[^\W_]{{2,20}}(?:[_.]{{1,2}}[^\W_]{{1,20}}){{0,3}}_{{1,2}}[^\W_]{{2,20}}_?(?![\w/-]|\.\w|%)"
    ),
    re.compile(rf"(?<!\w)(?:{_PLACES})\W+(?P<name>[a-z][a-z0-9_.]{{2,31}}#\d{{4}})(?!\d)"),
    re.compile(
        rf"(?<!\w)(?:{_LOOKED_FOR})\s*[:—–-]?\s*(?P<name>[^\W\d_][\w']+(?:\s[\w']+){{0,3}})\s*,\s*(?:{_PLACES})(?!\w)"
    ),
    re.compile(rf"(?<!\w)(?P<name>[\w.]{{4,32}})\s+(?:deb|деб)\s+(?:{_TYPED})\s+(?:{_PLACES})(?!\w)"),
    re.compile(r"(?<![\w.])@\s?[a-z][a-z0-9_.]{2,31}"),
    re.compile(
        rf"(?<!\w)(?:{_NICK})\s*[:=—–-]\s*(?P<name>[a-zа-яё][\w.]{{1,20}}(?:\s[\w.]{{1,20}}){{0,3}})(?=\s*(?:[,!;\n]|\.?$))"
    ),
    re.compile(
        rf"(?<!\w)(?:{_PLACES})\W+(?P<name>[a-z][\w-]{{1,20}}(?:\s+(?:{_DOTS})\s+[a-z0-9][\w-]{{1,20}}){{1,3}})(?!\w)"
    ),
    re.compile(rf"(?<!\w)(?:{alternation('handles', 'at signs')})\s+(?:{_NAME}|[а-яё]+_[а-яё0-9_]+)(?!\w)"),
    re.compile(rf"(?<!\w)(?:{alternation('handles', 'at signs that are words')})\s+{_LOOKS_MADE}{_NAME}(?!\w)"),
    re.compile(rf"(?<![\w.])[a-z][a-z0-9.]*\s+(?:{alternation('handles', 'underscores')})\s+[a-z0-9][a-z0-9_.]*"),
)
_OPENINGS = openings("handles", "at signs", "at signs that are words", "underscores", "nicknames", "looked for")
CLUE = re.compile(rf"[@_#]|{_OPENINGS}|{_DOTS}|(?<!\w)(?:deb|деб)(?!\w)")


def find(text: str) -> Iterator[Found]:
    """Give the places of such names, with the sign."""
    for pattern in _SIGNED:
        for found in pattern.finditer(text):
            named = found.groupdict().get("name")
            if named and _WORDS.issuperset(named.split()):
                continue
            said = found[0].split()
            if len(said) == SIGN_AND_NAME and said[-1] in _WORDS:
                continue
            yield *found.span("name" if "name" in pattern.groupindex else 0), "handle"
