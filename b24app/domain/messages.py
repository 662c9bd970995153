"""What of a message the other side may get before contacts are open, and how its copies add up. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from b24app.domain.markup import escape_codes, to_plain
from b24app.domain.masking import MARK, mask

FILE_KINDS = frozenset({"photo", "video", "voice", "audio", "document", "animation", "sticker", "video_note"})
HELD_KINDS = frozenset({"video", "audio", "document", "animation", "contact"})
"""Kinds whose content, name or metadata may tell who sends: held for an employee while contacts are hidden."""

_WORST_FIRST = ("failed", "uncertain", "sent", "delivered")


@dataclass(frozen=True)
class Shown:
    """What others see: `text` with BB codes; `hidden` tells that something was taken out; `held` that the file stays back."""

    text: str
    hidden: bool
    held: bool


def shown_to_others(kind: str, text: str, *, masked: bool, names: Collection[str] = ()) -> Shown:
    """Give what the other side sees of a message. A text in which something is hidden loses its formatting with it."""
    if not masked:
        return Shown(text, False, False)
    if kind == "contact":
        return Shown(MARK, True, True)
    found = mask(to_plain(text), names)
    return Shown(escape_codes(found.text) if found.hidden else text, found.hidden, kind in HELD_KINDS)


def worst_state(states: Iterable[str]) -> str:
    """Give the state of a message from those of its copies: the worst counts; `sent` while there are none."""
    known = set(states)
    return next((state for state in _WORST_FIRST if state in known), "sent")
