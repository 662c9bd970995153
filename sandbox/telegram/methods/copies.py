"""Forwarding and copying."""

from __future__ import annotations

import copy
from typing import Any

from sandbox.telegram.access import Access, find_message
from sandbox.telegram.call import Call, method
from sandbox.telegram.errors import bad_request
from sandbox.telegram.model import Chat, Message
from sandbox.telegram.outgoing import SENT_ONLY_NOTED, answer, caption_content, new_message, origin_json, send
from sandbox.telegram.posting import is_service, post

Json = dict[str, Any]
_NOT_CARRIED = {"reply_markup", "forward_origin", "external_reply", "quote", "media_group_id"}
_UNCOPIED = {"invoice", "paid_media", "giveaway"}


def carried(message: Message, *, keep_caption: bool = True) -> Json:
    """The content that travels with a copy."""
    dropped = set(_NOT_CARRIED) if keep_caption else {*_NOT_CARRIED, "caption", "caption_entities"}
    return {name: copy.deepcopy(value) for name, value in message.content.items() if name not in dropped}


def forwarded(call: Call, source: Chat, message: Message, groups: dict[str, str]) -> Message:
    """A message that says where it came from; albums stay together under a fresh group id."""
    content = {**carried(message), "forward_origin": origin_json(call, source, message)}
    old_group = message.content.get("media_group_id")
    if old_group:
        content["media_group_id"] = groups.setdefault(old_group, call.world.number("album", 17))
    return new_message(call, call.chat(Access.WRITE), content)


def _source(call: Call, message_id: int, what: str) -> tuple[Chat, Message]:
    source = call.chat(Access.READ, "from_chat_id")
    message = find_message(source, message_id, f"message to {what}")
    if is_service(message) or (what == "copy" and _UNCOPIED & set(message.content)):
        raise bad_request(f"message can't be {'copied' if what == 'copy' else 'forwarded'}")
    if message.protected:
        text = (
            "message has protected content and can't be forwarded" if what == "forward" else "message can't be copied"
        )
        raise bad_request(text)
    return source, message


@method("forwardMessage", ignored=(*SENT_ONLY_NOTED, "video_start_timestamp"))
def forward_message(call: Call) -> Json:
    """One message with its origin."""
    chat = call.chat(Access.WRITE)
    source, message = _source(call, call.get("message_id"), "forward")
    return answer(call, chat, post(call.world, chat, forwarded(call, source, message, {})))


def _many(call: Call, what: str) -> list[tuple[Chat, Message]]:
    """Messages of a list that exist and may travel; unknown ones are skipped, as the real service does."""
    numbers = [int(number) for number in call.get("message_ids")]
    if not numbers:
        raise bad_request("message identifiers are not specified")
    if len(numbers) > 100:
        raise bad_request("too many message identifiers specified")
    if numbers != sorted(set(numbers)):
        raise bad_request("message identifiers must be in a strictly increasing order")
    source = call.chat(Access.READ, "from_chat_id")
    found = []
    for number in numbers:
        message = source.messages.get(number)
        if message is not None and not (message.deleted or message.protected or is_service(message)):
            found.append((source, message))
    if not found:
        raise bad_request(f"there are no messages to {what}")
    return found


@method("forwardMessages", ignored=SENT_ONLY_NOTED)
def forward_messages(call: Call) -> list[Json]:
    """Many messages, albums kept."""
    chat = call.chat(Access.WRITE)
    groups: dict[str, str] = {}
    sent = [post(call.world, chat, forwarded(call, source, item, groups)) for source, item in _many(call, "forward")]
    return [{"message_id": message.message_id} for message in sent]


@method("copyMessage", ignored=(*SENT_ONLY_NOTED, "video_start_timestamp"))
def copy_message(call: Call) -> Json:
    """One message without its origin; a new caption replaces the old one."""
    chat = call.chat(Access.WRITE)
    _, message = _source(call, call.get("message_id"), "copy")
    replace = "caption" in call.raw and "text" not in message.content
    content = carried(message, keep_caption=not replace)
    if replace:
        content.update(caption_content(call.params))
    if "poll" in content:
        content["poll"] = {**content["poll"], "id": call.world.number("poll", 19), "total_voter_count": 0}
    return {"message_id": send(call, chat, content).message_id}


@method("copyMessages", ignored=SENT_ONLY_NOTED)
def copy_messages(call: Call) -> list[Json]:
    """Many messages without origin, albums kept."""
    chat = call.chat(Access.WRITE)
    groups: dict[str, str] = {}
    answers = []
    for _, message in _many(call, "copy"):
        content = carried(message, keep_caption=not call.get("remove_caption"))
        old_group = message.content.get("media_group_id")
        if old_group:
            content["media_group_id"] = groups.setdefault(old_group, call.world.number("album", 17))
        answers.append({"message_id": post(call.world, chat, new_message(call, chat, content)).message_id})
    return answers
