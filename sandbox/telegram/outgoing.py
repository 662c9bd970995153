"""What the sending methods share: options of a send, answers to messages, content with files, the stored message.

Called by method modules only.
"""

from __future__ import annotations

from typing import Any

import aiohttp

from sandbox.telegram.access import Access, find_chat
from sandbox.telegram.call import Call
from sandbox.telegram.entities.text import parse_text
from sandbox.telegram.entities.units import utf16_length, utf16_slice
from sandbox.telegram.errors import bad_request
from sandbox.telegram.files import Incoming, reuse, store
from sandbox.telegram.keyboards import any_markup
from sandbox.telegram.model import Chat, Message
from sandbox.telegram.posting import post
from sandbox.telegram.render import chat_json, message_json, user_json
from sandbox.wire import Upload

Json = dict[str, Any]
MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_URL_BYTES = {"photo": 5_000_000}
SENT_ONLY_NOTED = (
    "allow_paid_broadcast",
    "direct_messages_topic_id",
    "disable_notification",
    "message_effect_id",
    "suggested_post_parameters",
)


def text_content(text: str, parse_mode: str | None, entities: list[Any] | None) -> Json:
    """``text`` and ``entities`` of a message; refuses empty and over-long texts, counted after parsing."""
    bare, found = parse_text(text, parse_mode, entities)
    if not bare:
        raise bad_request("message text is empty")
    if utf16_length(bare) > MAX_TEXT:
        raise bad_request("message is too long")
    return {"text": bare, **({"entities": found} if found else {})}


def caption_content(source: Json) -> Json:
    """``caption`` and ``caption_entities`` out of parameters or of an InputMedia object."""
    raw = source.get("caption") or ""
    if not raw:
        return {}
    bare, found = parse_text(str(raw), source.get("parse_mode"), source.get("caption_entities"))
    if utf16_length(bare) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    if not bare:
        return {}
    above = {"show_caption_above_media": True} if source.get("show_caption_above_media") else {}
    return {"caption": bare, **({"caption_entities": found} if found else {}), **above}


async def media_content(call: Call, kind: str, given: Any, attributes: Json | None = None) -> Json:
    """The file object for a parameter: an upload, ``attach://``, a known file id or an address to fetch."""
    source = given
    if isinstance(source, str) and source.startswith("attach://"):
        source = call.upload(source.removeprefix("attach://"))
        if source is None:
            raise bad_request(f"there is no {kind.replace('_', ' ')} in the request")
    if isinstance(source, Upload):
        incoming = Incoming(
            source["content"], source["filename"] or "", _mime(source["content_type"]), attributes=attributes or {}
        )
        return store(call.world, kind, incoming)
    text = str(source)
    known = reuse(call.world, kind, text)
    if known is not None:
        return known
    if text.startswith(("http://", "https://")):
        incoming = await _fetch(text, kind)
        incoming.attributes = attributes or {}
        return store(call.world, kind, incoming)
    if "." in text or "/" in text:
        raise bad_request("wrong file identifier/HTTP URL specified")
    raise bad_request("wrong remote file identifier specified: can't unserialize it. Wrong last symbol")


def _mime(declared: str) -> str:
    return "" if declared == "application/octet-stream" else declared


async def _fetch(url: str, kind: str) -> Incoming:
    """What the real server does with an address: one GET, small files only."""
    limit = MAX_URL_BYTES.get(kind, 20_000_000)
    timeout = aiohttp.ClientTimeout(total=20)
    try:
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(url) as answer:
            if answer.status != 200:
                raise bad_request("failed to get HTTP URL content")
            content = await answer.content.read(limit + 1)
            mime_type = answer.content_type
    except (aiohttp.ClientError, TimeoutError, ValueError):
        raise bad_request("failed to get HTTP URL content") from None
    if len(content) > limit:
        raise bad_request("failed to get HTTP URL content")
    if kind == "photo" and not mime_type.startswith("image/"):
        raise bad_request("wrong type of the web page content")
    return Incoming(content, url.rpartition("/")[2].partition("?")[0], _mime(mime_type))


