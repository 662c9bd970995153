"""A person starts, blocks, joins, leaves, vanishes."""

from __future__ import annotations

from typing import Any

from sandbox.telegram.access import is_member
from sandbox.telegram.accounts import tell_my_member
from sandbox.telegram.errors import ControlError
from sandbox.telegram.model import Chat, Message, Person, Topic
from sandbox.telegram.people import who
from sandbox.telegram.posting import member_changed, post
from sandbox.telegram.render import chat_json, user_json
from sandbox.telegram.updates import enqueue
from sandbox.telegram.world import World

Json = dict[str, Any]


def start(world: World, someone: Person, wanted: Json) -> Message:
    """Presses Start, perhaps with the payload of a deep link; unblocks first when needed."""
    chat = who.chat(world, someone, wanted)
    if chat.type != "private":
        raise ControlError(400, "start a bot, not a chat")
    if chat.blocked:
        unblock(world, someone, wanted)
    chat.started = True
    payload = str(wanted.get("payload") or "")
    if payload and (len(payload) > 64 or not payload.replace("_", "").replace("-", "").isalnum()):
        raise ControlError(400, "a start payload has up to 64 letters, digits, _ and -")
    text = f"/start {payload}".strip()
    entities = [{"type": "bot_command", "offset": 0, "length": 6}]
    return post(world, chat, Message(0, 0, someone.id, {"text": text, "entities": entities}))


def block(world: World, someone: Person, wanted: Json) -> None:
    """Stops the bot."""
    chat = who.chat(world, someone, wanted)
    if not chat.blocked:
        chat.blocked = True
        tell_my_member(world, chat, {"status": "member"}, {"status": "kicked", "until_date": 0})
        world.tell("chat", chat=chat.key)


def unblock(world: World, someone: Person, wanted: Json) -> None:
    """Lets the bot write again."""
    chat = who.chat(world, someone, wanted)
    if chat.blocked:
        chat.blocked = False
        tell_my_member(world, chat, {"status": "kicked", "until_date": 0}, {"status": "member"})
        world.tell("chat", chat=chat.key)


def delete_account(world: World, someone: Person) -> None:
    """The account is gone; bots get 403 from now on."""
    someone.deleted = True
    someone.username = ""
    world.index()
    world.tell("people")


def join(world: World, someone: Person, wanted: Json) -> Json:
    """Enters a public chat, or any chat through an invite link; asks first where the link says so."""
    link = str(wanted.get("invite_link") or "")
    chat, facts = _by_link(world, link) if link else (_public(world, wanted), None)
    if is_member(chat, someone.id):
        raise ControlError(409, "already inside")
    if chat.members.get(someone.id, {}).get("status") == "kicked":
        raise ControlError(403, "banned from this chat")
    if facts and facts.get("creates_join_request"):
        return _ask_to_join(world, chat, someone, facts)
    extra: Json = {"invite_link": {k: v for k, v in facts.items() if k != "joined"}} if facts else {}
    if facts:
        facts["joined"] = facts.get("joined", 0) + 1
    enter(world, chat, someone, extra)
    return {"joined": True, "chat_id": chat.id}


def enter(world: World, chat: Chat, someone: Person, extra: Json) -> None:
    """The person becomes a member; groups show it."""
    member_changed(world, chat, someone.id, someone.id, {"status": "member"}, **extra)
    if chat.type != "channel":
        post(world, chat, Message(0, 0, someone.id, {"new_chat_members": [user_json(someone)]}))


def _public(world: World, wanted: Json) -> Chat:
    raw = str(wanted.get("chat_id") or "")
    found = world.public(raw) if raw.startswith("@") else world.chat(int(raw)) if raw.lstrip("-").isdigit() else None
    if not isinstance(found, Chat):
        raise ControlError(404, "no such chat")
    if not found.username:
        raise ControlError(403, "a private chat is entered through an invite link")
    return found


def _by_link(world: World, link: str) -> tuple[Chat, Json]:
    for chat in world.state.chats.values():
        for facts in chat.invite_links:
            if facts["invite_link"] == link and not facts["is_revoked"]:
                late = facts.get("expire_date") and facts["expire_date"] < world.now()
                full = facts.get("member_limit") and facts.get("joined", 0) >= facts["member_limit"]
                if late or full:
                    raise ControlError(410, "the invite link has expired")
                return chat, facts
    raise ControlError(404, "no such invite link")


def _ask_to_join(world: World, chat: Chat, someone: Person, facts: Json) -> Json:
    if someone.id not in chat.join_requests:
        chat.join_requests.append(someone.id)
    body = {
        "chat": chat_json(world, chat),
        "from": user_json(someone),
        "user_chat_id": someone.id,
        "date": world.now(),
        "invite_link": {key: value for key, value in facts.items() if key != "joined"},
    }
    for bot in world.state.bots.values():
        if chat.members.get(bot.id, {}).get("can_invite_users"):
            world.dialog(bot.id, someone.id).started = True
            enqueue(world, bot, "chat_join_request", body, f"join:{someone.id}")
    return {"joined": False, "requested": True, "chat_id": chat.id}


def leave(world: World, someone: Person, wanted: Json) -> None:
    """Goes out of a group or channel."""
    chat = who.chat(world, someone, wanted)
    if chat.type == "private" or not is_member(chat, someone.id):
        raise ControlError(409, "not inside")
    member_changed(world, chat, someone.id, someone.id, {"status": "left"})
    if chat.type != "channel":
        post(world, chat, Message(0, 0, someone.id, {"left_chat_member": user_json(someone)}))


def make_topic(world: World, someone: Person, wanted: Json) -> Topic:
    """A person opens a topic in the private chat with a bot that allows it."""
    chat = who.chat(world, someone, wanted)
    bot = world.state.bots.get(chat.bot_id)
    if chat.type == "private" and not (bot and bot.allows_users_to_create_topics):
        raise ControlError(409, "the bot has no topics of people")
    name = str(wanted.get("name") or "Topic")[:128]
    created = {"name": name, "icon_color": 7322096}
    notice = post(world, chat, Message(0, 0, someone.id, {"forum_topic_created": created}))
    notice.thread_id = notice.message_id
    topic = Topic(notice.message_id, name)
    chat.topics[topic.message_thread_id] = topic
    world.tell("chat", chat=chat.key)
    return topic
