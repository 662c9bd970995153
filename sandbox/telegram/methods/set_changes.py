"""Changing stickers inside of sets, and the face of sets."""

from __future__ import annotations

from typing import Any

from sandbox.telegram.access import find_person
from sandbox.telegram.call import Call, method
from sandbox.telegram.errors import bad_request
from sandbox.telegram.files import small_picture
from sandbox.telegram.methods.sticker_sets import checked_title, emoji_of, mask_of
from sandbox.telegram.model import StickerSet, StoredFile
from sandbox.telegram.sticker_sets import find_set, of_set

Json = dict[str, Any]


def _sticker(call: Call) -> tuple[StickerSet, StoredFile]:
    """The sticker of a call, in a set that this bot made."""
    kept, stored = of_set(call.world, call.get("sticker"))
    if kept.bot_id != call.bot.id:
        raise bad_request("STICKERSET_INVALID")
    return kept, stored


def _set(call: Call) -> StickerSet:
    kept = find_set(call.world, call.get("name"))
    if kept.bot_id != call.bot.id:
        raise bad_request("STICKERSET_INVALID")
    return kept


@method("setStickerPositionInSet")
def set_sticker_position_in_set(call: Call) -> bool:
    """Another place, counted from zero."""
    kept, stored = _sticker(call)
    position = call.get("position")
    if not 0 <= position < len(kept.stickers):
        raise bad_request("STICKER_INVALID" if position < 0 else "POSITION_INVALID")
    kept.stickers.remove(stored.unique_id)
    kept.stickers.insert(position, stored.unique_id)
    return True


@method("deleteStickerFromSet")
def delete_sticker_from_set(call: Call) -> bool:
    """Out of its set; the file stays."""
    kept, stored = _sticker(call)
    kept.stickers.remove(stored.unique_id)
    kept.keywords.pop(stored.unique_id, None)
    return True


@method("setStickerEmojiList")
def set_sticker_emoji_list(call: Call) -> bool:
    """Other emoji; the first is shown."""
    _, stored = _sticker(call)
    stored.attributes["emoji"] = emoji_of(call.get("emoji_list"))
    return True


@method("setStickerKeywords")
def set_sticker_keywords(call: Call) -> bool:
    """Words for the search, up to 20 with 64 letters in all."""
    kept, stored = _sticker(call)
    words = [str(word) for word in call.get("keywords", [])]
    if len(words) > 20 or sum(len(word) for word in words) > 64:
        raise bad_request("KEYWORDS_INVALID")
    kept.keywords[stored.unique_id] = words
    return True


@method("setStickerMaskPosition")
def set_sticker_mask_position(call: Call) -> bool:
    """Where a mask sits, or nowhere in particular."""
    kept, stored = _sticker(call)
    if kept.sticker_type != "mask":
        raise bad_request("STICKER_MASK_COORDS_NOT_SUPPORTED")
    stored.attributes.pop("mask_position", None)
    stored.attributes.update(mask_of(call.get("mask_position")))
    return True


@method("setStickerSetTitle")
def set_sticker_set_title(call: Call) -> bool:
    """Another title."""
    _set(call).title = checked_title(call)
    return True


@method("setStickerSetThumbnail", gaps="only pictures sent along with the call are shown")
def set_sticker_set_thumbnail(call: Call) -> bool:
    """Another small picture; none takes the old one away."""
    find_person(call.world, call.get("user_id"))
    kept = _set(call)
    if call.get("format") not in {"static", "animated", "video"}:
        raise bad_request("invalid sticker format specified")
    source = call.upload("thumbnail")
    kept.thumbnail = small_picture(call.world, source["content"]) if source else {}
    return True


@method("setCustomEmojiStickerSetThumbnail")
def set_custom_emoji_sticker_set_thumbnail(call: Call) -> bool:
    """One of the set's own emoji as its face."""
    kept = _set(call)
    if kept.sticker_type != "custom_emoji":
        raise bad_request("STICKERSET_INVALID")
    wanted = call.get("custom_emoji_id", "")
    own = {str(call.world.state.files[one].attributes.get("custom_emoji_id")) for one in kept.stickers}
    if wanted and wanted not in own:
        raise bad_request("STICKER_INVALID")
    return True
