"""Making and reading sets of stickers."""

from __future__ import annotations

import re
from typing import Any

from sandbox.telegram.access import Access, find_person, require_right
from sandbox.telegram.call import Call, method
from sandbox.telegram.errors import bad_request
from sandbox.telegram.files import Incoming, by_file_id, file_object, keep
from sandbox.telegram.methods.chats import group_only
from sandbox.telegram.methods.stored_files import shown_file
from sandbox.telegram.model import Chat, StickerSet
from sandbox.telegram.outgoing import media_content
from sandbox.telegram.sticker_sets import checked_picture, find_set, new_sticker, of_set, shown_set

Json = dict[str, Any]
_NAME = re.compile(r"[a-z](?:_?[a-z0-9])*", re.IGNORECASE)
_TYPES = {"regular", "mask", "custom_emoji"}
_FORMS = {"static", "animated", "video"}
_POINTS = {"forehead", "eyes", "mouth", "chin"}
_MOST_AT_ONCE = 50
_MOST = {"regular": 120, "mask": 120, "custom_emoji": 200}
_GAPS = "moving stickers are not looked into"


def _form(given: Any, refusal: str) -> str:
    if given not in _FORMS:
        raise bad_request(f"{refusal}invalid sticker format specified")
    return str(given)


def emoji_of(given: Any) -> str:
    """The first of 1 to 20 emoji, which is the one that stickers show."""
    if not isinstance(given, list) or not all(isinstance(emoji, str) for emoji in given):
        raise bad_request("can't parse emoji list: expected an Array of string")
    if not given or len(given) > 20:
        raise bad_request(f"can't parse emoji list: {'too many emoji specified' if given else _NO_EMOJI}")
    if any(not emoji or emoji.isascii() or emoji.isalpha() for emoji in given):
        raise bad_request("can't parse emoji list: expected a Unicode emoji")
    return str(given[0])


_NO_EMOJI = "emoji list must be non-empty"


def mask_of(given: Any) -> Json:
    """Where on a face a mask sits; {} for none."""
    if not given:
        return {}
    if given.get("point") not in _POINTS:
        raise bad_request("can't parse mask position: wrong point specified")
    return {"mask_position": {name: given[name] for name in ("point", "x_shift", "y_shift", "scale")}}


async def _content(call: Call, given: Json, form: str) -> tuple[bytes, str]:
    """Bytes and name of the file of an ``InputSticker``."""
    source = str(given.get("sticker") or "")
    if form != "static" and source.startswith(("http://", "https://")):
        kind = "animated" if form == "animated" else "video"
        raise bad_request(f"{kind} stickers can't be uploaded by URL")
    known = by_file_id(call.world, source)
    if known is None:
        shown = (await media_content(call, "document", source))["document"]
        known = by_file_id(call.world, shown["file_id"])
    if known is None:
        raise bad_request("can't parse InputSticker: sticker not found")
    return call.world.blobs[known.unique_id], known.name


async def _put_in(call: Call, kept: StickerSet, given: Json) -> str:
    """Makes one sticker of the set; its unique id."""
    form = _form(given.get("format"), "can't parse InputSticker: ")
    facts = {"emoji": emoji_of(given.get("emoji_list"))}
    mask = mask_of(given.get("mask_position")) if kept.sticker_type == "mask" else {}
    content, name = await _content(call, given, form)
    shape = checked_picture(content, form, kept.sticker_type)
    stored = new_sticker(call.world, kept, content, name, {**shape, **facts, **mask})
    if given.get("keywords"):
        kept.keywords[stored.unique_id] = [str(word) for word in given["keywords"]]
    return stored.unique_id


def _own(call: Call) -> StickerSet:
    """The set of a call that this bot made."""
    kept = find_set(call.world, call.get("name"))
    if kept.bot_id != call.bot.id:
        raise bad_request("STICKERSET_INVALID")
    return kept


@method("getStickerSet")
def get_sticker_set(call: Call) -> Json:
    """A set with its stickers; anybody's."""
    return shown_set(call.world, find_set(call.world, call.get("name")))


