"""Finding user names in folded text by the sign that goes with them: `@ivan`, *собака ivan*, *ivan underscore petrov*."""

from __future__ import annotations

import re
from collections.abc import Iterator

from b24app.domain.masking.lexicon import alternation, openings

Found = tuple[int, int, str]

_NAME = r"[a-z][a-z0-9_.]{3,31}"
_LOOKS_MADE = r"(?=[a-z.]*[0-9_]|[a-z]+\.[a-z]{3})"
_SIGNED = (
    re.compile(r"(?<![\w.])@\s?[a-z][a-z0-9_.]{2,31}"),
    re.compile(rf"(?<!\w)(?:{alternation('handles', 'at signs')})\s+(?:{_NAME}|[а-яё]+_[а-яё0-9_]+)(?!\w)"),
    re.compile(rf"(?<!\w)(?:{alternation('handles', 'at signs that are words')})\s+{_LOOKS_MADE}{_NAME}(?!\w)"),
    re.compile(rf"(?<![\w.])[a-z][a-z0-9.]*\s+(?:{alternation('handles', 'underscores')})\s+[a-z0-9][a-z0-9_.]*"),
)
CLUE = re.compile(rf"@|{openings('handles', 'at signs', 'at signs that are words', 'underscores')}")


def find(text: str) -> Iterator[Found]:
    """Give the places of such names, with the sign."""
    for pattern in _SIGNED:
        for found in pattern.finditer(text):
            yield *found.span(), "handle"
