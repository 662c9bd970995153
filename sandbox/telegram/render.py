"""Records as the Bot API shows them: User, Chat, Message and their parts.

Called wherever JSON leaves this world; changes nothing.
"""

from __future__ import annotations

from typing import Any

from sandbox.telegram.model import Bot, Chat, Message, Person
from sandbox.telegram.world import World

Json = dict[str, Any]
ANONYMOUS_GROUP_BOT = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
GENERAL_TOPIC = 1


def user_json(account: Person | Bot | None, account_id: int = 0) -> Json:
    """``User``; an unknown id is shown as an account without a name, a deleted one likewise."""
    if isinstance(account, Bot):
        return {"id": account.id, "is_bot": True, "first_name": account.first_name, "username": account.username}
    if account is None or account.deleted:
        return {"id": account.id if account else account_id, "is_bot": False, "first_name": ""}
    shown: Json = {"id": account.id, "is_bot": False, "first_name": account.first_name}
    for name in ("last_name", "username", "language_code"):
        if getattr(account, name):
            shown[name] = getattr(account, name)
    if account.is_premium:
        shown["is_premium"] = True
    return shown


def me_json(bot: Bot) -> Json:
    """``User`` as ``getMe`` answers it, with the abilities of the bot."""
    return {
        **user_json(bot),
        "can_join_groups": bot.can_join_groups,
        "can_read_all_group_messages": bot.can_read_all_group_messages,
        "supports_inline_queries": bot.supports_inline_queries,
        "can_connect_to_business": False,
        "has_main_web_app": bot.has_main_web_app,
        "has_topics_enabled": bot.has_topics_enabled,
        "allows_users_to_create_topics": bot.allows_users_to_create_topics,
        "can_manage_bots": False,
        "supports_guest_queries": False,
        "supports_join_request_queries": False,
    }


def chat_json(world: World, chat: Chat) -> Json:
    """``Chat``; a private chat is shown as the bot sees it: the person."""
    if chat.type == "private":
        person = world.state.people.get(chat.user_id)
        shown: Json = {
            "id": chat.user_id,
            "type": "private",
            "first_name": person.first_name if person and not person.deleted else "",
        }
        if person is not None and not person.deleted:
            for name in ("last_name", "username"):
                if getattr(person, name):
                    shown[name] = getattr(person, name)
        return shown
    shown = {"id": chat.id, "type": chat.type, "title": chat.title}
    if chat.username:
        shown["username"] = chat.username
    if chat.is_forum:
        shown["is_forum"] = True
    return shown


def entities_json(world: World, entities: list[Json]) -> list[Json]:
    """Entities with mentioned users filled in."""
    shown = []
    for entity in entities:
        if entity["type"] == "text_mention" and "user_id" in entity:
            user_id = entity["user_id"]
            kept = {key: value for key, value in entity.items() if key != "user_id"}
            shown.append({**kept, "user": user_json(world.account(user_id), user_id)})
        else:
            shown.append(entity)
    return shown


def sender_json(world: World, chat: Chat, message: Message) -> Json:
    """``from`` and ``sender_chat`` of a message."""
    shown: Json = {}
    if message.sender_chat_id:
        origin = world.chat(message.sender_chat_id)
        if origin is not None:
            shown["sender_chat"] = chat_json(world, origin)
        if chat.type != "channel":
            shown["from"] = ANONYMOUS_GROUP_BOT
    elif message.sender_id:
        shown["from"] = user_json(world.account(message.sender_id), message.sender_id)
    return shown


def message_json(world: World, chat: Chat, message: Message, *, with_reply: bool = True) -> Json:
    """``Message``, with the message it answers one level deep."""
    shown: Json = {"message_id": message.message_id, **sender_json(world, chat, message)}
    shown["chat"] = chat_json(world, chat)
    shown["date"] = message.date
    if message.thread_id:
        shown["message_thread_id"] = message.thread_id
        if chat.is_forum or chat.type == "private":
            shown["is_topic_message"] = True
    if message.edit_date:
        shown["edit_date"] = message.edit_date
    if message.author_signature:
        shown["author_signature"] = message.author_signature
    if message.via_bot_id:
        shown["via_bot"] = user_json(world.account(message.via_bot_id), message.via_bot_id)
    if message.protected:
        shown["has_protected_content"] = True
    if with_reply and message.reply_to:
        answered = chat.messages.get(message.reply_to)
        if answered is not None and not answered.deleted:
            shown["reply_to_message"] = message_json(world, chat, answered, with_reply=False)
    for name, value in message.content.items():
        shown[name] = entities_json(world, value) if name in {"entities", "caption_entities"} else value
    if "pinned_message_id" in shown:
        shown["pinned_message"] = pinned_json(world, chat, shown.pop("pinned_message_id"))
    return shown


def pinned_json(world: World, chat: Chat, message_id: int) -> Json:
    """``MaybeInaccessibleMessage``: the message, or its bare place once it is gone."""
    message = chat.messages.get(message_id)
    if message is None or message.deleted:
        return {"chat": chat_json(world, chat), "message_id": message_id, "date": 0}
    return message_json(world, chat, message, with_reply=False)


def member_json(world: World, chat: Chat, account_id: int) -> Json:
    """``ChatMember`` of anybody; strangers have left."""
    facts = chat.members.get(account_id, {"status": "left"})
    return {"user": user_json(world.account(account_id), account_id), **facts}
