"""Commands typed or chosen from the list, and the same actions behind the buttons of the menus."""

from __future__ import annotations

from collections.abc import Callable

from b24app.services import conversations
from telegram_bridge import menus
from telegram_bridge.chats import announce, show_chats
from telegram_bridge.handlers import (
    boards,
    comparing,
    factories,
    kept_factories,
    own_choices,
    own_offers,
    sifting,
    team,
    verifying,
)
from telegram_bridge.reply import Buttons, Reply
from telegram_bridge.steps import is_registered, next_step

Answer = tuple[str, Buttons]


def _language(_: Reply) -> Answer:
    return menus.language_question()


def _settings(reply: Reply) -> Answer:
    if not reply.person.language:
        return menus.language_question()
    return menus.settings_menu(reply.t, reply.person.active_role)


def _lots(reply: Reply) -> Answer:
    if not is_registered(reply):
        return next_step(reply)
    return boards.lots_board(reply)


def _offers(reply: Reply) -> Answer:
    if not is_registered(reply) or reply.person.active_role != "factory":
        return next_step(reply)
    return own_offers.board(reply)


def _orders(reply: Reply) -> Answer:
    return boards.orders_board(reply) if is_registered(reply) else next_step(reply)


def _chats(reply: Reply) -> Answer:
    return show_chats(reply) if is_registered(reply) else next_step(reply)


def _help(reply: Reply) -> Answer:
    if not is_registered(reply):
        return next_step(reply)
    conversation = conversations.open_help(reply.uow, reply.person)
    reply.uow.session.flush()
    conversations.switch(reply.uow, reply.person, conversation.id)
    return announce(reply, conversation)


def _catalogue(reply: Reply) -> Answer:
    return factories.shelf(reply) if _is_buyer(reply) else next_step(reply)


def _segments(reply: Reply) -> Answer:
    return factories.segments(reply) if _is_buyer(reply) else next_step(reply)


def _filters(reply: Reply) -> Answer:
    return sifting.board(reply) if _is_buyer(reply) else next_step(reply)


def _favourites(reply: Reply) -> Answer:
    return kept_factories.favourites(reply) if _is_buyer(reply) else next_step(reply)


def _compared(reply: Reply) -> Answer:
    return kept_factories.side_by_side(reply) if _is_buyer(reply) else next_step(reply)


def _statistics(reply: Reply) -> Answer:
    is_factory = is_registered(reply) and reply.person.active_role == "factory"
    return comparing.figures(reply) if is_factory else next_step(reply)


def _is_buyer(reply: Reply) -> bool:
    return is_registered(reply) and reply.person.active_role == "buyer"


def _notices(reply: Reply) -> Answer:
    return own_choices.notices(reply) if reply.person.active_role else next_step(reply)


def _consents(reply: Reply) -> Answer:
    return own_choices.consents(reply) if reply.person.active_role else next_step(reply)


def _team(reply: Reply) -> Answer:
    return team.board(reply) if is_registered(reply) else next_step(reply)


def _verification(reply: Reply) -> Answer:
    return verifying.explained(reply) if verifying.is_needed(reply) else next_step(reply)


ANSWERS: dict[str, Callable[[Reply], Answer]] = {
    "menu": next_step,
    "lots": _lots,
    "offers": _offers,
    "orders": _orders,
    "chats": _chats,
    "settings": _settings,
    "language": _language,
    "help": _help,
    "verification": _verification,
    "catalogue": _catalogue,
    "segments": _segments,
    "filters": _filters,
    "favourites": _favourites,
    "compared": _compared,
    "statistics": _statistics,
    "notices": _notices,
    "consents": _consents,
    "team": _team,
}


def handle(reply: Reply, command: str) -> None:
    """Answer a command; an unknown one is answered with the next step."""
    reply.say(*ANSWERS.get(command, next_step)(reply))
