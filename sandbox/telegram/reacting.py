"""Reactions: who put which, and the two kinds of updates about them."""

from __future__ import annotations

import re
from typing import Any

from sandbox.telegram.access import is_admin
from sandbox.telegram.model import Chat, Message
from sandbox.telegram.posting import lane_of
from sandbox.telegram.render import chat_json, user_json
from sandbox.telegram.updates import enqueue
from sandbox.telegram.world import World

Json = dict[str, Any]
# The emoji that may serve as free reactions, as documented for ReactionTypeEmoji.
EMOJI = frozenset(
    re.findall(
        r"\S+",
        "❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 "
        "😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡",
    )
)


def react(world: World, chat: Chat, message: Message, actor_id: int, reactions: list[Json]) -> None:
    """Replaces the reactions of one account and tells the bots that may know."""
    key = str(actor_id)
    old = message.reactions.get(key, [])
    if old == reactions:
        return
    if reactions:
        message.reactions[key] = reactions
    else:
        message.reactions.pop(key, None)
    place: Json = {"chat": chat_json(world, chat), "message_id": message.message_id, "date": world.now()}
    if chat.type == "channel":
        kind, body = "message_reaction_count", {**place, "reactions": counts(message)}
    else:
        who = user_json(world.account(actor_id), actor_id)
        kind, body = "message_reaction", {**place, "user": who, "old_reaction": old, "new_reaction": reactions}
    for bot in world.state.bots.values():
        if actor_id not in world.state.bots and (chat.bot_id == bot.id or is_admin(chat, bot.id)):
            enqueue(world, bot, kind, body, lane_of(chat))
    world.tell("reaction", chat=chat.key, message_id=message.message_id)


def counts(message: Message) -> list[Json]:
    """``ReactionCount`` list, most frequent first."""
    totals: dict[str, tuple[Json, int]] = {}
    for reactions in message.reactions.values():
        for reaction in reactions:
            key = str(reaction.get("emoji") or reaction.get("custom_emoji_id"))
            totals[key] = (reaction, totals.get(key, (reaction, 0))[1] + 1)
    ordered = sorted(totals.values(), key=lambda pair: -pair[1])
    return [{"type": reaction, "total_count": total} for reaction, total in ordered]
