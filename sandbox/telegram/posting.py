"""Putting messages into chats, changing and removing them, and telling every bot that may see it.

Called by bots' methods and by people's acts alike.
"""

from __future__ import annotations

import re
from typing import Any

from sandbox.telegram.access import is_admin, is_member
from sandbox.telegram.model import Bot, Chat, Message
from sandbox.telegram.render import chat_json, message_json, user_json
from sandbox.telegram.updates import enqueue
from sandbox.telegram.world import World

Json = dict[str, Any]
_SERVICE_FIELDS = {
    "new_chat_members",
    "left_chat_member",
    "new_chat_title",
    "new_chat_photo",
    "delete_chat_photo",
    "group_chat_created",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
    "pinned_message_id",
    "successful_payment",
    "refunded_payment",
    "web_app_data",
    "write_access_allowed",
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_closed",
    "forum_topic_reopened",
    "general_forum_topic_hidden",
    "general_forum_topic_unhidden",
    "users_shared",
    "gift",
    "chat_shared",
}


def is_service(message: Message) -> bool:
    """True for notices such as joins and pins, which nobody edits, copies or forwards."""
    return any(name in _SERVICE_FIELDS for name in message.content)


def next_message_id(world: World, chat: Chat) -> int:
    """Private chats of one bot share a counter, other chats count for themselves."""
    holder = world.state.bots[chat.bot_id] if chat.type == "private" else chat
    message_id = holder.next_message_id
    holder.next_message_id += 1
    return message_id


def post(world: World, chat: Chat, message: Message) -> Message:
    """Stores a new message, gives it id and date, tells bots and pages."""
    message.message_id = next_message_id(world, chat)
    message.date = message.date or world.now()
    chat.messages[message.message_id] = message
    if chat.type == "private":
        chat.action = {}
    announce(world, chat, message, edited=False)
    world.tell("message", chat=chat.key, message_id=message.message_id)
    return message


def edited(world: World, chat: Chat, message: Message, *, hidden: bool = False) -> None:
    """Marks a changed message and tells the others; ``hidden`` changes (keyboards) show no edit mark."""
    if not hidden:
        message.edit_date = max(world.now(), message.date)
    announce(world, chat, message, edited=True)
    world.tell("edit", chat=chat.key, message_id=message.message_id)


def remove(world: World, chat: Chat, message: Message, by: int) -> None:
    """Deletes for everybody; bots learn nothing of it, as in the real service."""
    message.deleted = True
    message.deleted_by = by
    if message.message_id in chat.pinned:
        chat.pinned.remove(message.message_id)
    world.tell("delete", chat=chat.key, message_id=message.message_id)


def lane_of(chat: Chat) -> str:
    """Updates of one lane are delivered in order."""
    return chat.key


def announce(world: World, chat: Chat, message: Message, *, edited: bool) -> None:
    """An update to each bot that sees the message and did not cause it."""
    kind = "channel_post" if chat.type == "channel" else "message"
    if edited:
        kind = f"edited_{kind}"
    body: Json | None = None
    for bot in _bots_of(world, chat):
        if message.sender_id == bot.id or message.effects.get("by") == bot.id or not _sees(bot, chat, message):
            continue
        if body is None:
            body = message_json(world, chat, message)
        enqueue(world, bot, kind, body, lane_of(chat))


def _bots_of(world: World, chat: Chat) -> list[Bot]:
    if chat.type == "private":
        return [world.state.bots[chat.bot_id]]
    return [bot for bot in world.state.bots.values() if is_member(chat, bot.id)]


def _sees(bot: Bot, chat: Chat, message: Message) -> bool:
    """Privacy mode: in groups a plain bot sees commands, mentions, answers to it and service notices."""
    if chat.type in {"private", "channel"} or bot.can_read_all_group_messages or is_admin(chat, bot.id):
        return True
    answered = chat.messages.get(message.reply_to)
    if is_service(message) or (answered is not None and answered.sender_id == bot.id):
        return True
    text = message.content.get("text") or message.content.get("caption") or ""
    if text.startswith("/"):
        command = re.match(r"/\w+(?:@(\w+))?", text)
        return command is not None and (command[1] is None or command[1].lower() == bot.username.lower())
    return f"@{bot.username}".lower() in text.lower() or message.via_bot_id == bot.id


def service(world: World, chat: Chat, sender_id: int, content: Json, thread_id: int = 0) -> Message:
    """A notice in the chat: somebody joined, something was pinned, a topic was made."""
    sender_chat_id = chat.id if chat.type == "channel" else 0
    return post(world, chat, Message(0, 0, sender_id, content, sender_chat_id=sender_chat_id, thread_id=thread_id))


def member_changed(world: World, chat: Chat, actor_id: int, subject_id: int, new: Json, **extra: Any) -> None:
    """Sets somebody's standing in a chat and tells the bots concerned."""
    old = chat.members.get(subject_id, {"status": "left"})
    chat.members[subject_id] = new
    subject = user_json(world.account(subject_id), subject_id)
    body = {
        "chat": chat_json(world, chat),
        "from": user_json(world.account(actor_id), actor_id),
        "date": world.now(),
        "old_chat_member": {"user": subject, **old},
        "new_chat_member": {"user": subject, **new},
        **extra,
    }
    for bot in world.state.bots.values():
        if bot.id == subject_id:
            enqueue(world, bot, "my_chat_member", body, f"my:{chat.key}")
        elif is_admin(chat, bot.id):
            enqueue(world, bot, "chat_member", body, f"member:{chat.key}")
    world.tell("chat", chat=chat.key)
