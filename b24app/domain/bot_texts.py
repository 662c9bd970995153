"""What another wording of a text must keep to be said in its place: named places, markup, every plural form. Pure.

Called by `services.bot_texts` when an administrator saves a wording, and again before it is used.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from string import Formatter

LONGEST = 1000
_TAG = re.compile(r"</?[a-z]+>")


def places(text: str) -> frozenset[str] | None:
    """Give the names in braces of a text, None when its braces cannot be filled: unbalanced, doubled, with a format or an index."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        return None
    if any("{" in literal or "}" in literal or shape or conversion for literal, _, shape, conversion in parts):
        return None
    names = frozenset(name for _, name, _, _ in parts if name is not None)
    return names if all(name.isidentifier() for name in names) else None


def markup(text: str) -> tuple[str, ...] | None:
    """Give the tags of a text in their order, None when a sign of markup stands alone and Telegram would refuse the message."""
    return None if set(_TAG.sub("", text)) & set("<>&") else tuple(_TAG.findall(text))


def faults(standard: Sequence[str], wording: Sequence[str]) -> list[str]:
    """Name what is wrong with a wording, form by form: forms, empty, too_long, places, markup; an empty list when it may be said."""
    if len(standard) != len(wording):
        return ["forms"]
    found: list[str] = []
    for usual, given in zip(standard, wording, strict=True):
        if not given.strip():
            found.append("empty")
        elif len(given) > LONGEST:
            found.append("too_long")
        elif places(given) != places(usual):
            found.append("places")
        elif markup(given) != markup(usual):
            found.append("markup")
    return list(dict.fromkeys(found))


def pieces(text: str) -> list[tuple[str, str]]:
    """Cut a text at its tags into (name of the innermost open tag or nothing, words), for showing it as Telegram does."""
    found, open_tags, at = [], [""], 0
    for tag in _TAG.finditer(text):
        found.append((open_tags[-1], text[at : tag.start()]))
        name, at = tag.group().strip("</>"), tag.end()
        if not tag.group().startswith("</"):
            open_tags.append(name)
        elif len(open_tags) > 1:
            open_tags.pop()
    return [piece for piece in (*found, (open_tags[-1], text[at:])) if piece[1]]
