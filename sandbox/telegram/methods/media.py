"""Methods that send one file: photo, live photo, video, animation, audio, voice, video note, document, sticker;
and paid media."""

from __future__ import annotations

from typing import Any

from sandbox.telegram.access import Access
from sandbox.telegram.call import ATTACHED, Call, Handler, method
from sandbox.telegram.errors import bad_request
from sandbox.telegram.files import small_picture
from sandbox.telegram.images import dimensions
from sandbox.telegram.outgoing import SENT_ONLY_NOTED, answer, caption_content, media_content, send
from sandbox.telegram.params import whole
from sandbox.wire import Upload

Json = dict[str, Any]
_NO_PROCESSING = "durations and sizes are what the caller says or an MP4 or OGG file says of itself, else 0; thumbnails are never made"
_WITH_THUMBNAIL = {"animation", "audio", "document", "video", "video_note"}
_STICKER_SUFFIXES = {"tgs": "is_animated", "webm": "is_video"}


def attributes_of(kind: str, source: Json) -> Json:
    """Fields that the caller may state about a file of this kind."""
    numbers = {
        "video": ("width", "height", "duration"),
        "animation": ("width", "height", "duration"),
        "live_photo": ("width", "height", "duration"),
        "audio": ("duration",),
        "voice": ("duration",),
        "video_note": ("length", "duration"),
    }.get(kind, ())
    stated: Json = {name: whole(source.get(name)) for name in numbers}
    for name in ("performer", "title") if kind == "audio" else ():
        if source.get(name):
            stated[name] = str(source[name])
    if kind == "sticker":
        stated = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        if source.get("emoji"):
            stated["emoji"] = source["emoji"]
    return stated


async def piece_content(call: Call, kind: str, source: Json, given: Any) -> Json:
    """The file of a sent or edited piece with what ``source`` states about it: sizes, small picture, cover."""
    stated = attributes_of(kind, source)
    if kind in _WITH_THUMBNAIL:
        stated.update(_thumbnail(call, source.get("thumbnail")))
    if kind == "video" and source.get("start_timestamp"):
        stated["start_timestamp"] = whole(source["start_timestamp"])
    if kind == "video" and source.get("cover"):
        stated["cover"] = (await media_content(call, "photo", source["cover"]))["photo"]
    if kind == "live_photo":
        if not source.get("photo"):
            raise bad_request("there is no photo in the request")
        stated["photo"] = (await media_content(call, "photo", source["photo"]))["photo"]
        stated["width"], stated["height"] = (stated["photo"][-1][name] for name in ("width", "height"))
    if kind == "sticker":
        stated.update(_sticker_facts(call, given))
    return await media_content(call, kind, given, stated)


def _sent_along(call: Call, given: Any) -> Any:
    """The part of the form that `attach://` names; anything else as it is."""
    named = isinstance(given, str) and given.startswith(ATTACHED)
    return call.upload(given.removeprefix(ATTACHED)) if named else given


def _thumbnail(call: Call, given: Any) -> Json:
    """Only a picture that comes along with the call is taken; ids and addresses are passed over, as documented."""
    source = _sent_along(call, given)
    shown = small_picture(call.world, source["content"]) if isinstance(source, Upload) else {}
    return {"thumbnail": shown} if shown else {}


def _sticker_facts(call: Call, given: Any) -> Json:
    """Size of an uploaded picture, and whether the sticker moves."""
    source = _sent_along(call, given)
    if not isinstance(source, Upload):
        return {}
    measured = dimensions(source["content"])
    facts: Json = {"width": measured[0], "height": measured[1]} if measured else {}
    moving = _STICKER_SUFFIXES.get(str(source["filename"] or "").rpartition(".")[2])
    small = small_picture(call.world, source["content"])
    return {**facts, **({"thumbnail": small} if small else {}), **({moving: True} if moving else {})}


async def send_file(call: Call, kind: str) -> Json:
    """Checks the caption, takes the file in, posts the message."""
    content = caption_content(call.params) if kind not in {"sticker", "video_note"} else {}
    chat = call.chat(Access.WRITE)
    content = {**await piece_content(call, kind, call.params, call.get(kind)), **content}
    if kind == "animation":
        # Old clients read an animation as a document: the real service fills both.
        content["document"] = {
            name: value
            for name, value in content["animation"].items()
            if name in {"file_id", "file_unique_id", "file_size", "file_name", "mime_type"}
        }
    if call.get("has_spoiler"):
        content["has_media_spoiler"] = True
    return answer(call, chat, send(call, chat, content))


def _register(name: str, kind: str) -> None:
    async def handler(call: Call) -> Json:
        return await send_file(call, kind)

    typed: Handler = handler
    ignored = (*SENT_ONLY_NOTED, "supports_streaming")
    method(name, ignored=ignored, gaps="" if kind == "photo" else _NO_PROCESSING)(typed)


for _name, _kind in (
    ("sendPhoto", "photo"),
    ("sendLivePhoto", "live_photo"),
    ("sendVideo", "video"),
    ("sendAnimation", "animation"),
    ("sendAudio", "audio"),
    ("sendVoice", "voice"),
    ("sendVideoNote", "video_note"),
    ("sendDocument", "document"),
    ("sendSticker", "sticker"),
):
    _register(_name, _kind)


@method("sendPaidMedia", ignored=SENT_ONLY_NOTED, gaps="nobody can buy the media")
async def send_paid_media(call: Call) -> Json:
    """Media behind a price in Stars."""
    items = call.get("media")
    if not 1 <= len(items) <= 10:
        raise bad_request("invalid number of paid media specified")
    if not 1 <= call.get("star_count") <= 25_000:
        raise bad_request("invalid media price specified")
    caption = caption_content(call.params)
    chat = call.chat(Access.WRITE)
    shown = []
    for item in items:
        kind = item.get("type")
        if kind not in {"photo", "video", "live_photo"}:
            raise bad_request("can't parse InputPaidMedia: invalid type specified")
        stored = await piece_content(call, kind, item, item.get("media"))
        shown.append({"type": kind, **stored})
    content = {"paid_media": {"star_count": call.get("star_count"), "paid_media": shown}, **caption}
    return answer(call, chat, send(call, chat, content))
