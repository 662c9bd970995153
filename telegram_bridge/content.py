"""Reading what a person sent: one kind, one text with BB codes, at most one file.

Called by the handlers of new and edited messages. Pure: Telegram's types in, a value out; what Telegram knows of other people (whom a
message was forwarded from, who is mentioned by id) is left behind here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from telebot.types import Message, Sticker

from telegram_bridge.formatting import entities_to_bbcode, escape

_FILES = ("voice", "video_note", "audio", "sticker", "animation", "video", "document")


@dataclass(frozen=True)
class Content:
    """A message as services take it. `kind` is empty when this kind cannot be carried; `size` counts bytes.

    `quote` is what a reply quotes of the message it answers, plain.
    """

    kind: str
    text: str = ""
    telegram_file_id: str = ""
    file_name: str = ""
    size: int = 0
    is_forwarded: bool = False
    album: str = ""
    quote: str = ""
    unique_id: str = ""
    """Tells a file from any other; Telegram may name the same file anew."""
    is_moving: bool = False
    """Whether this is a live location that has not stopped yet."""


def content_of(message: Message) -> Content:
    """Give what a message says."""
    album = str(message.json.get("media_group_id") or "")
    # A quote that its writer did not choose is Telegram's own: it would only repeat the whole message.
    quote = message.json.get("quote") or {}
    chosen = str(quote.get("text") or "") if quote.get("is_manual") else ""
    return replace(_content(message), album=album, quote=chosen)


def _content(message: Message) -> Content:
    raw: dict[str, Any] = message.json
    forwarded = raw.get("forward_origin") is not None
    if message.text is not None:
        return Content("text", entities_to_bbcode(message.text, raw.get("entities")), is_forwarded=forwarded)
    text = entities_to_bbcode(message.caption or "", raw.get("caption_entities"))
    if message.photo:
        largest = message.photo[-1]
        return Content(
            "photo",
            text,
            largest.file_id,
            size=largest.file_size or 0,
            is_forwarded=forwarded,
            unique_id=largest.file_unique_id,
        )
    for kind in _FILES:
        # An animation comes with a document of the same file; the order above takes the better name.
        file = getattr(message, kind)
        if file:
            name = _name_of_sticker(file) if kind == "sticker" else str(getattr(file, "file_name", None) or "")
            unique_id = file.file_unique_id
            return Content(kind, text, file.file_id, name, file.file_size or 0, forwarded, unique_id=unique_id)
    # Source: https://core.telegram.org/bots/api#location: the period is told of active live locations only.
    moving = bool(message.location and message.location.live_period)
    return Content(*_described(message), is_forwarded=forwarded, is_moving=moving)


def _name_of_sticker(sticker: Sticker) -> str:
    """Name those that move by their format; Telegram gives stickers no names, and most are still pictures."""
    return "sticker.tgs" if sticker.is_animated else "sticker.webm" if sticker.is_video else ""


def _described(message: Message) -> tuple[str, str]:
    if message.venue:
        place = message.venue
        lines = [place.title, place.address, _point(place.location)]
        return "venue", escape("\n".join(line for line in lines if line))
    if message.location:
        return "location", _point(message.location)
    if message.contact:
        name = " ".join(part for part in (message.contact.first_name, message.contact.last_name) if part)
        return "contact", escape(f"{name}\n{message.contact.phone_number}")
    poll = message.json.get("poll")
    if poll:
        options = [f"• {option['text']}" for option in poll["options"]]
        return "poll", escape("\n".join([poll["question"], *options]))
    if message.dice:
        return "dice", escape(f"{message.dice.emoji} {message.dice.value}")
    return "", ""


def _point(location: Any) -> str:
    return f"📍 {location.latitude:.5f}, {location.longitude:.5f}"