def answered_message(call: Call, chat: Chat) -> tuple[int, Json]:
    """(message answered in this chat or 0, content that describes the answer: quote, external reply)."""
    wanted = call.get("reply_parameters") or {}
    message_id = int(wanted.get("message_id") or 0)
    if message_id <= 0:
        return 0, {}
    place = chat
    if str(wanted.get("chat_id") or "") not in {"", str(chat.id)}:
        place = find_chat(call.world, call.bot, wanted["chat_id"], Access.READ)
    message = place.messages.get(message_id)
    if message is None or message.deleted:
        if wanted.get("allow_sending_without_reply"):
            return 0, {}
        raise bad_request("message to be replied not found")
    extra = _quote(wanted, message)
    if place is chat:
        return message_id, extra
    external = {"origin": origin_json(call, place, message), "message_id": message_id}
    if place.type != "private":
        external["chat"] = chat_json(call.world, place)
    for name in ("photo", "document", "video", "voice", "audio", "sticker", "location", "contact", "animation"):
        if name in message.content:
            external[name] = message.content[name]
    return 0, {"external_reply": external, **extra}


def _quote(wanted: Json, message: Message) -> Json:
    if not wanted.get("quote"):
        return {}
    text, entities = parse_text(str(wanted["quote"]), wanted.get("quote_parse_mode"), wanted.get("quote_entities"))
    whole = message.content.get("text") or message.content.get("caption") or ""
    position = int(wanted.get("quote_position") or 0)
    size = utf16_length(text)
    if utf16_slice(whole, position, size) != text:
        at = whole.find(text)
        if at < 0 or not text:
            raise bad_request("QUOTE_TEXT_INVALID")
        position = utf16_length(whole[:at])
    return {
        "quote": {"text": text, "position": position, "is_manual": True, **({"entities": entities} if entities else {})}
    }


def origin_json(call: Call, chat: Chat, message: Message) -> Json:
    """``MessageOrigin``: where a forwarded or externally answered message came from."""
    if message.content.get("forward_origin"):
        return dict(message.content["forward_origin"])
    if chat.type == "channel":
        signature = {"author_signature": message.author_signature} if message.author_signature else {}
        shown = chat_json(call.world, chat)
        return {"type": "channel", "date": message.date, "chat": shown, "message_id": message.message_id, **signature}
    if message.sender_chat_id:
        sender = call.world.chat(message.sender_chat_id)
        shown = chat_json(call.world, sender) if sender else {}
        return {"type": "chat", "date": message.date, "sender_chat": shown}
    sender_json = user_json(call.world.account(message.sender_id), message.sender_id)
    return {"type": "user", "date": message.date, "sender_user": sender_json}


def thread_of(call: Call, chat: Chat) -> int:
    """The topic named by ``message_thread_id``, refused when it is not there or closed."""
    thread_id = int(call.get("message_thread_id") or 0)
    if not thread_id:
        return 0
    topic = chat.topics.get(thread_id)
    if topic is None and not (chat.is_forum and thread_id == 1):
        raise bad_request("message thread not found")
    if topic is not None and topic.closed and chat.type != "private":
        raise bad_request("TOPIC_CLOSED")
    return thread_id


def send(call: Call, chat: Chat, content: Json, **fields: Any) -> Message:
    """Builds and posts a bot's message with markup, answer, topic and protection taken from the call."""
    inline, keyboard = any_markup(call.get("reply_markup"), chat)
    reply_to, extra = answered_message(call, chat)
    message = new_message(call, chat, {**content, **extra}, reply_to)
    if inline:
        message.content["reply_markup"] = inline
    for name, value in fields.items():
        setattr(message, name, value)
    if keyboard:
        chat.reply_keyboard = {} if keyboard["kind"] == "remove" else {**keyboard, "bot_id": call.bot.id}
    return post(call.world, chat, message)


def new_message(call: Call, chat: Chat, content: Json, reply_to: int = 0) -> Message:
    """A message of the bot that is not in the chat yet."""
    message = Message(0, 0, call.bot.id, content, reply_to=reply_to, thread_id=thread_of(call, chat))
    message.protected = bool(call.get("protect_content"))
    if chat.type == "channel":
        message.sender_chat_id = chat.id
    draft_topic = int(chat.draft.get("thread_id") or 0) if chat.draft else 0
    if chat.draft and draft_topic == message.thread_id:
        chat.draft = {}
    return message


def answer(call: Call, chat: Chat, message: Message) -> Json:
    """The sent message as the method's result."""
    return message_json(call.world, chat, message)
