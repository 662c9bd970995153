"""Invite links."""

from __future__ import annotations

from typing import Any

from sandbox.telegram.access import Access, require_right
from sandbox.telegram.call import Call, method
from sandbox.telegram.errors import bad_request
from sandbox.telegram.methods.chats import group_only
from sandbox.telegram.model import Chat
from sandbox.telegram.render import user_json

Json = dict[str, Any]
SUBSCRIPTION_SECONDS, MAX_STARS = 30 * 24 * 3600, 10_000


def _chat(call: Call) -> Chat:
    chat = group_only(call, Access.EDIT)
    require_right(chat, call.bot, "can_invite_users", "not enough rights to manage chat invite link")
    return chat


def _fresh(call: Call, chat: Chat, *, primary: bool) -> Json:
    link: Json = {
        "invite_link": f"https://t.me/+{call.world.secret('invite', 16)}",
        "creator": user_json(call.bot),
        "creates_join_request": False,
        "is_primary": primary,
        "is_revoked": False,
    }
    chat.invite_links.append(link)
    return link


def _set_terms(call: Call, link: Json) -> None:
    if len(call.get("name", "")) > 32:
        raise bad_request("INVITE_LINK_NAME_TOO_LONG")
    limit = int(call.get("member_limit", 0))
    if limit and call.get("creates_join_request"):
        raise bad_request("member limit can't be specified for links requiring administrator approval")
    if not 0 <= limit <= 99999:
        raise bad_request("USAGE_LIMIT_INVALID")
    expires = int(call.get("expire_date", 0))
    if expires and expires < call.world.now():
        raise bad_request("EXPIRE_DATE_INVALID")
    for name, value in (("name", call.get("name")), ("expire_date", expires), ("member_limit", limit)):
        link.pop(name, None)
        if value:
            link[name] = value
    link["creates_join_request"] = bool(call.get("creates_join_request"))


def _shown(link: Json) -> Json:
    return {name: value for name, value in link.items() if name != "joined"}


def _own(call: Call, chat: Chat) -> Json:
    for link in chat.invite_links:
        if link["invite_link"] == call.get("invite_link") and link["creator"]["id"] == call.bot.id:
            return link
    raise bad_request("INVITE_HASH_EXPIRED")


@method("createChatInviteLink")
def create_chat_invite_link(call: Call) -> Json:
    """One more link, with its own terms."""
    chat = _chat(call)
    link = _fresh(call, chat, primary=False)
    _set_terms(call, link)
    return _shown(link)


@method("exportChatInviteLink")
def export_chat_invite_link(call: Call) -> str:
    """A new main link; the old one dies."""
    chat = _chat(call)
    for link in chat.invite_links:
        if link["is_primary"] and link["creator"]["id"] == call.bot.id:
            link["is_revoked"] = True
    return str(_fresh(call, chat, primary=True)["invite_link"])


@method("editChatInviteLink")
def edit_chat_invite_link(call: Call) -> Json:
    """Other terms for a link of the bot."""
    link = _own(call, _chat(call))
    if link["is_primary"] or link["is_revoked"]:
        raise bad_request("INVITE_HASH_EXPIRED")
    _set_terms(call, link)
    return _shown(link)


@method("createChatSubscriptionInviteLink", gaps="joining by the link costs nothing")
def create_subscription_link(call: Call) -> Json:
    """A link to a channel whose members pay Stars for every 30 days."""
    chat = _chat(call)
    if chat.type != "channel":
        raise bad_request("CHAT_INVALID")
    period, price = int(call.get("subscription_period")), int(call.get("subscription_price"))
    if period != SUBSCRIPTION_SECONDS:
        raise bad_request("SUBSCRIPTION_PERIOD_INVALID")
    if not 1 <= price <= MAX_STARS:
        raise bad_request("STARS_AMOUNT_INVALID")
    link = _fresh(call, chat, primary=False)
    _set_terms(call, link)
    link |= {"subscription_period": period, "subscription_price": price}
    return _shown(link)


@method("editChatSubscriptionInviteLink")
def edit_subscription_link(call: Call) -> Json:
    """Another name for a paid link; its price stays."""
    link = _own(call, _chat(call))
    if "subscription_price" not in link or link["is_revoked"]:
        raise bad_request("INVITE_HASH_EXPIRED")
    _set_terms(call, link)
    return _shown(link)


@method("revokeChatInviteLink")
def revoke_chat_invite_link(call: Call) -> Json:
    """Kills a link; a main link is replaced by another."""
    chat = _chat(call)
    link = _own(call, chat)
    link["is_revoked"] = True
    if link["is_primary"]:
        _fresh(call, chat, primary=True)
    return _shown(link)
