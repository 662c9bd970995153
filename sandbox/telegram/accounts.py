"""Making accounts and chats: bots, people, groups, channels.

Called by the demo data and by the control interface.
"""

from __future__ import annotations

import re
from typing import Any, Literal

from sandbox.telegram.errors import ControlError
from sandbox.telegram.model import Bot, Chat, Message, Person
from sandbox.telegram.posting import member_changed, post
from sandbox.telegram.updates import enqueue
from sandbox.telegram.world import World

Json = dict[str, Any]
_TOKEN = re.compile(r"(\d{5,15}):[A-Za-z0-9_-]{20,64}")
ADMIN_RIGHTS = {
    "can_be_edited": False,
    "can_manage_chat": True,
    "can_change_info": True,
    "can_post_messages": True,
    "can_edit_messages": True,
    "can_delete_messages": True,
    "can_invite_users": True,
    "can_restrict_members": True,
    "can_pin_messages": True,
    "can_manage_topics": True,
    "can_promote_members": False,
    "can_manage_video_chats": True,
    "can_post_stories": True,
    "can_edit_stories": True,
    "can_delete_stories": True,
    "can_send_welcome_messages": True,
    "can_manage_tags": True,
    "is_anonymous": False,
}


def admin_facts(chat_type: str, **changes: Any) -> Json:
    """``ChatMemberAdministrator`` without the user, with the rights that make sense in this kind of chat."""
    only_channel = {"can_post_messages", "can_edit_messages"}
    only_group = {"can_pin_messages", "can_manage_topics", "can_manage_tags"}
    dropped = only_group if chat_type == "channel" else only_channel
    rights = {name: value for name, value in ADMIN_RIGHTS.items() if name not in dropped}
    return {"status": "administrator", **rights, **changes}


def make_bot(world: World, wanted: Json) -> Bot:
    """A bot with a given or a fresh token."""
    token = str(wanted.get("token") or "")
    if not token:
        token = f"{_fresh_id(world, 'next_bot_id')}:AA{world.secret('token', 33)}"
    match = _TOKEN.fullmatch(token)
    if match is None:
        raise ControlError(400, "a token looks like 123456789:AAE… (digits, a colon, 20 to 64 letters)")
    bot_id = int(match[1])
    if bot_id in world.state.bots or token in world.tokens:
        raise ControlError(409, f"bot {bot_id} exists")
    username = str(wanted.get("username") or f"sandbox_{bot_id}_bot")
    _check_name_free(world, username)
    topics = bool(wanted.get("topics"))
    bot = Bot(
        id=bot_id,
        token=token,
        username=username,
        first_name=str(wanted.get("first_name") or username),
        can_read_all_group_messages=bool(wanted.get("can_read_all_group_messages")),
        supports_inline_queries=bool(wanted.get("inline")),
        has_topics_enabled=topics,
        allows_users_to_create_topics=topics and bool(wanted.get("allows_users_to_create_topics", True)),
        has_main_web_app=bool(wanted.get("main_web_app_url")),
        next_update_id=int(world.number("updates", 9)),
    )
    if wanted.get("main_web_app_url"):
        bot.texts["main_web_app_url"] = str(wanted["main_web_app_url"])
    bot.games = games_of(wanted)
    world.state.bots[bot_id] = bot
    world.index_one(bot)
    for chat_id in wanted.get("admin_of", []):
        chat = world.chat(int(chat_id))
        if chat is not None:
            member_changed(world, chat, bot_id, bot_id, admin_facts(chat.type))
    world.tell("people")
    return bot


def switch_topics(bot: Bot, *, on: bool) -> None:
    """Topics in the bot's private chats, which its owner switches with @BotFather; those that were made stay as they are."""
    bot.has_topics_enabled = bot.allows_users_to_create_topics = on


def games_of(wanted: Json) -> dict[str, Json]:
    """Games as they are told to BotFather: short name to title and description."""
    return {
        str(name): {"title": str(facts["title"]), "description": str(facts.get("description") or facts["title"])}
        for name, facts in (wanted.get("games") or {}).items()
    }


def make_person(world: World, wanted: Json) -> Person:
    """A human account; every field but the name may be left out."""
    person_id = int(wanted.get("id") or 0) or _fresh_id(world, "next_user_id")
    if world.account(person_id) is not None:
        raise ControlError(409, f"account {person_id} exists")
    username = str(wanted.get("username") or "")
    _check_name_free(world, username)
    person = Person(
        id=person_id,
        first_name=str(wanted.get("first_name") or f"User {person_id}"),
        last_name=str(wanted.get("last_name") or ""),
        username=username,
        language_code=str(wanted.get("language_code") or "en"),
        phone_number=str(wanted.get("phone_number") or f"998{person_id % 10**9:09d}"),
        is_premium=bool(wanted.get("is_premium")),
        stars=int(wanted.get("stars", 10_000)),
    )
    world.state.people[person_id] = person
    world.index_one(person)
    world.tell("people")
    return person


