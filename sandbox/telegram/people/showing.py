"""What a person sees: their chats, the messages in them, keyboards, menus."""

from __future__ import annotations

from typing import Any

from sandbox.telegram.access import has_right, is_member
from sandbox.telegram.model import Bot, Chat, Message, Person
from sandbox.telegram.posting import is_service
from sandbox.telegram.reacting import counts
from sandbox.telegram.render import chat_json, message_json, user_json
from sandbox.telegram.world import World

Json = dict[str, Any]
PAGE = 200


def person_view(someone: Person) -> Json:
    """A person for lists and for the person's own page."""
    shown = user_json(someone, someone.id)
    return {**shown, "phone_number": someone.phone_number, "deleted": someone.deleted, "stars": someone.stars}


def bot_view(bot: Bot) -> Json:
    """A bot for the control interface; the token is in it because tests need it."""
    return {
        "id": bot.id,
        "token": bot.token,
        "username": bot.username,
        "first_name": bot.first_name,
        "webhook": bot.webhook.url,
        "last_error": bot.webhook.last_error_message,
        "pending_updates": len(bot.updates),
        "topics": bot.has_topics_enabled,
        "stars": bot.stars,
    }


def chats_of(world: World, someone: Person) -> list[Json]:
    """The person's chat list, the liveliest first."""
    shown = [chat_view(world, chat, someone) for chat in world.state.chats.values() if _in_list(chat, someone)]
    known = {item["bot_id"] for item in shown if item["bot_id"]}
    for bot in world.state.bots.values():
        if bot.id not in known:
            shown.append(chat_view(world, world.dialog(bot.id, someone.id), someone))
    return sorted(shown, key=lambda item: -item["order"])


def _in_list(chat: Chat, someone: Person) -> bool:
    if chat.type == "private":
        return chat.user_id == someone.id
    return is_member(chat, someone.id) and not chat.migrated_to


def chat_view(world: World, chat: Chat, someone: Person) -> Json:
    """One chat as this person sees it."""
    last = next((item for item in reversed(chat.messages.values()) if not item.deleted), None)
    bot = world.state.bots.get(chat.bot_id)
    shown: Json = {
        "key": chat.key,
        "chat_id": bot.id if bot else chat.id,
        "bot_id": chat.bot_id,
        "type": chat.type,
        "title": bot.first_name if bot else chat.title,
        "username": bot.username if bot else chat.username,
        "members": sum(is_member(chat, account_id) for account_id in chat.members),
        "can_write": _can_write(chat, someone),
        "started": chat.started,
        "blocked": chat.blocked,
        "action": _action(world, chat),
        "draft": chat.draft,
        "reply_keyboard": chat.reply_keyboard,
        "pinned": chat.pinned,
        "topics": [vars(topic) for topic in chat.topics.values()],
        "last": message_view(world, chat, last, someone) if last else None,
        "order": last.date if last else 0,
        "unread": sum(1 for item in chat.messages.values() if _unread(item, someone)),
    }
    if bot:
        shown["menu_button"] = bot.menu_buttons.get(str(someone.id)) or bot.menu_buttons.get("") or {"type": "default"}
        shown["commands"] = commands_for(bot, chat, someone)
        shown["description"] = localized(bot, "description", someone.language_code)
        shown["topics_enabled"] = bot.has_topics_enabled
        shown["can_make_topics"] = bot.allows_users_to_create_topics
        shown["main_web_app"] = bot.texts.get("main_web_app_url", "")
        shown["inline"] = bot.supports_inline_queries
    return shown


def _can_write(chat: Chat, someone: Person) -> bool:
    if chat.type == "private":
        return not chat.blocked
    if chat.type == "channel":
        return has_right(chat, someone.id, "can_post_messages")
    return is_member(chat, someone.id)


def _action(world: World, chat: Chat) -> str:
    return str(chat.action["action"]) if chat.action and chat.action["until"] > world.now() else ""


def _unread(message: Message, someone: Person) -> bool:
    return not (message.deleted or message.read or message.sender_id == someone.id)


def localized(bot: Bot, kind: str, language_code: str) -> str:
    """A bot's text in a language, else the one for everybody."""
    return bot.texts.get(f"{kind}:{language_code}") or bot.texts.get(f"{kind}:") or ""


def commands_for(bot: Bot, chat: Chat, someone: Person) -> list[Json]:
    """The documented order of scopes: this chat, its kind, everybody; with the language before without."""
    for scope in (f"chat:{chat.id}", "all_private_chats", "default"):
        for language_code in (someone.language_code, ""):
            found = bot.commands.get(f"{scope}|{language_code}")
            if found:
                return found
    return []


def message_view(world: World, chat: Chat, message: Message, someone: Person) -> Json:
    """A message with what only clients know: whose it is, reactions, whether it is gone."""
    shown = message_json(world, chat, message)
    shown["out"] = message.sender_id == someone.id
    shown["deleted"] = message.deleted
    shown["service"] = is_service(message)
    shown["reactions"] = counts(message)
    shown["my_reactions"] = message.reactions.get(str(someone.id), [])
    shown["read"] = message.read
    if message.effects.get("invoice"):
        invoice = world.state.invoices.get(message.effects["invoice"], {})
        shown["invoice_paid"] = bool(invoice.get("paid_by"))
    if message.effects.get("game_label"):
        shown["game_button"] = message.effects["game_label"]
    if message.content.get("poll"):
        shown["my_votes"] = message.effects.get("votes", {}).get(str(someone.id), [])
    return shown


def messages_of(world: World, chat: Chat, someone: Person, *, before: int = 0, deleted: bool = True) -> list[Json]:
    """The last messages before an id, oldest first; deleted ones are marked."""
    found = []
    for message in reversed(chat.messages.values()):
        if (before and message.message_id >= before) or (message.deleted and not deleted):
            continue
        found.append(message_view(world, chat, message, someone))
        if len(found) >= PAGE:
            break
    return found[::-1]


def chat_facts(world: World, chat: Chat) -> Json:
    """A group or channel for the control interface."""
    return {
        **chat_json(world, chat),
        "members": {str(account_id): facts["status"] for account_id, facts in chat.members.items()},
        "migrated_to": chat.migrated_to,
        "messages": len(chat.messages),
        "invite_links": chat.invite_links,
    }
