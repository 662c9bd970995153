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
    if kind in {"location", "venue", "contact"}:
        return _placed(result)
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
    if "latitude" in given or "phone_number" in given:
        return _placed(given)
    raise bad_request("can't parse inline query result: unsupported input message content")


def _placed(given: Json) -> Json:
    """A place, a named place or a contact; the fields that it needs must be there."""
    try:
        if "phone_number" in given or given.get("type") == "contact":
            needed = {name: str(given[name]) for name in ("phone_number", "first_name")}
            return {"contact": {**needed, **{name: given[name] for name in ("last_name", "vcard") if name in given}}}
        place = {name: float(given[name]) for name in ("latitude", "longitude")}
        if "address" in given:
            venue = {"location": place, "title": str(given["title"]), "address": str(given["address"])}
            return {"venue": venue, "location": place}
    except KeyError as error:
        raise bad_request(f"can't parse inline query result: Can't find field \"{error.args[0]}\"") from None
    except (TypeError, ValueError):
        raise bad_request("can't parse inline query result: Field must be of type Number") from None
    return {"location": place}
