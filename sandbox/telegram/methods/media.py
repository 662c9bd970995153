"""Methods that send one file: photo, video, animation, audio, voice, video note, document, sticker, paid media."""

from __future__ import annotations

from typing import Any

from sandbox.telegram.access import Access
from sandbox.telegram.call import Call, Handler, method
from sandbox.telegram.errors import bad_request
from sandbox.telegram.outgoing import SENT_ONLY_NOTED, answer, caption_content, media_content, send

Json = dict[str, Any]
_NO_PROCESSING = "durations, sizes and titles are what the caller says (0 by default); thumbnails are dropped"


def attributes_of(kind: str, source: Json) -> Json:
    """Fields that the caller may state about a file of this kind."""
    numbers = {
        "video": ("width", "height", "duration"),
        "animation": ("width", "height", "duration"),
        "audio": ("duration",),
        "voice": ("duration",),
        "video_note": ("length", "duration"),
    }.get(kind, ())
    stated: Json = {name: int(source.get(name) or 0) for name in numbers}
    if kind == "video_note" and not stated["length"]:
        stated["length"] = 240
    for name in ("performer", "title") if kind == "audio" else ():
        if source.get(name):
            stated[name] = str(source[name])
    if kind == "sticker":
        stated = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        if source.get("emoji"):
            stated["emoji"] = source["emoji"]
    return stated


async def send_file(call: Call, kind: str) -> Json:
    """Checks the caption, takes the file in, posts the message."""
    content = caption_content(call.params) if kind not in {"sticker", "video_note"} else {}
    chat = call.chat(Access.WRITE)
    content = {**await media_content(call, kind, call.get(kind), attributes_of(kind, call.params)), **content}
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

    ignored = (*SENT_ONLY_NOTED, "thumbnail", "cover", "start_timestamp", "supports_streaming")
    typed: Handler = handler
    method(name, ignored=ignored, gaps="" if kind == "photo" else _NO_PROCESSING)(typed)


for _name, _kind in (
    ("sendPhoto", "photo"),
    ("sendVideo", "video"),
    ("sendAnimation", "animation"),
    ("sendAudio", "audio"),
    ("sendVoice", "voice"),
    ("sendVideoNote", "video_note"),
    ("sendDocument", "document"),
    ("sendSticker", "sticker"),
):
    _register(_name, _kind)


@method("sendPaidMedia", ignored=SENT_ONLY_NOTED, gaps="nobody can buy the media; only photos and videos are taken")
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
        if kind not in {"photo", "video"}:
            raise bad_request("can't parse InputPaidMedia: invalid type specified")
        stored = await media_content(call, kind, item.get("media"), attributes_of(kind, item))
        shown.append({"type": kind, **stored})
    content = {"paid_media": {"star_count": call.get("star_count"), "paid_media": shown}, **caption}
    return answer(call, chat, send(call, chat, content))
