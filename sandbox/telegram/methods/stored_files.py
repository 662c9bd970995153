"""getFile and profile photos."""

from __future__ import annotations

from typing import Any

from sandbox.telegram.access import find_person
from sandbox.telegram.call import Call, method
from sandbox.telegram.errors import bad_request
from sandbox.telegram.files import MAX_DOWNLOAD_BYTES, by_file_id, file_id_of
from sandbox.telegram.model import Bot, StoredFile

Json = dict[str, Any]


@method("getFile", gaps="download addresses do not expire; smaller sizes of a photo hold the whole picture")
def get_file(call: Call) -> Json:
    """Where a file can be downloaded; 20 MB at most."""
    stored = by_file_id(call.world, call.get("file_id"))
    if stored is None:
        raise bad_request("invalid file_id")
    if stored.size > MAX_DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return shown_file(stored)


def shown_file(stored: StoredFile) -> Json:
    """``File``: where the content can be had."""
    return {
        "file_id": file_id_of(stored),
        "file_unique_id": stored.unique_id,
        "file_size": stored.size,
        "file_path": stored.path,
    }


@method("getUserProfilePhotos")
def get_user_profile_photos(call: Call) -> Json:
    """Pictures of a person or of a bot, newest first."""
    account = call.world.account(call.get("user_id"))
    photos = account.photos if isinstance(account, Bot) else find_person(call.world, call.get("user_id")).photos
    offset = max(0, int(call.get("offset", 0)))
    limit = min(100, max(1, int(call.get("limit", 100))))
    return {"total_count": len(photos), "photos": photos[offset : offset + limit]}


@method("getUserProfileAudios")
def get_user_profile_audios(call: Call) -> Json:
    """Nobody here has profile audios."""
    find_person(call.world, call.get("user_id"))
    return {"total_count": 0, "audios": []}
