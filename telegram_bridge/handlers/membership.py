"""Whether the bot is still welcome in a chat."""

from __future__ import annotations

import logging

from telebot.types import ChatMemberUpdated

from b24app.services import automation, message_returns, people
from storage.unit_of_work import UnitOfWork

logger = logging.getLogger(__name__)

_GONE = frozenset({"kicked", "left"})


def handle(uow: UnitOfWork, change: ChatMemberUpdated) -> None:
    """Remember who blocked the bot, bring whoever came back what was said meanwhile; a channel that dismissed it is told to the log."""
    status = change.new_chat_member.status
    if change.chat.type == "private":
        person = people.set_state(uow, str(change.chat.id), "blocked" if status in _GONE else "active")
        if person is not None and person.state == "blocked":
            automation.blocked(uow, person)
        elif person is not None:
            message_returns.bring(uow, person)
    elif status in _GONE:
        logger.warning("the bot was removed from chat %s", change.chat.id)
    else:
        logger.info("the bot is %s in chat %s", status, change.chat.id)
