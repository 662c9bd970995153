"""Working stored updates: read Telegram's types, know the person, call the handler of the kind.

Registered with inbox processing as the handler of source `telegram`. Kinds that mean nothing to us are passed over with a line in the
log; an update that does not follow the Bot API raises and is set aside by the caller, visible on the health page.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from telebot.types import CallbackQuery, ChatMemberUpdated, Message, MessageReactionUpdated, ReactionTypeEmoji, User

from b24app.services import people, reactions
from storage.models import Person
from storage.unit_of_work import UnitOfWork
from telegram_bridge.handlers import callbacks, commands, membership, messages, start
from telegram_bridge.reply import Reply

logger = logging.getLogger(__name__)

HANDLED = ("message", "edited_message", "callback_query", "my_chat_member", "message_reaction")
"""The kinds we ask Telegram for; see https://core.telegram.org/bots/api#update."""

_NOTICES = ("forum_topic_", "general_forum_topic_", "pinned_message")
"""What Telegram notes in a chat by itself, as the library names it: nobody said anything."""


class MalformedUpdate(ValueError):
    """The update does not have the shape that the Bot API documents."""


def handle(uow: UnitOfWork, payload: dict[str, Any]) -> None:
    """Work one update. Raises MalformedUpdate when it cannot be read."""
    if "malformed" in payload:
        raise MalformedUpdate(f"not an update ({payload.get('why')})")
    for kind, work in _KINDS.items():
        if kind in payload:
            work(uow, int(payload["update_id"]), payload[kind])
            return
    logger.info("update %s passed over: %s", payload.get("update_id"), sorted(set(payload) - {"update_id"}))


def _read(kind: Any, content: Any) -> Any:
    try:
        return kind.de_json(content)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise MalformedUpdate(f"{kind.__name__} cannot be read: {type(error).__name__}") from error


def _message(uow: UnitOfWork, update_id: int, content: Any) -> None:
    message: Message = _read(Message, content)
    if message.chat.type != "private" or message.from_user is None:
        logger.info("update %s passed over: a message in a %s", update_id, message.chat.type)
        return
    command, payload = _command_of(message)
    if message.content_type.startswith(_NOTICES):
        logger.info("update %s passed over: %s", update_id, message.content_type)
        return
    person = _meet(uow, message.from_user, message.chat.id, payload if command == "start" else "")
    reply = Reply(uow, update_id, person, str(message.message_thread_id or ""))
    if command == "start":
        start.handle(reply, payload)
    elif command:
        commands.handle(reply, command)
    else:
        messages.handle(reply, message)


def _command_of(message: Message) -> tuple[str, str]:
    text = message.text or ""
    first = (message.json.get("entities") or [{}])[0]
    if not text.startswith("/") or first.get("type") != "bot_command":
        return "", ""
    command, _, payload = text.partition(" ")
    return command[1:].partition("@")[0].lower(), payload.strip()


def _edited(uow: UnitOfWork, update_id: int, content: Any) -> None:
    message: Message = _read(Message, content)
    person = people.find(uow, str(message.from_user.id)) if message.from_user else None
    if message.chat.type != "private" or person is None:
        logger.info("update %s passed over: an edit by nobody we know", update_id)
        return
    messages.handle_edit(Reply(uow, update_id, person), message)


def _reaction(uow: UnitOfWork, update_id: int, content: Any) -> None:
    reaction: MessageReactionUpdated = _read(MessageReactionUpdated, content)
    person = people.find(uow, str(reaction.user.id)) if reaction.user else None
    if reaction.chat.type != "private" or person is None:
        logger.info("update %s passed over: a reaction by nobody we know", update_id)
        return
    # A custom emoji has no sign that a bot could show; of several reactions a bot may show one.
    signs = [one.emoji for one in reaction.new_reaction or () if isinstance(one, ReactionTypeEmoji)]
    reactions.react(uow, person, str(reaction.message_id), signs[-1] if signs else "", mark=str(update_id))


def _callback(uow: UnitOfWork, update_id: int, content: Any) -> None:
    query: CallbackQuery = _read(CallbackQuery, content)
    callbacks.handle(Reply(uow, update_id, _meet(uow, query.from_user, query.from_user.id, "")), query)


def _membership(uow: UnitOfWork, _: int, content: Any) -> None:
    membership.handle(uow, _read(ChatMemberUpdated, content))


def _meet(uow: UnitOfWork, user: User, chat_id: int, payload: str) -> Person:
    return people.meet(
        uow,
        telegram_id=str(user.id),
        chat_id=str(chat_id),
        first_name=user.first_name or "",
        last_name=user.last_name or "",
        username=user.username or "",
        language_code=user.language_code or "",
        payload=payload,
    )


_KINDS: dict[str, Callable[[UnitOfWork, int, Any], None]] = {
    "message": _message,
    "edited_message": _edited,
    "callback_query": _callback,
    "my_chat_member": _membership,
    "message_reaction": _reaction,
}
