"""Finding the person, bot, chat and message that a control request speaks of."""

from __future__ import annotations

from typing import Any

from sandbox.telegram.access import is_member
from sandbox.telegram.errors import ControlError
from sandbox.telegram.model import Bot, Chat, Message, Person
from sandbox.telegram.world import World

Json = dict[str, Any]


def person(world: World, raw_id: Any) -> Person:
    """The person of an id; 404 for a stranger, 410 for a deleted account."""
    found = world.state.people.get(int(raw_id)) if str(raw_id).isdigit() else None
    if found is None:
        raise ControlError(404, f"no person {raw_id}")
    if found.deleted:
        raise ControlError(410, "the account is deleted")
    return found


def bot(world: World, raw: Any) -> Bot:
    """A bot by id, username or token; an empty value means the only bot there is."""
    text = str(raw or "").strip()
    if not text:
        if len(world.state.bots) == 1:
            return next(iter(world.state.bots.values()))
        raise ControlError(400, "say which bot")
    if text.isdigit() and int(text) in world.state.bots:
        return world.state.bots[int(text)]
    found = world.tokens.get(text) or world.public(text)
    if not isinstance(found, Bot):
        raise ControlError(404, f"no bot {text}")
    return found


def chat(world: World, someone: Person, wanted: Json) -> Chat:
    """The chat a person means by ``chat_id`` (a bot's id, a group's id, @name) or by ``bot``."""
    raw = wanted.get("chat_id")
    if raw in {None, ""}:
        return world.dialog(bot(world, wanted.get("bot")).id, someone.id)
    text = str(raw)
    if text.lstrip("-").isdigit():
        found = world.chat(int(text))
        if found is None and int(text) in world.state.bots:
            return world.dialog(int(text), someone.id)
    else:
        named = world.public(text)
        if isinstance(named, Bot):
            return world.dialog(named.id, someone.id)
        found = named if isinstance(named, Chat) else None
    if found is None:
        raise ControlError(404, f"no chat {text}")
    if not is_member(found, someone.id) and not found.username:
        raise ControlError(403, "not a member of this chat")
    return found


def message(found_in: Chat, raw_id: Any) -> Message:
    """A message that is still there."""
    found = found_in.messages.get(int(raw_id or 0))
    if found is None or found.deleted:
        raise ControlError(404, f"no message {raw_id}")
    return found
