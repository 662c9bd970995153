"""Small things about persons: tags, boosts, emoji status, personal channels, passports, subscriptions in Stars."""

from __future__ import annotations

from typing import Any

from sandbox.telegram.access import Access, find_person, is_admin, is_member, require_right
from sandbox.telegram.call import Call, method
from sandbox.telegram.errors import bad_request
from sandbox.telegram.methods.chats import group_only
from sandbox.telegram.model import Chat
from sandbox.telegram.posting import member_changed
from sandbox.telegram.reacting import react

Json = dict[str, Any]


@method("setChatMemberTag")
def set_chat_member_tag(call: Call) -> bool:
    """A word beside a plain member's name; an empty one takes it away."""
    chat = group_only(call, Access.WRITE)
    if chat.type == "channel":
        raise bad_request("method is available only for groups and supergroups")
    require_right(chat, call.bot, "can_manage_tags", "not enough rights to change the tag of the member")
    user_id, tag = call.get("user_id"), call.get("tag", "")
    if len(tag) > 16:
        raise bad_request("TAG_INVALID")
    if not is_member(chat, user_id) or is_admin(chat, user_id):
        raise bad_request("PARTICIPANT_ID_INVALID")
    facts = {name: value for name, value in chat.members[user_id].items() if name != "tag"}
    member_changed(call.world, chat, call.bot.id, user_id, {**facts, "tag": tag} if tag else facts)
    return True


@method("getUserChatBoosts", gaps="nobody boosts a chat here: the list is empty")
def get_user_chat_boosts(call: Call) -> Json:
    """Boosts that a person gave to a chat; only for its administrators."""
    chat = group_only(call)
    find_person(call.world, call.get("user_id"))
    if not is_admin(chat, call.bot.id):
        raise bad_request("CHAT_ADMIN_REQUIRED")
    return {"boosts": []}


@method("getUserPersonalChatMessages", ignored=("limit",), gaps="nobody here has a personal channel: the list is empty")
def get_user_personal_chat_messages(call: Call) -> list[Json]:
    """The newest posts of a person's personal channel."""
    find_person(call.world, call.get("user_id"))
    return []


@method(
    "setUserEmojiStatus",
    ignored=("emoji_status_custom_emoji_id", "emoji_status_expiration_date"),
    gaps="always refused: Mini Apps here cannot be given the permission",
)
def set_user_emoji_status(call: Call) -> bool:
    """Needs a permission that a person gives inside of a Mini App."""
    find_person(call.world, call.get("user_id"))
    raise bad_request("USER_PERMISSION_DENIED")


@method("setPassportDataErrors", ignored=("errors",), gaps="nobody shares passport data here")
def set_passport_data_errors(call: Call) -> bool:
    """Tells a person what is wrong with their documents."""
    find_person(call.world, call.get("user_id"))
    return True


@method("editUserStarSubscription", ignored=("is_canceled",), gaps="subscriptions are paid once and not renewed")
def edit_user_star_subscription(call: Call) -> bool:
    """Stops or resumes the renewal of a subscription; needs the charge of a payment."""
    person = find_person(call.world, call.get("user_id"))
    charge_id = call.get("telegram_payment_charge_id")
    known = [one for one in call.bot.star_transactions if one["id"] == charge_id and "source" in one]
    if not known or known[0]["source"]["user"]["id"] != person.id:
        raise bad_request("CHARGE_ID_INVALID")
    return True


@method("deleteAllMessageReactions", ignored=("actor_chat_id",), gaps="nobody reacts in the name of a chat here")
def delete_all_message_reactions(call: Call) -> bool:
    """Takes away all reactions of one member in a group."""
    chat = call.chat(Access.WRITE)
    require_right(chat, call.bot, "can_delete_messages", "not enough rights")
    user_id = int(call.get("user_id", 0))
    for message in list(chat.messages.values()):
        if str(user_id) in {str(one) for one in message.reactions} and not message.deleted:
            react(call.world, chat, message, user_id, [])
    return True


def _sender(call: Call) -> tuple[Chat, Chat]:
    """The group of a call and the channel that speaks in it."""
    chat = group_only(call, Access.WRITE)
    if chat.type == "group":
        raise bad_request("method is available for supergroup and channel chats only")
    require_right(chat, call.bot, "can_restrict_members", "not enough rights to restrict/unrestrict chat member")
    sender = call.world.chat(call.get("sender_chat_id"))
    if sender is None or sender.type == "private":
        raise bad_request("sender chat not found")
    return chat, sender


@method("banChatSenderChat", gaps="kept; nobody speaks in the name of a channel in groups here")
def ban_chat_sender_chat(call: Call) -> bool:
    """A channel may not speak here any more."""
    chat, sender = _sender(call)
    if sender.id not in chat.banned_senders:
        chat.banned_senders.append(sender.id)
    return True


@method("unbanChatSenderChat")
def unban_chat_sender_chat(call: Call) -> bool:
    """A channel may speak again."""
    chat, sender = _sender(call)
    if sender.id in chat.banned_senders:
        chat.banned_senders.remove(sender.id)
    return True
