"""Why a file cannot be made safe without a person."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import pairwise

from b24app.domain.masking import mask
from b24app.domain.masking.lexicon import alternation

MOST_CHARACTERS = 400_000
_BETWEEN = r"[\s().-]*"
_ABROAD = "|".join(_BETWEEN.join(code) for code in ("998", "996", "995", "994", "993", "992", "380", "375"))
_OVER_LINES = re.compile(rf"\+{_BETWEEN}(?:(?:{_ABROAD})(?:{_BETWEEN}\d){{9}}|7(?:{_BETWEEN}\d){{10}})(?!\d)")
"""A number with the code of a country of this region, whose parts stand in cells or lines of their own."""
_LABEL = re.compile(
    rf"(?i:(?:{alternation('handles', 'places', 'nicknames')}|тел|телефон|моб|phone|tel|mobile|e-?mail|почта)\W*)"
)
"""What stands alone in a cell or a line in front of a contact."""


class NotCleanable(Exception):
    """The file stays with the employees; `reason` is one of `b24app.domain.messages.HELD_REASONS`, the text says more to the log."""

    def __init__(self, reason: str, text: str) -> None:
        self.reason = reason
        super().__init__(text)


def refuse_contacts(text: str, names: Collection[str]) -> None:
    """Raise NotCleanable when a document's words hold a contact, or are too many to be searched."""
    if len(text) > MOST_CHARACTERS:
        raise NotCleanable("too_long", "the document is too long to be searched")
    lines = [line for line in text.splitlines() if line.strip()]
    if any(mask(line, names, introductions_too=False).hidden for line in (*lines, *_labelled(lines))) or spread(text):
        raise NotCleanable("contacts", "contacts were found inside the document")


def _labelled(lines: Sequence[str]) -> list[str]:
    """Give what stands behind a label together with it: *Telegram* in one cell, the name in the next."""
    return [f"{label.strip()}: {line}" for label, line in pairwise(lines) if _LABEL.fullmatch(label.strip())]


def spread(text: str) -> bool:
    """Tell whether a number to be dialled is spread over several lines."""
    return _OVER_LINES.search(text) is not None
