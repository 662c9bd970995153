"""Files: taking them in, their ids, and the objects (PhotoSize, Document, …) that messages carry.

Called by the sending methods and by people's acts.
"""

from __future__ import annotations

import hashlib
import mimetypes
from dataclasses import dataclass, field
from typing import Any

from sandbox.telegram import moving
from sandbox.telegram.errors import bad_request
from sandbox.telegram.images import dimensions
from sandbox.telegram.model import StoredFile
from sandbox.telegram.world import World

Json = dict[str, Any]
MAX_DOWNLOAD_BYTES = 20_000_000
MAX_UPLOAD_BYTES = 50_000_000
MAX_PHOTO_BYTES = 10_000_000
MAX_PHOTO_SIDE = 1280
ROUND_SIDE = 240
MAX_THUMBNAIL_BYTES = 200_000
MAX_THUMBNAIL_SIDE = 320
_PREFIXES = {
    "photo": ("AgACAgIAAxkB", "photos", "jpg"),
    "document": ("BQACAgIAAxkB", "documents", "bin"),
    "video": ("BAACAgIAAxkB", "videos", "mp4"),
    "voice": ("AwACAgIAAxkB", "voice", "oga"),
    "audio": ("CQACAgIAAxkB", "music", "mp3"),
    "sticker": ("CAACAgIAAxkB", "stickers", "webp"),
    "animation": ("CgACAgIAAxkB", "animations", "mp4"),
    "video_note": ("DQACAgIAAxkB", "video_notes", "mp4"),
    "live_photo": ("BgACAgIAAxkB", "videos", "mp4"),
}
_DEFAULT_TYPES = {
    "video": "video/mp4",
    "voice": "audio/ogg",
    "audio": "audio/mpeg",
    "animation": "video/mp4",
    "live_photo": "video/mp4",
    "document": "application/octet-stream",
}
_SIDES = (90, 320, 800, 1280)


@dataclass
class Incoming:
    """Content on its way in; ``claimed_size`` lets a test speak of a big file without holding it."""

    content: bytes
    name: str = ""
    mime_type: str = ""
    claimed_size: int = 0
    attributes: Json = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes, as the file claims."""
        return self.claimed_size or len(self.content)


def store(world: World, kind: str, incoming: Incoming) -> Json:
    """Keeps a file; answers its object (a list of sizes for a photo). Raises 400 for what the service refuses."""
    if incoming.size == 0:
        raise bad_request("file must be non-empty")
    if kind == "photo":
        return {"photo": _store_photo(world, incoming)}
    stored = keep(world, kind, incoming, _with_own_facts(incoming))
    return {kind: file_object(world, stored)}


def _with_own_facts(incoming: Incoming) -> Json:
    """What the sender stated; where that is nothing, what the file says of itself."""
    told = moving.facts(incoming.content)
    told["length"] = told.get("width") or ROUND_SIDE
    silent = {name: told[name] for name, value in incoming.attributes.items() if value == 0 and told.get(name)}
    return {**incoming.attributes, **silent}


def _store_photo(world: World, incoming: Incoming) -> list[Json]:
    if incoming.size > MAX_PHOTO_BYTES:
        raise bad_request("file is too big")
    measured = dimensions(incoming.content)
    if measured is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = measured
    if width + height > 10_000 or max(width, height) > 20 * max(1, min(width, height)):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    longest = max(width, height)
    sides = [side for side in _SIDES if side < longest] + [min(longest, MAX_PHOTO_SIDE)]
    sizes = []
    for side in sides[-4:]:
        scale = side / longest
        attributes = {"width": max(1, round(width * scale)), "height": max(1, round(height * scale))}
        sizes.append(file_object(world, keep(world, "photo", incoming, attributes)))
    return sizes


def small_picture(world: World, content: bytes) -> Json:
    """``PhotoSize`` of a picture that stands for another file; {} for what the service passes over as unfit."""
    measured = dimensions(content)
    if measured is None or len(content) > MAX_THUMBNAIL_BYTES or max(measured) > MAX_THUMBNAIL_SIDE:
        return {}
    attributes = {"width": measured[0], "height": measured[1]}
    return file_object(world, keep(world, "photo", Incoming(content), attributes))


def keep(world: World, kind: str, incoming: Incoming, attributes: Json) -> StoredFile:
    """Puts content among the files, under a fresh id."""
    _, folder, extension = _PREFIXES[kind]
    unique_id = "AgAD" + world.secret("file", 12)
    number = len(world.state.files)
    suffix = incoming.name.rpartition(".")[2] if "." in incoming.name else extension
    mime_type = incoming.mime_type or mimetypes.guess_type(incoming.name)[0] or _DEFAULT_TYPES.get(kind, "")
    stored = StoredFile(
        unique_id, kind, incoming.name, mime_type, incoming.size, f"{folder}/file_{number}.{suffix}", dict(attributes)
    )
    world.state.files[unique_id] = stored
    world.state.file_ids[file_id_of(stored)] = unique_id
    world.blobs[unique_id] = incoming.content
    return stored


def file_id_of(stored: StoredFile) -> str:
    """The id that clients use; made from the unique one."""
    prefix = _PREFIXES[stored.kind][0]
    digest = hashlib.sha256(stored.unique_id.encode()).hexdigest()
    return f"{prefix}{digest[:48]}"


def by_file_id(world: World, file_id: str) -> StoredFile | None:
    """The file behind an id."""
    unique_id = world.state.file_ids.get(file_id)
    return world.state.files.get(unique_id) if unique_id else None


def file_object(world: World, stored: StoredFile) -> Json:
    """``PhotoSize``, ``Document``, ``Video`` … of a kept file."""
    shown: Json = {"file_id": file_id_of(stored), "file_unique_id": stored.unique_id, "file_size": stored.size}
    shown.update(stored.attributes)
    if stored.kind in {"document", "video", "audio", "animation"} and stored.name:
        shown["file_name"] = stored.name
    if stored.kind in {"document", "video", "audio", "voice", "animation", "live_photo"} and stored.mime_type:
        shown["mime_type"] = stored.mime_type
    return shown


def reuse(world: World, kind: str, file_id: str) -> Json | None:
    """The object of a file that is sent again by its id; None when the id is unknown."""
    stored = by_file_id(world, file_id)
    if stored is None:
        return None
    if stored.kind != kind:
        raise bad_request(f"can't use file of type {_type_name(stored.kind)} as {_type_name(kind)}")
    if kind != "photo":
        return {kind: file_object(world, stored)}
    content = world.blobs.get(stored.unique_id)
    sizes = [
        file_object(world, other)
        for other in world.state.files.values()
        if other.kind == "photo" and world.blobs.get(other.unique_id) is content
    ]
    return {"photo": sorted(sizes, key=lambda size: size["width"])}


def _type_name(kind: str) -> str:
    return {"video_note": "VideoNote", "voice": "VoiceNote"}.get(kind, kind.capitalize())
