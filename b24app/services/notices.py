"""Telling people things in the bot, each in their own language.

Called by services only. May send: SendChatMessage, BroadcastMessage or SendChatFile. Whoever blocked the bot is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from html import escape as html_escape

from b24app.domain.deliveries import BroadcastMessage, SendChatFile, SendChatMessage
from b24app.domain.quiet import quiet_until
from b24app.i18n import ZONE, Texts
from b24app.services import bot_texts, people
from storage.models import Person
from storage.unit_of_work import UnitOfWork

Buttons = list[list[dict[str, str]]]
Said = tuple[str, Buttons]


def escaped(text: str) -> str:
    """Make plain text safe inside Telegram HTML."""
    return html_escape(text, quote=False)


def tell(
    uow: UnitOfWork,
    person: Person,
    say: Callable[[Texts], Said],
    *,
    key: str,
    kind: str = "",
    broadcast: bool = False,
    at_once: bool = False,
) -> None:
    """Say something to one person, once per `key`. `say` gets the person's texts and gives Telegram HTML and buttons.

    Nothing is said of a `kind` that the person switched off (see `domain.quiet`). In quiet hours everything waits for their end but
    what comes `at_once`: the answer to what the person did this moment, and is therefore awake for.
    """
    if person.state != "active" or (kind and kind in (person.muted or ())):
        return
    text, buttons = say(bot_texts.speaker(uow, people.language_of(person), person.zone or ZONE))
    until = None if at_once else waits_until(uow, person)
    delivery = (BroadcastMessage if broadcast else SendChatMessage)(chat_id=person.chat_id, text=text, buttons=buttons)
    # What waits for the morning must not hold up a conversation, so it has a lane of its own.
    lane = f"quiet:{person.id}" if until else ""
    uow.send(delivery, key=f"{key}:person/{person.id}", lane=lane, not_before=until)


def tell_file(uow: UnitOfWork, person: Person, file_id: int, kind: str, *, key: str) -> None:
    """Send a file of ours after what `tell` said to the same person; `kind` as SendChatFile has it."""
    until = waits_until(uow, person)
    lane = f"quiet:{person.id}" if until else ""
    delivery = SendChatFile(chat_id=person.chat_id, kind=kind, file_id=file_id)
    uow.send(delivery, key=f"{key}:person/{person.id}", lane=lane, not_before=until)


def waits_until(uow: UnitOfWork, person: Person) -> datetime | None:
    """Give the end of the quiet hours that a person is in now, or None."""
    return quiet_until(uow.now, person.quiet_from, person.quiet_until, person.zone or ZONE)


def tell_company(
    uow: UnitOfWork,
    company_id: int,
    say: Callable[[Texts], Said],
    *,
    key: str,
    kind: str = "",
    broadcast: bool = False,
) -> int:
    """Say something to everybody who speaks for a company; answers to how many."""
    members = people.active(people.members_of(uow, company_id))
    for person in members:
        tell(uow, person, say, key=key, kind=kind, broadcast=broadcast)
    return len(members)


def kind_name(kind: str, t: Texts) -> str:
    """Name a kind of notices."""
    return {
        "lots": t("New lots that suit us"),
        "offers": t("Offers and changes of lots"),
        "orders": t("Progress of orders"),
        "reminders": t("Reminders to answer in chats"),
        "team": t("News of the team"),
    }[kind]
