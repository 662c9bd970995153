"""Inline query results: the message that each kind becomes when a person chooses it."""

from __future__ import annotations

from typing import Any

from sandbox.telegram.errors import bad_request
from sandbox.telegram.files import by_file_id, reuse
from sandbox.telegram.outgoing import caption_content, text_content
from sandbox.telegram.world import World

Json = dict[str, Any]
_CACHED = {
    "photo": "photo_file_id",
    "gif": "gif_file_id",
    "mpeg4_gif": "mpeg4_file_id",
    "sticker": "sticker_file_id",
    "document": "document_file_id",
    "video": "video_file_id",
    "voice": "voice_file_id",
    "audio": "audio_file_id",
}
_ANIMATIONS = {"gif", "mpeg4_gif"}


def content_of(world: World, result: Any) -> Json:
    """Content of the message; refuses what the real service refuses. Media by address become their caption or title."""
    if not isinstance(result, dict):
        raise bad_request("inline query result must be an object")
    kind = str(result.get("type", ""))
    if not 1 <= len(str(result.get("id", "")).encode()) <= 64:
        raise bad_request("RESULT_ID_INVALID")
    given = result.get("input_message_content")
    if isinstance(given, dict):
        return _given(given)
    if kind == "article":
        raise bad_request("can't parse inline query result: Input message content is not specified")
    if kind == "location":
        return {"location": {"latitude": float(result["latitude"]), "longitude": float(result["longitude"])}}
    if kind == "contact":
        return {
            "contact": {name: result[name] for name in ("phone_number", "first_name", "last_name") if name in result}
        }
    if kind not in _CACHED:
        raise bad_request(f'type "{kind}" is unsupported for the inline query result')
    file_id = str(result.get(_CACHED[kind], ""))
    if file_id:
        if by_file_id(world, file_id) is None:
            raise bad_request("wrong remote file identifier specified: can't unserialize it. Wrong last symbol")
        media = reuse(world, "animation" if kind in _ANIMATIONS else kind, file_id) or {}
        return {**media, **caption_content(result)}
    shown = result.get("caption") or result.get("title") or kind
    return text_content(str(shown), result.get("parse_mode"), result.get("caption_entities"))


def _given(given: Json) -> Json:
    if "message_text" in given:
        return text_content(str(given["message_text"]), given.get("parse_mode"), given.get("entities"))
    if "latitude" in given and "title" not in given:
        return {"location": {"latitude": float(given["latitude"]), "longitude": float(given["longitude"])}}
    if "phone_number" in given:
        return {"contact": {name: given[name] for name in ("phone_number", "first_name", "last_name") if name in given}}
    raise bad_request("can't parse inline query result: unsupported input message content")
