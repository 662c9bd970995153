"""Pressed buttons. Their data is `word:argument…`; it comes from the person's device and is believed in nothing.

Words: `lang:<code>`, `role:<role>`, `menu:<command>`, `conv:<id>`, `join:<id>`, `offer:<id>:<action>`, `lot:<id>:<action>`,
`order:<id>:<action>`, `sure:<outbox row>:arrived|again`, `rate:<conversation>:<stars>`, `review:<order>:<stars>`,
`meet:<meeting>:<time or 0>`, `verify:ask`,
`shelf:<segment or ->:<where the page before ended>`, `sift:<filter>:<value>`,
`factory:<id>:<action>`, `notice:<kind>`, `mine:<consent or action>`,
`team:<role or action>:<person or 0>`,
`fill:<form>:<number>` (of a lot, an audit or an offer, see `chat_forms.opening`), `pick:<draft>:<question's place>:<answer>`,
`form:<draft>:<action>`,
`change:<lot, 0 for the profile>`.
"""

from __future__ import annotations

from collections.abc import Callable

from telebot.types import CallbackQuery, Message

from b24app.errors import DomainError
from b24app.services import colleagues, conversations, people
from telegram_bridge.buttons import opened_by
from telegram_bridge.chats import announce, is_list, show_chats
from telegram_bridge.handlers import (
    boards,
    choices,
    factories,
    filling,
    meetings,
    own_choices,
    sifting,
    team,
    verifying,
)
from telegram_bridge.handlers.commands import ANSWERS
from telegram_bridge.reply import Buttons, Reply, out_of_date
from telegram_bridge.steps import next_step

Shown = tuple[str, Buttons] | str
"""What a press leads to: a message with buttons, or only a notice."""


def handle(reply: Reply, query: CallbackQuery) -> None:
    """Do what the button stands for and show the result; a refusal is shown as a notice that has to be closed."""
    word, *arguments = (query.data or "").split(":")
    try:
        with reply.uow.session.begin_nested():
            shown = _act(reply, word, arguments)
    except DomainError as error:
        reply.stop_waiting(query.id, reply.polite(error), alert=True)
        return
    if isinstance(shown, str):
        reply.stop_waiting(query.id, shown)
        return
    reply.stop_waiting(query.id)
    # Of a message too old to be changed Telegram gives only the number, and a date of zero.
    if query.message is not None and query.message.date and word not in _SAID_ANEW:
        reply.change(query.message.message_id, *shown)
    else:
        reply.say(*shown)
        if isinstance(query.message, Message) and is_list(opened_by(query.message)):
            # The mark of the current conversation moves.
            reply.change(query.message.message_id, *show_chats(reply))


def _act(reply: Reply, word: str, arguments: list[str]) -> Shown:
    action, count = _ACTIONS.get(word, (None, 0))
    if action is None or len(arguments) != count:
        raise out_of_date()
    numbers = [argument for argument in arguments[:1] if word in _NUMBERED]
    if not all(number.isascii() and number.isdigit() and len(number) < 19 for number in numbers):
        raise out_of_date()
    return action(reply, *arguments)


def _language(reply: Reply, code: str) -> Shown:
    people.choose_language(reply.uow, reply.person, code)
    return next_step(reply)


def _role(reply: Reply, role: str) -> Shown:
    people.choose_role(reply.uow, reply.person, role)
    return next_step(reply)


def _menu(reply: Reply, command: str) -> Shown:
    return ANSWERS.get(command, next_step)(reply)


def _conversation(reply: Reply, number: str) -> Shown:
    return announce(reply, conversations.switch(reply.uow, reply.person, int(number)))


def _join(reply: Reply, number: str) -> Shown:
    # The number alone proves nothing: whoever presses must hold the secret, which is what their last start carried.
    found = colleagues.invited_to(reply.uow, reply.person.start_payload)
    if found is None or found[0].id != int(number):
        raise out_of_date()
    colleagues.join(reply.uow, reply.person, int(number))
    return next_step(reply)


_ACTIONS: dict[str, tuple[Callable[..., Shown] | None, int]] = {
    "lang": (_language, 1),
    "role": (_role, 1),
    "menu": (_menu, 1),
    "conv": (_conversation, 1),
    "join": (_join, 1),
    "offer": (choices.offer, 2),
    "lot": (choices.lot, 2),
    "order": (boards.order, 2),
    "sure": (choices.uncertain, 2),
    "rate": (choices.rating, 2),
    "meet": (meetings.choose, 2),
    "verify": (verifying.ask, 1),
    "shelf": (factories.shelf, 2),
    "sift": (sifting.sift, 2),
    "factory": (factories.factory, 2),
    "notice": (own_choices.switch_notice, 1),
    "mine": (own_choices.decide, 1),
    "team": (team.act, 2),
    "review": (choices.review, 2),
    "fill": (filling.begin, 2),
    "pick": (filling.pick, 3),
    "form": (filling.decide, 2),
    "change": (filling.choose_change, 1),
}
"""Word → what it does and how many arguments it has."""

_NUMBERED = frozenset(
    {"conv", "join", "offer", "lot", "order", "sure", "rate", "meet", "review", "pick", "form", "factory", "change"}
)
_SAID_ANEW = frozenset({"conv", "offer", "lot", "order", "fill", "factory"})
"""Words whose button may sit under a message that must stay: a notice, an offer, a lot."""
