"""Updates: which kinds a bot wants, their numbers, their queue.

Called by everything that happens in the world; read by long polling and by webhook delivery.
"""

from __future__ import annotations

from typing import Any

from sandbox.telegram.model import Bot, Pending
from sandbox.telegram.world import World

KINDS = (
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
    "guest_message",
    "message_reaction",
    "message_reaction_count",
    "inline_query",
    "chosen_inline_result",
    "callback_query",
    "shipping_query",
    "pre_checkout_query",
    "purchased_paid_media",
    "poll",
    "poll_answer",
    "my_chat_member",
    "chat_member",
    "chat_join_request",
    "chat_boost",
    "removed_chat_boost",
    "managed_bot",
)
OFF_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
KEPT_SECONDS = 24 * 3600


def wants(bot: Bot, kind: str) -> bool:
    """True when the bot receives updates of this kind."""
    return kind in bot.allowed_updates if bot.allowed_updates else kind not in OFF_BY_DEFAULT


def enqueue(world: World, bot: Bot, kind: str, body: dict[str, Any], lane: str) -> None:
    """Gives the update its number and puts it at the end of the queue; unwanted kinds vanish."""
    if not wants(bot, kind):
        return
    update_id = bot.next_update_id
    bot.next_update_id += 1
    bot.updates.append(Pending(update_id, lane, kind, body, world.now() + KEPT_SECONDS))
    for listener in world.update_listeners:
        listener(bot)


def drop_expired(world: World, bot: Bot) -> None:
    """Updates older than a day are gone."""
    now = world.now()
    if bot.updates and bot.updates[0].expires_at <= now:
        bot.updates = [pending for pending in bot.updates if pending.expires_at > now]


def as_json(pending: Pending) -> dict[str, Any]:
    """``Update`` as it leaves the server."""
    return {"update_id": pending.update_id, pending.kind: pending.body}


def accept_allowed(bot: Bot, wanted: list[Any] | None) -> None:
    """Takes ``allowed_updates``; left out it keeps what was set, unknown names are ignored."""
    if wanted is None:
        return
    known = [kind for kind in wanted if kind in KINDS]
    bot.allowed_updates = [] if set(known) == set(KINDS) - OFF_BY_DEFAULT else known
