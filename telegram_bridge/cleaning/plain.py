"""Plain text and tables: contacts are hidden in place, line by line."""

from __future__ import annotations

import re
from collections.abc import Collection

from b24app.domain.masking import mask
from telegram_bridge.cleaning.refusals import NotCleanable, spread

_CARD = re.compile(r"^\s*(?:BEGIN:VCARD|MECARD:)", re.IGNORECASE | re.MULTILINE)
"""What phones keep people as (RFC 6350), and what they read it from a picture as: the name in it is a contact too."""
MOST_CHARACTERS = 4_000_000
"""Ten seconds of searching for an ordinary table, and a bounded time for one made to be slow."""


def clean(content: bytes, names: Collection[str]) -> bytes:
    """Give the text with its contacts hidden. NotCleanable when it is too long to be searched, ValueError when it is not UTF-8."""
    text = content.decode("utf-8")
    if len(text) > MOST_CHARACTERS:
        raise NotCleanable("too_long", "the text is too long to be searched")
    if _CARD.search(text):
        raise NotCleanable("contacts", "the text is somebody's card")
    cleaned = "\n".join(mask(line, names, introductions_too=False).text for line in text.split("\n"))
    if spread(cleaned):
        raise NotCleanable("contacts", "a contact stands in several lines of the text")
    return cleaned.encode()
