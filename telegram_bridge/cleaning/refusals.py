"""Why a file cannot be made safe without a person."""

from __future__ import annotations

from collections.abc import Collection

from b24app.domain.masking import mask

MOST_CHARACTERS = 400_000


class NotCleanable(Exception):
    """The file stays with the employees; `reason` is one of `b24app.domain.messages.HELD_REASONS`, the text says more to the log."""

    def __init__(self, reason: str, text: str) -> None:
        self.reason = reason
        super().__init__(text)


def refuse_contacts(text: str, names: Collection[str]) -> None:
    """Raise NotCleanable when a document's words hold a contact, or are too many to be searched."""
    if len(text) > MOST_CHARACTERS:
        raise NotCleanable("too_long", "the document is too long to be searched")
    if any(mask(line, names, introductions_too=False).hidden for line in text.splitlines()):
        raise NotCleanable("contacts", "contacts were found inside the document")
