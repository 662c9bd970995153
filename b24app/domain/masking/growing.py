"""Letting a contact that was found take in what belongs to it: words for signs, parts before a stroke, the figures next to it.

Called on what the finders gave, in folded text: they may be sure of a part only, `belov dot ivan` before `@mail.ru`, say. Pure.
"""

from __future__ import annotations

import re

from b24app.domain.masking.lexicon import alternation

Found = tuple[int, int, str]

_LETTERS = alternation("links", "letters told")
_AGAIN = "double|triple|дважды|трижды"
_SIGN_WORDS = alternation("links", "dot", "stroke", "other signs")
_PART = r"[\w.+-]{1,63}"
_NAME_BEFORE = re.compile(
    rf"(?:(?<!\w){_PART}\s+(?:{_SIGN_WORDS})\s+|(?<![\w.]){_PART}(?:[/_@-]\s?|:)|(?:(?<!\w)(?:[a-z]|{_LETTERS})\s){{2,}})$"
)
_NAME_BEHIND = re.compile(rf"\s+(?:{_SIGN_WORDS})\s+{_PART}|[-/._@:]{_PART}(?:[/.-]{_PART})*")
_CODE_BEFORE = r"(?:код\w*|code|kod\w*)\s*\+?\(?\d{2,4}\)?[,;\s]+(?:номер\w*|number|nomer\w*|raqam\w*|рақам\w*)?\s*"
_FIGURES_BEFORE = re.compile(
    rf"(?<!\w)(?:(?:\+|plus|плюс|plyus|0)\s*|imo\s+|(?:{_AGAIN})\s+|{_CODE_BEFORE}|[^\W\d_]{{3,5}}\d{{2,4}}[ -])$"
)
_FIGURES_BEHIND = re.compile(r"[\s.-]{0,2}\d{0,2}[oо]\d{0,2}(?!\w)|[\s.-]?(?:доб|ext|вн)\.?\s*\d{1,5}(?!\w)")
_REACH = 100
_MOST_STEPS = 4


def grown(text: str, start: int, end: int, kind: str) -> Found:
    """Give the contact with what belongs to it."""
    if kind == "phone":
        before, behind = _FIGURES_BEFORE, _FIGURES_BEHIND
    elif kind in {"email", "link", "handle"}:
        before, behind = _NAME_BEFORE, _NAME_BEHIND
    else:
        return start, end, kind
    for _ in range(_MOST_STEPS):
        left = before.search(text, max(0, start - _REACH), start)
        right = behind.match(text, end, end + _REACH)
        if not left and not right:
            break
        start, end = left.start() if left else start, right.end() if right else end
    return start, end, kind
