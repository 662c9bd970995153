"""Why a file cannot be made safe without a person."""

from __future__ import annotations

from collections.abc import Collection

from b24app.domain.masking import mask

MOST_CHARACTERS = 400_000


class NotCleanable(Exception):
    """The file stays with the employees; the text says why."""


def refuse_contacts(text: str, names: Collection[str]) -> None:
    """Raise NotCleanable when a document's words hold a contact, or are too many to be searched."""
    if len(text) > MOST_CHARACTERS:
        raise NotCleanable("the document is too long to be searched")
    if any(mask(line, names).hidden for line in text.splitlines()):
        raise NotCleanable("contacts were found inside the document")
