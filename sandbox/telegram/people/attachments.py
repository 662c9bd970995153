"""What a person attaches: files as base64, as a form part, by size only, or a sample; places, contacts, polls, dice."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from sandbox.telegram.errors import ControlError
from sandbox.telegram.files import Incoming, reuse, store
from sandbox.telegram.images import png
from sandbox.telegram.model import Person
from sandbox.telegram.world import World
from sandbox.wire import Upload

Json = dict[str, Any]
KINDS = ("photo", "video", "document", "voice", "audio", "sticker", "animation", "video_note")
_NUMBERS: dict[str, Json] = {
    "video": {"width": 640, "height": 360, "duration": 5},
    "animation": {"width": 320, "height": 240, "duration": 2},
    "voice": {"duration": 3},
    "audio": {"duration": 60},
    "video_note": {"length": 240, "duration": 5},
    "sticker": {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False, "emoji": "👍"},
}


def sample_picture(width: int = 320, height: int = 240) -> bytes:
    """A real PNG: a soft gradient, so that pages have something to show."""
    rows = b"".join(
        b"\0" + bytes(value for x in range(width) for value in (80 + x * 150 // width, 120 + y * 100 // height, 190))
        for y in range(height)
    )
    return png(width, height, rows)


def content(world: World, someone: Person, wanted: Json) -> Json:
    """The one attachment of a request as message content, {} when there is none."""
    for kind in KINDS:
        if kind in wanted:
            return file_content(world, kind, wanted[kind])
    if "contact" in wanted:
        return {"contact": contact_of(someone, wanted["contact"])}
    if "poll" in wanted:
        return {"poll": _poll(world, wanted["poll"])}
    if "dice" in wanted:
        return {"dice": {"emoji": str(wanted["dice"]), "value": 4}}
    return _place(wanted)


def _place(wanted: Json) -> Json:
    if "venue" in wanted:
        place = wanted["venue"]
        venue = {"location": _point(place), "title": str(place["title"]), "address": str(place.get("address", ""))}
        return {"venue": venue, "location": venue["location"]}
    if "location" in wanted:
        return {"location": {**wanted["location"], **_point(wanted["location"])}}
    return {}


def _point(place: Json) -> Json:
    return {"latitude": float(place["latitude"]), "longitude": float(place["longitude"])}


def _poll(world: World, given: Json) -> Json:
    """An open anonymous poll, as a person's client makes it: a question and 2 to 12 options."""
    options = [str(option) for option in given.get("options", [])]
    if not str(given.get("question", "")) or not 2 <= len(options) <= 12:
        raise ControlError(400, "a poll has a question and 2 to 12 options")
    return {
        "id": world.number("poll", 19),
        "question": str(given["question"]),
        "options": [{"persistent_id": str(at), "text": text, "voter_count": 0} for at, text in enumerate(options)],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": bool(given.get("allows_multiple_answers", False)),
        "allows_revoting": True,
        "members_only": False,
    }


def contact_of(someone: Person, given: Any) -> Json:
    """The given contact, or the person's own when it is just ``true``."""
    if isinstance(given, dict):
        return {"phone_number": "", "first_name": "", **given}
    own: Json = {"phone_number": someone.phone_number, "first_name": someone.first_name, "user_id": someone.id}
    return {**own, "last_name": someone.last_name} if someone.last_name else own


def file_content(world: World, kind: str, given: Any) -> Json:
    """A file as the object of its kind."""
    if isinstance(given, str) and given not in {"true", "sample"}:
        known = reuse(world, kind, given)
        if known is None:
            raise ControlError(400, "unknown file id")
        return known
    stored = store(world, kind, _incoming(kind, given))
    if kind == "animation":
        stored["document"] = {name: stored["animation"][name] for name in ("file_id", "file_unique_id", "file_size")}
    return stored


def _incoming(kind: str, given: Any) -> Incoming:
    attributes = dict(_NUMBERS.get(kind, {}))
    if isinstance(given, Upload):
        mime_type = given["content_type"]
        return Incoming(given["content"], given["filename"] or "", mime_type, attributes=attributes)
    facts = given if isinstance(given, dict) else {}
    for name in attributes:
        if name in facts:
            attributes[name] = facts[name]
    if "base64" in facts:
        try:
            raw = base64.b64decode(str(facts["base64"]), validate=True)
        except binascii.Error as error:
            raise ControlError(400, f"base64: {error}") from error
    elif "text" in facts:
        raw = str(facts["text"]).encode()
    elif kind == "photo":
        raw = sample_picture(int(facts.get("width", 320)), int(facts.get("height", 240)))
    else:
        raw = b"sandbox sample " + kind.encode()
    name = str(facts.get("name") or facts.get("file_name") or "")
    mime_type = str(facts.get("mime_type") or "")
    return Incoming(raw, name, mime_type, int(facts.get("size") or 0), attributes)
