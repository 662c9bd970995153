"""Files that employees give on our pages: pictures of banners, what they send in a conversation. Sends nothing.

Called by the services that those pages call; the bytes lie in the files directory already.
"""

from __future__ import annotations

from typing import Protocol

from storage.models import File
from storage.unit_of_work import UnitOfWork


class Given(Protocol):
    """A file whose bytes are kept."""

    @property
    def sha256(self) -> str:
        """The hash under which they lie."""

    @property
    def size(self) -> int:
        """How many they are."""

    @property
    def mime(self) -> str:
        """The kind, told by content."""

    @property
    def name(self) -> str:
        """A name safe to show."""


def remember(uow: UnitOfWork, given: Given, owner: str) -> File:
    """Keep the row of a file; `owner` says what it belongs to."""
    file = File(owner=owner, name=given.name, mime=given.mime, size=given.size, sha256=given.sha256, created_at=uow.now)
    uow.session.add(file)
    uow.session.flush()
    return file
