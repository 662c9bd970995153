"""Gifts bought with the bot's Stars, and subscriptions to Telegram Premium given away."""

from __future__ import annotations

from typing import Any

from sandbox.telegram.access import Access, find_chat, find_person
from sandbox.telegram.call import Call, method
from sandbox.telegram.entities.text import parse_text
from sandbox.telegram.entities.units import utf16_length
from sandbox.telegram.errors import bad_request
from sandbox.telegram.files import file_object
from sandbox.telegram.model import Message, Person
from sandbox.telegram.posting import post
from sandbox.telegram.render import user_json
from sandbox.telegram.sticker_sets import icon_set

Json = dict[str, Any]
_PRICES = (15, 25, 50, 100)
_PREMIUM = {3: 1000, 6: 1500, 12: 2500}
_MAX_TEXT = 128


def catalogue(call: Call) -> list[Json]:
    """What can be bought: one gift per price."""
    icons = icon_set(call.world).stickers
    stickers = [file_object(call.world, call.world.state.files[unique_id]) for unique_id in icons]
    return [
        {"id": f"51703000000000{number:04d}", "sticker": sticker, "star_count": price}
        for number, (price, sticker) in enumerate(zip(_PRICES, stickers, strict=True), start=1)
    ]


def _greeting(call: Call) -> Json:
    """``text`` and ``entities`` of what goes along."""
    text, entities = parse_text(call.get("text", ""), call.get("text_parse_mode"), call.get("text_entities"))
    if utf16_length(text) > _MAX_TEXT:
        raise bad_request("GIFT_MESSAGE_INVALID")
    return {**({"text": text} if text else {}), **({"entities": entities} if entities else {})}


def _pay(call: Call, stars: int) -> None:
    if call.bot.stars < stars:
        raise bad_request("BALANCE_TOO_LOW")
    call.bot.stars -= stars


@method("getAvailableGifts", gaps="four gifts of the sandbox's own")
def get_available_gifts(call: Call) -> Json:
    """Gifts that the bot may send."""
    return {"gifts": catalogue(call)}


@method("sendGift", ignored=("pay_for_upgrade",), gaps="gifts cannot be upgraded, converted or hidden")
def send_gift(call: Call) -> bool:
    """A gift to a person or a channel, paid from the bot's Stars."""
    gift = next((one for one in catalogue(call) if one["id"] == call.get("gift_id")), None)
    if call.get("chat_id"):
        chat = find_chat(call.world, call.bot, call.get("chat_id"), Access.READ)
        key = chat.key if chat.type != "private" else str(chat.user_id)
    else:
        key = str(find_person(call.world, call.get("user_id", 0)).id)
        chat = call.world.dialog(call.bot.id, int(key))
    if gift is None:
        raise bad_request("STARGIFT_INVALID")
    greeting = _greeting(call)
    _pay(call, gift["star_count"])
    given = {"type": "regular", "gift": gift, "sender_user": user_json(call.bot), "send_date": call.world.now()}
    call.world.state.gifts.setdefault(key, []).insert(0, {**given, **greeting})
    if chat.type == "private":
        post(call.world, chat, Message(0, 0, call.bot.id, {"gift": {"gift": gift, **greeting}}))
    return True


def _owned(call: Call, key: str) -> Json:
    """``OwnedGifts`` of an account or chat; all gifts here are unlimited ones."""
    offset = call.get("offset", "")
    start = int(offset) if offset.isdecimal() else 0
    limit = min(100, max(1, int(call.get("limit", 100))))
    gifts = [] if call.get("exclude_unlimited") else call.world.state.gifts.get(key, [])
    if call.get("sort_by_price"):
        gifts = sorted(gifts, key=lambda one: -one["gift"]["star_count"])
    page: Json = {"total_count": len(gifts), "gifts": gifts[start : start + limit]}
    return {**page, "next_offset": str(start + limit)} if start + limit < len(gifts) else page


_FILTERS = (
    "exclude_from_blockchain",
    "exclude_limited_non_upgradable",
    "exclude_limited_upgradable",
    "exclude_saved",
    "exclude_unique",
    "exclude_unsaved",
)


@method("getUserGifts", ignored=_FILTERS)
def get_user_gifts(call: Call) -> Json:
    """Gifts of a person, the newest first."""
    return _owned(call, str(find_person(call.world, call.get("user_id")).id))


@method("getChatGifts", ignored=_FILTERS)
def get_chat_gifts(call: Call) -> Json:
    """Gifts of a channel, or of the person of a private chat."""
    chat = call.chat(Access.READ)
    return _owned(call, str(chat.user_id) if chat.type == "private" else chat.key)


@method("giftPremiumSubscription", gaps="the subscription never ends")
def gift_premium_subscription(call: Call) -> bool:
    """Telegram Premium for a person, at the documented prices."""
    person: Person = find_person(call.world, call.get("user_id"))
    if _PREMIUM.get(call.get("month_count")) != call.get("star_count"):
        raise bad_request("STARS_FORM_AMOUNT_MISMATCH" if call.get("month_count") in _PREMIUM else "MONTHS_INVALID")
    _greeting(call)
    _pay(call, call.get("star_count"))
    person.is_premium = True
    return True
