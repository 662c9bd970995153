"""Sets of stickers, custom emoji and what is chosen out of them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sandbox.telegram.images import plain_picture
from tests.sandbox.telegram.client import IVAN, OLGA, Telegram

Json = dict[str, Any]
STICKER = plain_picture(512, 256, (10, 120, 200))
EMOJI = plain_picture(100, 100, (10, 120, 200))


def name_of(telegram: Telegram, word: str) -> str:
    """A name that this bot may give to a set."""
    return f"{word}_by_{telegram.call('getMe')['username']}"


def make(telegram: Telegram, word: str, content: bytes = STICKER, **more: Any) -> str:
    """A set with one sticker; its name."""
    name = name_of(telegram, word)
    first = [{"sticker": "attach://one", "format": "static", "emoji_list": ["👍"], **more.pop("first", {})}]
    files = {"one": ("one.png", content)}
    telegram.call(
        "createNewStickerSet", files, user_id=IVAN, name=name, title="Cloth", stickers=json.dumps(first), **more
    )
    return name


def test_a_set_grows_is_sorted_renamed_and_goes(started: Telegram) -> None:
    """Stickers are added, replaced, moved, given other emoji and deleted; the set shows each change and then is gone."""
    name = make(started, "cloth")
    second = {"sticker": "attach://two", "format": "static", "emoji_list": ["🎉"]}
    files = {"two": ("two.png", STICKER)}
    started.call("addStickerToSet", files, user_id=IVAN, name=name, sticker=json.dumps(second))
    one, two = started.call("getStickerSet", name=name.upper())["stickers"]
    assert (one["emoji"], two["emoji"]) == ("👍", "🎉")
    assert (one["width"], one["height"], one["type"], one["set_name"]) == (512, 256, "regular", name)
    started.call("setStickerPositionInSet", sticker=two["file_id"], position=0)
    started.call("setStickerEmojiList", sticker=one["file_id"], emoji_list=["🔥"])
    started.call("setStickerKeywords", sticker=one["file_id"], keywords=["cotton"])
    started.call("setStickerSetTitle", name=name, title="Cotton")
    started.call(
        "replaceStickerInSet",
        {"two": ("three.png", STICKER)},
        user_id=IVAN,
        name=name,
        old_sticker=two["file_id"],
        sticker=json.dumps({**second, "emoji_list": ["💡"]}),
    )
    shown = started.call("getStickerSet", name=name)
    assert (shown["title"], [each["emoji"] for each in shown["stickers"]]) == ("Cotton", ["💡", "🔥"])
    sent = started.call("sendSticker", chat_id=IVAN, sticker=one["file_id"])
    assert sent["sticker"]["set_name"] == name
    started.call("deleteStickerFromSet", sticker=one["file_id"])
    assert "STICKERSET_INVALID" in started.refused("deleteStickerFromSet", sticker=one["file_id"])
    started.call("deleteStickerSet", name=name)
    assert "STICKERSET_INVALID" in started.refused("getStickerSet", name=name)


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"name": "cloth"}, "invalid sticker set name is specified"),
        ({"stickers": []}, "STICKERS_EMPTY"),
        ({"user_id": 77}, "user not found"),
        ({"title": " "}, "PACK_TITLE_INVALID"),
        ({"sticker_type": "premium"}, "unsupported sticker type specified"),
        ({"first": {"format": "PNG"}}, "can't parse InputSticker: invalid sticker format specified"),
        ({"first": {"emoji_list": []}}, "can't parse emoji list: emoji list must be non-empty"),
        ({"first": {"emoji_list": ["ok"]}}, "can't parse emoji list: expected a Unicode emoji"),
        ({"content": plain_picture(300, 300, (0, 0, 0))}, "STICKER_PNG_DIMENSIONS"),
        ({"content": b"no picture"}, "STICKER_FILE_INVALID"),
    ],
)
def test_unfit_sets_are_refused(started: Telegram, changed: Json, refusal: str) -> None:
    """Names, titles, emoji and pictures that the service does not take are refused in its words."""
    first = {"sticker": "attach://one", "format": "static", "emoji_list": ["👍"], **changed.pop("first", {})}
    files = {"one": ("one.png", changed.pop("content", STICKER))}
    wanted = {"user_id": IVAN, "name": name_of(started, "cloth"), "title": "Cloth", "stickers": [first], **changed}
    wanted["stickers"] = json.dumps(wanted["stickers"])
    assert refusal in started.refused("createNewStickerSet", files, **wanted)


def test_a_name_is_given_once_and_sets_of_others_stay(started: Telegram) -> None:
    """A second set of the same name is refused, and so is a change of the service's own set."""
    name = make(started, "cloth")
    first = json.dumps([{"sticker": "attach://one", "format": "static", "emoji_list": ["👍"]}])
    files = {"one": ("one.png", STICKER)}
    refusal = started.refused(
        "createNewStickerSet", files, user_id=IVAN, name=name.upper(), title="Again", stickers=first
    )
    assert "sticker set name is already occupied" in refusal
    icons = started.call("getForumTopicIconStickers")
    assert "STICKERSET_INVALID" in started.refused("deleteStickerSet", name=icons[0]["set_name"])


