"""A person writes, edits, deletes, reacts, forwards, votes."""

from __future__ import annotations

import copy
from typing import Any

from sandbox.telegram.access import has_right, is_admin, is_member
from sandbox.telegram.entities.text import parse_text
from sandbox.telegram.entities.units import utf16_length
from sandbox.telegram.errors import ApiError, ControlError
from sandbox.telegram.model import Chat, Message, Person
from sandbox.telegram.people import attachments, who
from sandbox.telegram.posting import edited, is_service, post, remove
from sandbox.telegram.reacting import react as set_reaction
from sandbox.telegram.render import chat_json, user_json
from sandbox.telegram.updates import enqueue
from sandbox.telegram.world import World

Json = dict[str, Any]
_NOT_FORWARDED = {"reply_markup", "forward_origin", "media_group_id", "quote"}


def send(world: World, someone: Person, wanted: Json) -> list[Message]:
    """One message, or several for an album or a long text; answers what was posted."""
    chat = who.chat(world, someone, wanted)
    check_may_write(chat, someone)
    base = _base(world, chat, someone, wanted)
    if "album" in wanted:
        return _album(world, chat, someone, wanted, base)
    if "forward_from" in wanted:
        return [post(world, chat, _filled(base, _forwarded(world, someone, wanted["forward_from"])))]
    content = attachments.content(world, someone, wanted)
    if content:
        content.update(_text(wanted.get("caption", wanted.get("text")), wanted, "caption", "caption_entities"))
        return [post(world, chat, _filled(base, content))]
    if "web_app_data" in wanted:
        return [post(world, chat, _filled(base, {"web_app_data": wanted["web_app_data"]}))]
    content = _text(wanted.get("text"), wanted, "text", "entities")
    if not content:
        raise ControlError(400, "nothing to send")
    return [post(world, chat, _filled(copy.copy(base), part)) for part in _parts(content)]


def check_may_write(chat: Chat, someone: Person) -> None:
    """Refuses blocked bots' chats, channels without the right to post, strangers in groups."""
    if chat.type == "private":
        if chat.blocked:
            raise ControlError(409, "unblock the bot first")
        chat.started = True
    elif chat.type == "channel":
        if not has_right(chat, someone.id, "can_post_messages"):
            raise ControlError(403, "only administrators post in a channel")
    elif not is_member(chat, someone.id):
        raise ControlError(403, "not a member of this chat")


def _base(world: World, chat: Chat, someone: Person, wanted: Json) -> Message:
    message = Message(0, 0, someone.id, reply_to=int(wanted.get("reply_to") or 0))
    message.thread_id = int(wanted.get("message_thread_id") or 0)
    if message.reply_to:
        answered = who.message(chat, message.reply_to)
        message.thread_id = message.thread_id or answered.thread_id
        if wanted.get("quote"):
            message.content = {"quote": _quote(answered, str(wanted["quote"]))}
    if message.thread_id and message.thread_id not in chat.topics and not chat.is_forum:
        raise ControlError(404, f"no topic {message.thread_id}")
    if chat.type == "channel" or (is_admin(chat, someone.id) and chat.members[someone.id].get("is_anonymous")):
        message.sender_chat_id = chat.id
        if wanted.get("signed"):
            message.author_signature = f"{someone.first_name} {someone.last_name}".strip()
    return message


def _quote(answered: Message, words: str) -> Json:
    """What a person marked of the message answered (Bot API, TextQuote)."""
    whole = str(answered.content.get("text") or answered.content.get("caption") or "")
    at = whole.find(words)
    if at < 0:
        raise ControlError(400, "the message has no such words to quote")
    return {"text": words, "position": utf16_length(whole[:at]), "is_manual": True}


def _filled(message: Message, content: Json) -> Message:
    message.content = {**message.content, **content}
    return message


def _text(raw: Any, wanted: Json, name: str, entities_name: str) -> Json:
    if raw is None or raw == "":
        return {}
    try:
        text, entities = parse_text(str(raw), wanted.get("parse_mode"), wanted.get("entities"))
    except ApiError as error:
        raise ControlError(400, error.description) from error
    if not text:
        return {}
    return {name: text, **({entities_name: entities} if entities else {})}


def _parts(content: Json) -> list[Json]:
    """A text over 4096 units leaves a real client in pieces; formatting stays with the first."""
    text = content["text"]
    if utf16_length(text) <= 4096:
        return [content]
    pieces, rest = [], text
    while rest:
        piece = rest[:4096]
        while utf16_length(piece) > 4096:
            piece = piece[:-1]
        pieces.append({"text": piece})
        rest = rest[len(piece) :]
    return pieces


