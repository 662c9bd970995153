"""Editing texts, captions, media, keyboards and live locations of the bot's own messages."""

from __future__ import annotations

from typing import Any

from sandbox.telegram.access import Access, find_message, has_right
from sandbox.telegram.call import Call, method
from sandbox.telegram.errors import bad_request
from sandbox.telegram.keyboards import inline_only
from sandbox.telegram.methods.media import piece_content
from sandbox.telegram.methods.places import location_of
from sandbox.telegram.model import Chat, Message
from sandbox.telegram.outgoing import answer, caption_content, text_content
from sandbox.telegram.posting import edited, is_service

Json = dict[str, Any]
Target = tuple[Chat, Message, bool]
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
_TEXT = {"text", "entities", "link_preview_options"}
_CAPTION = {"caption", "caption_entities", "show_caption_above_media"}
_ALBUM = ("photo", "live_photo", "video", "audio", "document")
_MEDIA = {"photo", "live_photo", "video", "animation", "audio", "document", "voice", "has_media_spoiler", *_CAPTION}


def addressed(call: Call, access: Access, what: str) -> Target:
    """(chat, message, whether it was sent through inline mode) that a call names in either way; `what` is for the refusal."""
    inline_id = call.get("inline_message_id")
    if inline_id and not call.get("chat_id"):
        place = call.world.state.inline_messages.get(inline_id)
        if place is None:
            raise bad_request("MESSAGE_ID_INVALID")
        chat = call.world.state.chats[place[0]]
        return chat, find_message(chat, place[1], what), True
    if not call.get("message_id"):
        raise bad_request("message identifier is not specified")
    chat = call.chat(access)
    return chat, find_message(chat, call.get("message_id"), what), False


def target(call: Call) -> Target:
    """What an editing call names, if the bot may edit it."""
    chat, message, inline = addressed(call, Access.EDIT, "message to edit")
    if inline:
        return chat, message, True
    own = message.sender_id == call.bot.id
    if is_service(message) or not (
        own or (chat.type == "channel" and has_right(chat, call.bot.id, "can_edit_messages"))
    ):
        raise bad_request("message can't be edited")
    return chat, message, False


def apply_to(call: Call, place: Target, replaced: set[str], fresh: Json, *, markup_only: bool = False) -> Any:
    """Puts new content and keyboard into the message; the same as before is refused."""
    chat, message, inline = place
    markup = inline_only(call.get("reply_markup"), chat)
    kept = {name: value for name, value in message.content.items() if name not in {*replaced, "reply_markup"}}
    content = {**kept, **fresh, **({"reply_markup": markup} if markup else {})}
    if content == message.content:
        raise bad_request(_NOT_MODIFIED)
    message.content = content
    message.effects["by"] = call.bot.id
    edited(call.world, chat, message, hidden=markup_only)
    return True if inline else answer(call, chat, message)


@method("editMessageText", ignored=("business_connection_id", "rich_message"), gaps="rich messages are refused")
def edit_message_text(call: Call) -> Any:
    """New text; only for text messages."""
    chat, message, inline = target(call)
    if call.get("rich_message") and not call.get("text"):
        raise bad_request("RICH_MESSAGE_INVALID")
    fresh = text_content(call.get("text") or "", call.get("parse_mode"), call.get("entities"))
    if "text" not in message.content:
        raise bad_request("there is no text in the message to edit")
    if call.get("link_preview_options"):
        fresh["link_preview_options"] = call.get("link_preview_options")
    return apply_to(call, (chat, message, inline), _TEXT, fresh)


@method("editMessageCaption", ignored=("business_connection_id",))
def edit_message_caption(call: Call) -> Any:
    """New caption of a media message."""
    chat, message, inline = target(call)
    if not _MEDIA & set(message.content):
        raise bad_request("there is no caption in the message to edit")
    return apply_to(call, (chat, message, inline), _CAPTION, caption_content(call.params))


@method("editMessageMedia", ignored=("business_connection_id",))
async def edit_message_media(call: Call) -> Any:
    """Another file in place of the old one."""
    chat, message, inline = target(call)
    item = call.get("media")
    kind = item.get("type") if isinstance(item, dict) else None
    if kind not in {"photo", "live_photo", "video", "animation", "audio", "document"}:
        raise bad_request(f'can\'t parse InputMedia: type "{kind}" is unsupported')
    if message.content.get("media_group_id"):
        _require_same_album(message, kind)
    fresh = await piece_content(call, kind, item, item.get("media"))
    fresh.update(caption_content(item))
    if item.get("has_spoiler"):
        fresh["has_media_spoiler"] = True
    return apply_to(call, (chat, message, inline), {*_MEDIA, *_TEXT}, fresh)


def _require_same_album(message: Message, kind: str) -> None:
    """Audio stays audio and a document a document; pictures and videos of an album may stand for each other."""
    if kind == "animation":
        raise bad_request("Message content type can't be used in an album")
    held = next(name for name in _ALBUM if name in message.content)
    if kind != held and {kind, held} & {"audio", "document"}:
        raise bad_request("Can't change media type in the album")


@method("editMessageReplyMarkup", ignored=("business_connection_id",))
def edit_message_reply_markup(call: Call) -> Any:
    """Another keyboard, or none."""
    return apply_to(call, target(call), set(), {}, markup_only=True)


def _live(call: Call) -> tuple[Target, Json]:
    """The message of a live location that is still going, and the location."""
    place = target(call)
    location = place[1].content.get("location")
    if not location or not location.get("live_period"):
        raise bad_request("message can't be edited")
    return place, location


@method("editMessageLiveLocation", ignored=("business_connection_id",))
def edit_message_live_location(call: Call) -> Any:
    """Moves a live location."""
    place, location = _live(call)
    return apply_to(call, place, {"location"}, {"location": {**location, **location_of(call.params)}})


@method("stopMessageLiveLocation", ignored=("business_connection_id",))
def stop_message_live_location(call: Call) -> Any:
    """Ends a live location."""
    place, location = _live(call)
    still = {name: location[name] for name in ("latitude", "longitude")}
    return apply_to(call, place, {"location"}, {"location": still})