def test_masks_and_custom_emoji(started: Telegram) -> None:
    """A mask keeps its place on a face; a custom emoji is found by its id, and its set takes it as its face."""
    place = {"point": "eyes", "x_shift": 0.5, "y_shift": 0.0, "scale": 1.5}
    masks = make(started, "masks", sticker_type="mask", first={"mask_position": place})
    mask = started.call("getStickerSet", name=masks)["stickers"][0]
    assert mask["mask_position"] == place
    started.call("setStickerMaskPosition", sticker=mask["file_id"])
    assert "mask_position" not in started.call("getStickerSet", name=masks)["stickers"][0]
    emoji = make(started, "emoji", EMOJI, sticker_type="custom_emoji", needs_repainting=True)
    kept = started.call("getStickerSet", name=emoji)["stickers"][0]
    assert kept["needs_repainting"] is True
    found = started.call("getCustomEmojiStickers", custom_emoji_ids=[kept["custom_emoji_id"], "5"])
    assert [each["file_id"] for each in found] == [kept["file_id"]]
    assert started.call("setCustomEmojiStickerSetThumbnail", name=emoji, custom_emoji_id=kept["custom_emoji_id"])
    assert "STICKER_INVALID" in started.refused("setCustomEmojiStickerSetThumbnail", name=emoji, custom_emoji_id="5")


def test_a_file_is_uploaded_first_and_a_set_gets_a_face(started: Telegram) -> None:
    """An uploaded file serves for a set by its id; a small picture becomes the set's, none takes it away."""
    uploaded = started.call("uploadStickerFile", {"sticker": ("a.png", STICKER)}, user_id=IVAN, sticker_format="static")
    name = make(started, "cloth", first={"sticker": uploaded["file_id"]})
    small = {"thumbnail": ("t.png", EMOJI)}
    started.call("setStickerSetThumbnail", small, user_id=IVAN, name=name, format="static")
    assert started.call("getStickerSet", name=name)["thumbnail"]["width"] == 100
    started.call("setStickerSetThumbnail", user_id=IVAN, name=name, format="static")
    assert "thumbnail" not in started.call("getStickerSet", name=name)


def test_a_supergroup_shows_the_set_that_the_bot_gave_it(started: Telegram) -> None:
    """getChat of a supergroup names the set until it is taken away."""
    bot_id = started.call("getMe")["id"]
    group = started.control("chats", type="supergroup", title="Weavers", creator=OLGA, admins=[bot_id])["id"]
    name = make(started, "cloth")
    started.call("setChatStickerSet", chat_id=group, sticker_set_name=name)
    assert started.call("getChat", chat_id=group)["sticker_set_name"] == name
    started.call("deleteChatStickerSet", chat_id=group)
    assert "sticker_set_name" not in started.call("getChat", chat_id=group)
