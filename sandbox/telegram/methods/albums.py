"""sendMediaGroup: two to ten pieces that share one ``media_group_id``."""

from __future__ import annotations

from typing import Any

from sandbox.telegram.access import Access
from sandbox.telegram.call import Call, method
from sandbox.telegram.errors import bad_request
from sandbox.telegram.methods.media import piece_content
from sandbox.telegram.outgoing import SENT_ONLY_NOTED, answer, answered_message, caption_content
from sandbox.telegram.outgoing import new_message as draft_message
from sandbox.telegram.posting import post

_KINDS = {"photo", "live_photo", "video", "document", "audio"}


@method(
    "sendMediaGroup",
    ignored=SENT_ONLY_NOTED,
    gaps="one piece alone is refused as documented, the real wording is unknown",
)
async def send_media_group(call: Call) -> list[Any]:
    """An album; all pieces appear or none."""
    items = call.get("media")
    if not items:
        raise bad_request("there are no messages to send")
    if len(items) > 10:
        raise bad_request("too many messages to send as an album")
    kinds = {_kind(item) for item in items}
    if len(kinds) > 1 and kinds & {"document", "audio"}:
        raise bad_request("document can't be mixed with other media types" if "document" in kinds else _audio_mixed())
    if len(items) < 2:
        raise bad_request("media group must include 2-10 items")
    chat = call.chat(Access.WRITE)
    reply_to, extra = answered_message(call, chat)
    contents = []
    for item in items:
        kind = item["type"]
        content = await piece_content(call, kind, item, item.get("media"))
        content.update(caption_content(item))
        if item.get("has_spoiler"):
            content["has_media_spoiler"] = True
        contents.append(content)
    group_id = call.world.number("album", 17)
    sent = []
    for content in contents:
        message = draft_message(call, chat, {**content, "media_group_id": group_id, **extra}, reply_to)
        sent.append(post(call.world, chat, message))
    return [answer(call, chat, message) for message in sent]


def _audio_mixed() -> str:
    return "audio can't be mixed with other media types"


def _kind(item: Any) -> str:
    if not isinstance(item, dict):
        raise bad_request("can't parse InputMedia: expected an Object")
    kind = item.get("type")
    if kind not in _KINDS:
        raise bad_request(f"can't parse InputMedia: type \"{kind}\" can't be used in sendMediaGroup")
    if not item.get("media"):
        raise bad_request("can't parse InputMedia: media not found")
    return str(kind)
