"""Keeps pictures that managers show to everybody: told by content, of a size for telephones, without what tells who took them.

Called by the composition root on behalf of the pages; knows nothing of what a picture is for.
"""

from __future__ import annotations

from io import BytesIO
from typing import IO

from telegram_bridge.cleaning import NotCleanable, clean
from telegram_bridge.miniapp.uploads import SHOWN_IN_PLACE, Stored, TooLarge, UnknownKind, place_of, store

LARGEST_BYTES = 5 * 1024 * 1024


def keep(stream: IO[bytes], name: str, files_dir: str) -> Stored | None:
    """Write a picture under its hash; None when the content is no JPEG, PNG, WebP or GIF, is broken, or is over 5 MB.

    The bytes as they came are left to the job that forgets what nothing names.
    """
    try:
        given = store(stream, name, files_dir, LARGEST_BYTES)
        if given.mime not in SHOWN_IN_PLACE:
            return None
        cleaned = clean(place_of(files_dir, given.sha256).read_bytes(), given.mime)
        return store(BytesIO(cleaned), given.name, files_dir, LARGEST_BYTES)
    except (TooLarge, UnknownKind, NotCleanable):
        return None
