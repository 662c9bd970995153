"""Telling people things in the bot, each in their own language.

Called by services only. May send: SendChatMessage or BroadcastMessage. Whoever blocked the bot is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape as html_escape

from b24app.domain.deliveries import BroadcastMessage, SendChatMessage
from b24app.i18n import Texts, texts
from b24app.services import people
from storage.models import Person
from storage.unit_of_work import UnitOfWork

Buttons = list[list[dict[str, str]]]
Said = tuple[str, Buttons]


def escaped(text: str) -> str:
    """Make plain text safe inside Telegram HTML."""
    return html_escape(text, quote=False)


def shortened(text: str, limit: int) -> str:
    """Cut a text at a blank, with an ellipsis, when it is longer than `limit` characters."""
    if len(text) <= limit:
        return text
    return text[: limit - 1].rsplit(" ", 1)[0].rstrip(",.;:") + "…"


def tell(uow: UnitOfWork, person: Person, say: Callable[[Texts], Said], *, key: str, broadcast: bool = False) -> None:
    """Say something to one person, once per `key`. `say` gets the person's texts and gives Telegram HTML and buttons."""
    if person.state != "active":
        return
    text, buttons = say(texts(people.language_of(person)))
    kind = BroadcastMessage if broadcast else SendChatMessage
    uow.send(kind(chat_id=person.chat_id, text=text, buttons=buttons), key=f"{key}:person/{person.id}")


def tell_company(
    uow: UnitOfWork, company_id: int, say: Callable[[Texts], Said], *, key: str, broadcast: bool = False
) -> int:
    """Say something to everybody who speaks for a company; answers to how many."""
    members = people.active(people.members_of(uow, company_id))
    for person in members:
        tell(uow, person, say, key=key, broadcast=broadcast)
    return len(members)