def _fresh_id(world: World, counter: Literal["next_bot_id", "next_user_id"]) -> int:
    """The next number of a counter of the state that no account was given by hand."""
    number = int(getattr(world.state, counter))
    while world.account(number) is not None:
        number += 1
    setattr(world.state, counter, number + 1)
    return number


def _check_name_free(world: World, username: str) -> None:
    if username and username.lower() in world.names:
        raise ControlError(409, f"@{username} is taken")


def make_chat(world: World, wanted: Json) -> Chat:
    """A group, supergroup or channel; ``creator``, ``admins`` and ``members`` are account ids."""
    kind = str(wanted.get("type") or "channel")
    if kind not in {"group", "supergroup", "channel"}:
        raise ControlError(400, "type is group, supergroup or channel")
    username = str(wanted.get("username") or "")
    _check_name_free(world, username)
    chat_id = int(wanted.get("id") or 0) or fresh_chat_id(world, kind)
    if str(chat_id) in world.state.chats:
        raise ControlError(409, f"chat {chat_id} exists")
    title = str(wanted.get("title") or kind)
    chat = Chat(key=str(chat_id), id=chat_id, type=kind, title=title, username=username)
    chat.is_forum = bool(wanted.get("is_forum")) and kind == "supergroup"
    world.state.chats[chat.key] = chat
    world.index_one(chat)
    creator = int(wanted.get("creator") or 0)
    if creator:
        chat.members[creator] = {"status": "creator", "is_anonymous": False}
    for account_id in wanted.get("admins", []):
        add_member(world, chat, creator or int(account_id), int(account_id), admin_facts(kind))
    for account_id in wanted.get("members", []):
        add_member(world, chat, creator or int(account_id), int(account_id), {"status": "member"})
    world.tell("chat", chat=chat.key)
    return chat


def fresh_chat_id(world: World, kind: str) -> int:
    """Basic groups have short negative ids, the others begin with -100; none that is taken."""
    while True:
        if kind == "group":
            world.state.next_group_id += 1
            chat_id = -world.state.next_group_id
        else:
            world.state.next_channel_id += 1
            chat_id = int(f"-100{world.state.next_channel_id}")
        if world.chat(chat_id) is None:
            return chat_id


def add_member(world: World, chat: Chat, actor_id: int, account_id: int, facts: Json) -> None:
    """Somebody comes in; groups show a notice."""
    if world.account(account_id) is None:
        raise ControlError(404, f"no account {account_id}")
    came = chat.members.get(account_id, {}).get("status", "left") in {"left", "kicked"}
    member_changed(world, chat, actor_id, account_id, facts)
    if came and chat.type != "channel":
        account = world.account(account_id)
        shown = {
            "id": account_id,
            "is_bot": isinstance(account, Bot),
            "first_name": account.first_name if account else "",
        }
        if account is not None and account.username:
            shown["username"] = account.username
        post(world, chat, Message(0, 0, actor_id, {"new_chat_members": [shown]}))


def migrate(world: World, chat: Chat, actor_id: int) -> Chat:
    """A group becomes a supergroup with another id; both chats say so."""
    if chat.type != "group" or chat.migrated_to:
        raise ControlError(409, "only a group that has not moved can become a supergroup")
    new_id = fresh_chat_id(world, "supergroup")
    fresh = Chat(key=str(new_id), id=new_id, type="supergroup", title=chat.title, migrated_from=chat.id)
    fresh.members = {account_id: dict(facts) for account_id, facts in chat.members.items()}
    world.state.chats[fresh.key] = fresh
    post(world, chat, Message(0, 0, actor_id, {"migrate_to_chat_id": new_id}))
    chat.migrated_to = new_id
    post(world, fresh, Message(0, 0, actor_id, {"migrate_from_chat_id": chat.id}))
    return fresh


def tell_my_member(world: World, chat: Chat, old: Json, new: Json) -> None:
    """A person blocked or unblocked the bot: the bot's own standing in their private chat changed."""
    from_json: Json = {"id": chat.user_id, "is_bot": False, "first_name": world.state.people[chat.user_id].first_name}
    bot = world.state.bots[chat.bot_id]
    me = {"id": bot.id, "is_bot": True, "first_name": bot.first_name, "username": bot.username}
    body = {
        "chat": {**{key: value for key, value in from_json.items() if key != "is_bot"}, "type": "private"},
        "from": from_json,
        "date": world.now(),
        "old_chat_member": {"user": me, **old},
        "new_chat_member": {"user": me, **new},
    }
    enqueue(world, bot, "my_chat_member", body, f"my:{chat.key}")