def _album(world: World, chat: Chat, someone: Person, wanted: Json, base: Message) -> list[Message]:
    group_id = world.number("album", 17)
    contents = []
    for item in wanted["album"]:
        kind = str(item.get("type", "photo"))
        content = attachments.file_content(world, kind, item)
        content.update(_text(item.get("caption"), item, "caption", "caption_entities"))
        contents.append({**content, "media_group_id": group_id})
    if not 2 <= len(contents) <= 10:
        raise ControlError(400, "an album has 2 to 10 pieces")
    return [post(world, chat, _filled(copy.copy(base), content)) for content in contents]


def _forwarded(world: World, someone: Person, origin: Json) -> Json:
    source = who.chat(world, someone, origin)
    message = who.message(source, origin.get("message_id"))
    if is_service(message) or message.protected:
        raise ControlError(409, "this message can't be forwarded")
    content = {key: copy.deepcopy(value) for key, value in message.content.items() if key not in _NOT_FORWARDED}
    if message.content.get("forward_origin"):
        content["forward_origin"] = message.content["forward_origin"]
    elif source.type == "channel":
        shown = chat_json(world, source)
        content["forward_origin"] = {
            "type": "channel",
            "date": message.date,
            "chat": shown,
            "message_id": message.message_id,
        }
    elif origin.get("hidden"):
        account = world.account(message.sender_id)
        name = account.first_name if account else ""
        content["forward_origin"] = {"type": "hidden_user", "date": message.date, "sender_user_name": name}
    else:
        sender = user_json(world.account(message.sender_id), message.sender_id)
        content["forward_origin"] = {"type": "user", "date": message.date, "sender_user": sender}
    return content


def edit(world: World, someone: Person, wanted: Json) -> Message:
    """A person changes the text, caption or place of their own message."""
    chat = who.chat(world, someone, wanted)
    message = who.message(chat, wanted.get("message_id"))
    if message.sender_id != someone.id:
        raise ControlError(403, "only one's own messages can be edited")
    if "location" in wanted:
        message.content["location"] = {**message.content.get("location", {}), **wanted["location"]}
    elif "text" in message.content:
        fresh = _text(wanted.get("text"), wanted, "text", "entities")
        if not fresh:
            raise ControlError(400, "a text message cannot become empty")
        message.content = {**_without(message.content, "text", "entities"), **fresh}
    else:
        raw = wanted.get("caption", wanted.get("text"))
        fresh = _text(raw, wanted, "caption", "caption_entities")
        message.content = {**_without(message.content, "caption", "caption_entities"), **fresh}
    edited(world, chat, message)
    return message


def _without(content: Json, *names: str) -> Json:
    return {key: value for key, value in content.items() if key not in names}


def delete(world: World, someone: Person, wanted: Json) -> None:
    """A person deletes a message for both sides; no bot is told."""
    chat = who.chat(world, someone, wanted)
    message = who.message(chat, wanted.get("message_id"))
    if chat.type != "private" and message.sender_id != someone.id and not is_admin(chat, someone.id):
        raise ControlError(403, "not yours to delete")
    remove(world, chat, message, someone.id)


def react(world: World, someone: Person, wanted: Json) -> Message:
    """Sets the person's reaction; an empty ``emoji`` takes it back."""
    chat = who.chat(world, someone, wanted)
    message = who.message(chat, wanted.get("message_id"))
    emoji = wanted.get("emoji") or ""
    reactions = [{"type": "emoji", "emoji": str(emoji)}] if emoji else []
    set_reaction(world, chat, message, someone.id, reactions)
    return message


def vote(world: World, someone: Person, wanted: Json) -> Message:
    """Votes in a poll by option numbers; an empty list takes the vote back."""
    chat = who.chat(world, someone, wanted)
    message = who.message(chat, wanted.get("message_id"))
    poll = message.content.get("poll")
    if poll is None or poll["is_closed"]:
        raise ControlError(409, "no open poll there")
    chosen = sorted({int(number) for number in wanted.get("options", [])})
    if any(not 0 <= number < len(poll["options"]) for number in chosen):
        raise ControlError(400, "no such option")
    votes = message.effects.setdefault("votes", {})
    votes[str(someone.id)] = chosen
    counted = [
        {**option, "voter_count": sum(number in given for given in votes.values())}
        for number, option in enumerate(poll["options"])
    ]
    total = sum(bool(given) for given in votes.values())
    message.content["poll"] = {**poll, "options": counted, "total_voter_count": total}
    owner = world.state.bots.get(message.sender_id)
    if owner is not None:
        enqueue(world, owner, "poll", message.content["poll"], f"poll:{poll['id']}")
        if not poll["is_anonymous"]:
            ids = [poll["options"][number]["persistent_id"] for number in chosen]
            answer = {
                "poll_id": poll["id"],
                "user": user_json(someone),
                "option_ids": chosen,
                "option_persistent_ids": ids,
            }
            enqueue(world, owner, "poll_answer", answer, f"poll:{poll['id']}")
    world.tell("edit", chat=chat.key, message_id=message.message_id)
    return message
