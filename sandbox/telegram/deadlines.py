"""What ends by itself: polls, bans and restrictions.

The methods that begin such a thing note its end here; the server looks for ends that have come. Follows the world's
clock.
"""

from __future__ import annotations

from typing import Any

from sandbox.telegram.model import Chat, Message
from sandbox.telegram.posting import edited
from sandbox.telegram.updates import enqueue
from sandbox.telegram.world import World


def set_end(world: World, poll: dict[str, Any], period: int, date: int) -> None:
    """Gives a poll both of its ends, seconds after sending and Unix time, out of the one that is wanted."""
    if period or date > world.now():
        poll["open_period"] = period or date - world.now()
        poll["close_date"] = date if not period else world.now() + period


def watch(world: World, chat: Chat, message: Message) -> None:
    """Remembers a sent poll that has an end."""
    if message.content["poll"].get("close_date"):
        world.state.closing.append([message.content["poll"]["close_date"], chat.key, message.message_id])


def close_due(world: World) -> None:
    """Closes polls whose end has come; their bots and the pages hear of it."""
    due = [one for one in world.state.closing if one[0] <= world.now()]
    for one in due:
        world.state.closing.remove(one)
        chat = world.state.chats.get(one[1])
        message = chat.messages.get(one[2]) if chat else None
        if chat and message and not message.deleted and not message.content["poll"]["is_closed"]:
            close(world, chat, message)


_SHORTEST_SECONDS = 30
_LONGEST_SECONDS = 366 * 86_400


def end_of(world: World, until: int) -> int:
    """When a ban or restriction ends, 0 for never: ends too near and too far count as none, as documented."""
    return until if _SHORTEST_SECONDS <= until - world.now() <= _LONGEST_SECONDS else 0


def watch_member(world: World, chat: Chat, account_id: int, until: int) -> None:
    """Remembers that somebody's ban or restriction in a supergroup or channel has an end."""
    if until and chat.type != "group":
        world.state.lifting.append([until, chat.key, account_id])


def lift_due(world: World) -> None:
    """Ends bans and restrictions whose time is over; whoever was put out may come back, and is not brought back."""
    due = [one for one in world.state.lifting if one[0] <= world.now()]
    for one in due:
        world.state.lifting.remove(one)
        chat = world.state.chats.get(one[1])
        facts = chat.members.get(one[2], {}) if chat else {}
        if chat and facts.get("until_date") == one[0]:
            inside = facts["status"] == "restricted" and facts.get("is_member")
            chat.members[one[2]] = {"status": "member" if inside else "left"}
            world.tell("chat", chat=chat.key)


def close(world: World, chat: Chat, message: Message) -> None:
    """Closes a poll; the bot that sent it gets an update."""
    poll = message.content["poll"] = {**message.content["poll"], "is_closed": True}
    if (owner := world.state.bots.get(message.sender_id)) is not None:
        enqueue(world, owner, "poll", poll, f"poll:{poll['id']}")
    edited(world, chat, message, hidden=True)
