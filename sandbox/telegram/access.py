"""Who may do what where: finding chats and messages for a bot, with the real service's refusals."""

from __future__ import annotations

from enum import Enum

from sandbox.telegram.errors import ApiError, bad_request, forbidden
from sandbox.telegram.model import Bot, Chat, Message, Person
from sandbox.telegram.world import World


class Access(Enum):
    """How much of a chat a method needs."""

    READ = 1
    EDIT = 2
    WRITE = 3


SENDING = {
    "sendmessage": ("can_send_messages", "text messages"),
    "sendphoto": ("can_send_photos", "photos"),
    "sendlivephoto": ("can_send_photos", "photos"),
    "sendvideo": ("can_send_videos", "videos"),
    "sendvideonote": ("can_send_video_notes", "video notes"),
    "sendvoice": ("can_send_voice_notes", "voice notes"),
    "sendaudio": ("can_send_audios", "music"),
    "senddocument": ("can_send_documents", "documents"),
    "sendpoll": ("can_send_polls", "polls"),
    "sendanimation": ("can_send_other_messages", "animations"),
    "sendsticker": ("can_send_other_messages", "stickers"),
    "sendgame": ("can_send_other_messages", "games"),
    "senddice": ("can_send_other_messages", "dice"),
    "sendlocation": ("can_send_messages", "locations"),
    "sendvenue": ("can_send_messages", "venues"),
    "sendcontact": ("can_send_messages", "contacts"),
    "sendinvoice": ("can_send_messages", "invoice messages"),
    "sendpaidmedia": ("can_send_photos", "paid media"),
}
"""What a plain member must be allowed for a method, and what the refusal calls it."""
_KIND_WORDS = {"group": "group", "supergroup": "supergroup", "channel": "channel"}


def parse_chat_id(raw: object) -> str:
    """The id as text; refuses an empty one."""
    text = "" if raw is None else str(raw).strip()
    if not text:
        raise bad_request("chat_id is empty")
    return text


def find_chat(world: World, bot: Bot, raw: object, access: Access, sending: str = "sendmessage") -> Chat:
    """The chat that a ``chat_id`` parameter names, checked for ``access``, and for what the method ``sending`` sends."""
    text = parse_chat_id(raw)
    if text.startswith("@"):
        found = world.public(text)
        if not isinstance(found, Chat):
            raise bad_request("chat not found")
        return _checked_group(bot, found, access, sending)
    try:
        chat_id = int(text)
    except ValueError:
        raise bad_request("chat not found") from None
    if chat_id > 0:
        return _checked_dialog(world, bot, chat_id, access)
    chat = world.chat(chat_id)
    if chat is None:
        raise bad_request("chat not found")
    return _checked_group(bot, chat, access, sending)


def _checked_dialog(world: World, bot: Bot, user_id: int, access: Access) -> Chat:
    if user_id in world.state.bots:
        raise forbidden("bot can't send messages to bots")
    person = world.state.people.get(user_id)
    if person is None:
        raise bad_request("chat not found")
    known = f"{bot.id}:{user_id}" in world.state.chats
    if not known and not shares_chat(world, bot, user_id):
        raise bad_request("chat not found")
    chat = world.dialog(bot.id, user_id)
    if access is not Access.READ and person.deleted:
        raise forbidden("user is deactivated")
    if access is Access.WRITE:
        if not chat.started:
            raise forbidden("bot can't initiate conversation with a user")
        if chat.blocked:
            raise forbidden("bot was blocked by the user")
    return chat


def shares_chat(world: World, bot: Bot, user_id: int) -> bool:
    """True when the bot has met this person in some group or channel."""
    return any(
        is_member(chat, bot.id) and is_member(chat, user_id)
        for chat in world.state.chats.values()
        if chat.type != "private"
    )


def is_member(chat: Chat, account_id: int) -> bool:
    """True for owners, administrators, members and restricted members who are in."""
    facts = chat.members.get(account_id, {})
    status = facts.get("status", "left")
    return status in {"creator", "administrator", "member"} or (status == "restricted" and facts.get("is_member", True))


def is_admin(chat: Chat, account_id: int) -> bool:
    """True for the owner and administrators."""
    return chat.members.get(account_id, {}).get("status") in {"creator", "administrator"}


def has_right(chat: Chat, account_id: int, right: str) -> bool:
    """True when an administrator holds ``right``; owners hold all."""
    facts = chat.members.get(account_id, {})
    return facts.get("status") == "creator" or (facts.get("status") == "administrator" and bool(facts.get(right)))


def _checked_group(bot: Bot, chat: Chat, access: Access, sending: str) -> Chat:
    if chat.migrated_to:
        if access is Access.WRITE:
            raise ApiError(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                {"migrate_to_chat_id": chat.migrated_to},
            )
        return chat
    word = _KIND_WORDS[chat.type]
    status = chat.members.get(bot.id, {}).get("status", "left")
    readable = chat.type == "group" or bool(chat.username)
    if status == "kicked" and (chat.type != "group" or access is not Access.READ):
        raise forbidden(f"bot was kicked from the {word} chat")
    if not is_member(chat, bot.id) and (access is not Access.READ or not readable):
        raise forbidden(f"bot is not a member of the {word} chat")
    if access is Access.WRITE:
        _check_may_write(chat, bot.id, sending)
    return chat


def _check_may_write(chat: Chat, bot_id: int, sending: str) -> None:
    if chat.type == "channel":
        if not has_right(chat, bot_id, "can_post_messages"):
            raise bad_request("need administrator rights in the channel chat")
        return
    facts = chat.members.get(bot_id, {})
    permission, words = SENDING.get(sending, SENDING["sendmessage"])
    muted = facts.get("status") == "restricted" and not facts.get(permission)
    closed = facts.get("status") == "member" and not chat.permissions.get(permission, True)
    if muted or closed:
        raise bad_request(f"not enough rights to send {words} to the chat")


def require_right(chat: Chat, bot: Bot, right: str, refusal: str) -> None:
    """Refuses unless the bot is an administrator with ``right``."""
    if not has_right(chat, bot.id, right):
        raise bad_request(refusal)


def find_message(chat: Chat, message_id: int, what: str) -> Message:
    """A message that still exists; ``what`` is how the real service names the missing one."""
    message = chat.messages.get(message_id)
    if message is None or message.deleted:
        raise bad_request(f"{what} not found")
    return message


def find_person(world: World, user_id: int) -> Person:
    """A person by id; refuses strangers as the real service does."""
    person = world.state.people.get(user_id)
    if person is None:
        raise bad_request("user not found")
    return person
