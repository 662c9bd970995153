"""What every parse mode does alike: one pass over a source, the text written so far, the entities found, the header of a code block.

Called by the modes. Knows none of their marks.
"""

from __future__ import annotations

import re
from typing import Any

from sandbox.telegram.entities.links import checked_link, mentioned_user
from sandbox.telegram.entities.units import utf16_length

Entity = dict[str, Any]

_LANGUAGE = re.compile(r"[^\s`]+(?=\s)")
_NEW_LINE = re.compile(r"\r\n|\n\r|\n|\r")


class Reading:
    """One pass over a source. `units` counts what was written in UTF-16 code units, as entities do."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.position = 0
        self.written: list[str] = []
        self.units = 0
        self.entities: list[Entity] = []

    def result(self) -> tuple[str, list[Entity]]:
        """Give the bare text and the entities in closing order."""
        return "".join(self.written), self.entities

    def write(self, text: str) -> None:
        """Add to the bare text."""
        self.written.append(text)
        self.units += utf16_length(text)

    def code_header(self) -> str:
        """Go past the first line of a code block; answers the language it names, or an empty text."""
        language = _LANGUAGE.match(self.source, self.position)
        if language is not None:
            self.position = language.end()
        line = _NEW_LINE.match(self.source, self.position)
        if line is not None:
            self.position = line.end()
        return language[0] if language is not None else ""


def link_entity(url: str, place: dict[str, int]) -> list[Entity]:
    """Entity for a link: a mention of a user, a text link, or nothing when the address is unusable."""
    user_id = mentioned_user(url)
    if user_id is not None:
        return [{"type": "text_mention", **place, "user_id": user_id}]
    checked = checked_link(url)
    return [{"type": "text_link", **place, "url": checked}] if checked else []
