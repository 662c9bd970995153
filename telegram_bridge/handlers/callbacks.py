"""Pressed buttons. Their data is `word:argument…`; it comes from the person's device and is believed in nothing.

Words: `lang:<code>`, `role:<role>`, `menu:<command>`, `conv:<id>`, `offer:<id>:<action>`, `lot:<id>:<action>`,
`sure:<outbox row>:arrived|again`.
"""

from __future__ import annotations

from collections.abc import Callable

from telebot.types import CallbackQuery

from b24app.errors import DomainError, NotFound
from b24app.services import conversations, people
from telegram_bridge.chats import announce
from telegram_bridge.handlers import choices
from telegram_bridge.handlers.commands import ANSWERS
from telegram_bridge.reply import Buttons, Reply
from telegram_bridge.steps import next_step

Answer = tuple[str, Buttons]


def handle(reply: Reply, query: CallbackQuery) -> None:
    """Do what the button stands for and show the result in its place; a refusal is shown as a notice."""
    word, _, rest = (query.data or "").partition(":")
    action = _ACTIONS.get(word)
    notice = ""
    try:
        with reply.uow.session.begin_nested():
            if action is None:
                raise NotFound("This button is out of date.")
            text, buttons = action(reply, *rest.split(":"))
    except (DomainError, TypeError, ValueError) as error:
        refusal = error if isinstance(error, DomainError) else NotFound("This button is out of date.")
        reply.stop_waiting(query.id, reply.polite(refusal), alert=True)
        return
    reply.stop_waiting(query.id, notice)
    message = query.message
    if message is not None and message.date and word not in _SAID_ANEW:
        reply.change(message.message_id, text, buttons)
    else:
        reply.say(text, buttons)


def _language(reply: Reply, code: str) -> Answer:
    people.choose_language(reply.uow, reply.person, code)
    return next_step(reply)


def _role(reply: Reply, role: str) -> Answer:
    people.choose_role(reply.uow, reply.person, role)
    return next_step(reply)


def _menu(reply: Reply, command: str) -> Answer:
    return ANSWERS.get(command, next_step)(reply)


def _conversation(reply: Reply, number: str) -> Answer:
    conversation = conversations.get_for(reply.uow, reply.person, int(number))
    conversations.switch(reply.uow, reply.person, conversation.id)
    return announce(reply, conversation)


_ACTIONS: dict[str, Callable[..., Answer]] = {
    "lang": _language,
    "role": _role,
    "menu": _menu,
    "conv": _conversation,
    "offer": choices.offer,
    "lot": choices.lot,
    "sure": choices.uncertain,
}
_SAID_ANEW = frozenset({"conv", "offer", "lot"})
"""Words whose button sits under a message that must stay: a notice, an offer, a lot."""