@method("getCustomEmojiStickers")
def get_custom_emoji_stickers(call: Call) -> list[Json]:
    """Custom emoji by their ids; unknown ids are left out."""
    wanted = [str(one) for one in call.get("custom_emoji_ids")]
    if len(wanted) > 200:
        raise bad_request("too many custom emoji identifiers specified")
    known = {
        str(stored.attributes["custom_emoji_id"]): stored
        for stored in call.world.state.files.values()
        if stored.kind == "sticker" and "custom_emoji_id" in stored.attributes
    }
    return [file_object(call.world, known[one]) for one in wanted if one in known]


@method("uploadStickerFile", gaps=_GAPS)
def upload_sticker_file(call: Call) -> Json:
    """A file for later use in sets."""
    find_person(call.world, call.get("user_id"))
    form = _form(call.get("sticker_format"), "")
    source = call.upload("sticker")
    if source is None:
        raise bad_request("there is no sticker file in the request")
    facts = {"type": "regular", **checked_picture(source["content"], form, "regular")}
    return shown_file(keep(call.world, "sticker", Incoming(source["content"], source["filename"] or ""), facts))


@method("createNewStickerSet", gaps=_GAPS)
async def create_new_sticker_set(call: Call) -> bool:
    """A set of a person, made and kept by the bot."""
    owner = find_person(call.world, call.get("user_id"))
    name, stickers, kind = call.get("name"), call.get("stickers"), call.get("sticker_type", "regular")
    ending = f"_by_{call.bot.username}".lower()
    if len(name) > 64 or not _NAME.fullmatch(name) or not name.lower().endswith(ending):
        raise bad_request("invalid sticker set name is specified")
    if kind not in _TYPES:
        raise bad_request("unsupported sticker type specified")
    if name.lower() in call.world.state.sticker_sets:
        raise bad_request("sticker set name is already occupied")
    if not stickers or len(stickers) > _MOST_AT_ONCE:
        raise bad_request("too many stickers specified" if stickers else "STICKERS_EMPTY")
    kept = StickerSet(name, checked_title(call), kind, owner.id, call.bot.id, bool(call.get("needs_repainting")))
    kept.stickers = [await _put_in(call, kept, given) for given in stickers]
    call.world.state.sticker_sets[name.lower()] = kept
    return True


def checked_title(call: Call) -> str:
    """The title of a set, 1 to 64 letters."""
    title = str(call.get("title")).strip()
    if not 1 <= len(title) <= 64:
        raise bad_request("PACK_TITLE_INVALID")
    return title


@method("addStickerToSet", gaps=_GAPS)
async def add_sticker_to_set(call: Call) -> bool:
    """One more at the end."""
    find_person(call.world, call.get("user_id"))
    kept = _own(call)
    if len(kept.stickers) >= _MOST[kept.sticker_type]:
        raise bad_request("STICKERS_TOO_MUCH")
    kept.stickers.append(await _put_in(call, kept, call.get("sticker")))
    return True


@method("replaceStickerInSet", gaps=_GAPS)
async def replace_sticker_in_set(call: Call) -> bool:
    """Another sticker in the place of an old one."""
    find_person(call.world, call.get("user_id"))
    kept = _own(call)
    holder, old = of_set(call.world, call.get("old_sticker"))
    if holder is not kept:
        raise bad_request("STICKER_INVALID")
    kept.stickers[kept.stickers.index(old.unique_id)] = await _put_in(call, kept, call.get("sticker"))
    return True


@method("deleteStickerSet")
def delete_sticker_set(call: Call) -> bool:
    """The whole set."""
    del call.world.state.sticker_sets[_own(call).name.lower()]
    return True


@method("setChatStickerSet")
def set_chat_sticker_set(call: Call) -> bool:
    """The set that a supergroup offers its members."""
    chat = _decorated(call)
    chat.sticker_set_name = find_set(call.world, call.get("sticker_set_name")).name
    return True


@method("deleteChatStickerSet")
def delete_chat_sticker_set(call: Call) -> bool:
    """No set of the supergroup's own any more."""
    _decorated(call).sticker_set_name = ""
    return True


def _decorated(call: Call) -> Chat:
    chat = group_only(call, Access.WRITE)
    if chat.type != "supergroup":
        raise bad_request("method is available only for supergroups")
    require_right(chat, call.bot, "can_change_info", "not enough rights to change supergroup sticker set")
    return chat
