"""Sets of stickers as they are kept: making stickers out of files, showing sets, the service's own set of topic icons.

Called by the methods about stickers, topics, chats and gifts. Knows no calls.
"""

from __future__ import annotations

from typing import Any

from sandbox.telegram.errors import bad_request
from sandbox.telegram.files import Incoming, by_file_id, file_object, keep
from sandbox.telegram.images import dimensions, plain_picture
from sandbox.telegram.model import StickerSet, StoredFile
from sandbox.telegram.world import World

Json = dict[str, Any]
ICONS_NAME = "Topics"
_ICONS = (("📰", (111, 185, 240)), ("💡", (255, 214, 126)), ("⚡️", (203, 134, 219)), ("🎉", (142, 238, 152)))
_SIDES = {"regular": 512, "mask": 512, "custom_emoji": 100}
_MAX_STATIC_BYTES = 512_000


def find_set(world: World, name: str) -> StickerSet:
    """A set by its name, whose letters may be of either case; refuses an unknown one."""
    if name.strip().lower() == ICONS_NAME.lower():
        return icon_set(world)
    found = world.state.sticker_sets.get(name.strip().lower())
    if found is None:
        raise bad_request("STICKERSET_INVALID")
    return found


def shown_set(world: World, kept: StickerSet) -> Json:
    """``StickerSet``."""
    shown: Json = {
        "name": kept.name,
        "title": kept.title,
        "sticker_type": kept.sticker_type,
        "stickers": [file_object(world, world.state.files[unique_id]) for unique_id in kept.stickers],
    }
    return {**shown, "thumbnail": kept.thumbnail} if kept.thumbnail else shown


def checked_picture(content: bytes, form: str, sticker_type: str) -> Json:
    """Attributes of a sticker's file of the stated form; refuses pictures of the wrong kind or size."""
    side = _SIDES[sticker_type]
    facts: Json = {"width": side, "height": side, "is_animated": form == "animated", "is_video": form == "video"}
    if form != "static":
        return facts
    measured = dimensions(content)
    if measured is None or len(content) > _MAX_STATIC_BYTES:
        raise bad_request("STICKER_FILE_INVALID" if measured is None else "file is too big")
    if max(measured) != side or (sticker_type == "custom_emoji" and min(measured) != side):
        raise bad_request("STICKER_PNG_DIMENSIONS")
    return {**facts, "width": measured[0], "height": measured[1]}


def new_sticker(world: World, kept: StickerSet, content: bytes, name: str, facts: Json) -> StoredFile:
    """A sticker of its own out of a file's content; not yet among the set's stickers."""
    attributes: Json = {"type": kept.sticker_type, **facts, "set_name": kept.name}
    if kept.sticker_type == "custom_emoji":
        attributes["custom_emoji_id"] = world.number("custom emoji", 19)
        if kept.needs_repainting:
            attributes["needs_repainting"] = True
    return keep(world, "sticker", Incoming(content, name), attributes)


def of_set(world: World, file_id: str) -> tuple[StickerSet, StoredFile]:
    """The sticker of an id with the set that holds it."""
    stored = by_file_id(world, file_id)
    if stored is None or stored.kind != "sticker":
        raise bad_request("wrong sticker file specified")
    kept = world.state.sticker_sets.get(str(stored.attributes.get("set_name", "")).lower())
    if kept is None or stored.unique_id not in kept.stickers:
        raise bad_request("STICKERSET_INVALID")
    return kept, stored


def icon_set(world: World) -> StickerSet:
    """The service's own custom emoji for topics; made when somebody first asks."""
    key = ICONS_NAME.lower()
    kept = world.state.sticker_sets.get(key)
    if kept is None:
        kept = StickerSet(ICONS_NAME, "Topic Icons", "custom_emoji")
        for emoji, color in _ICONS:
            picture = plain_picture(100, 100, color)
            facts = {**checked_picture(picture, "static", kept.sticker_type), "emoji": emoji}
            kept.stickers.append(new_sticker(world, kept, picture, "icon.png", facts).unique_id)
        world.state.sticker_sets[key] = kept
    return kept
