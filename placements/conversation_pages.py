"""The conversations that a page stands beside: those of a deal, or the one that an open-line chat mirrors.

Called by the transcript, by the pages in the messenger and by every action before it touches a conversation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from b24app.domain.markup import to_plain
from b24app.errors import NotFound
from b24app.i18n import texts
from b24app.services import conversations, invoice_cards, invoice_links, people, profile_cards, reply_templates
from b24app.services.industries import pack
from b24app.services.reply_templates import Rendering
from placements import meeting_rows, subjects
from placements.calls import Call
from placements.subjects import Subject
from storage.models import Company, Conversation, Person, ReplyTemplate
from storage.unit_of_work import UnitOfWork

PERSONAL = ("lead", "contact", "company")
"""Kinds of subjects beside which one writes to people, each in their conversation with the platform."""


def of_subject(uow: UnitOfWork, subject: Subject) -> Sequence[Conversation]:
    """Give the conversations of a page's subject, the liveliest first."""
    if subject.kind == "conversation":
        return [conversations.get(uow, subject.id)]
    if subject.kind in PERSONAL:
        ids = [person.id for person in subjects.people_of(uow, subject)]
        talks = select(Conversation).where(Conversation.kind == "help", Conversation.person_id.in_(ids))
        return uow.session.scalars(talks.where(Conversation.state == "open").order_by(Conversation.id)).all()
    query = select(Conversation).where(Conversation.lot_id == subjects.lot_of(uow, subject).id)
    if subject.kind == "order":
        made = subjects.order_of(uow, subject)
        query = query.where(Conversation.factory_company_id == made.company_id)
    lively = Conversation.last_message_at.desc().nulls_last()
    return uow.session.scalars(query.order_by(lively, Conversation.id)).all()


def ours(uow: UnitOfWork, subject: Subject, conversation_id: int) -> Conversation:
    """Find a conversation of this very page. NotFound for any other."""
    found = uow.session.get(Conversation, conversation_id)
    if found is None or not _fits(uow, subject, found):
        raise NotFound(code="conversation")
    return found


def _fits(uow: UnitOfWork, subject: Subject, talk: Conversation) -> bool:
    if subject.kind == "conversation":
        return talk.id == subject.id
    if subject.kind in PERSONAL:
        return talk.kind == "help" and talk.person_id in {person.id for person in subjects.people_of(uow, subject)}
    return talk.lot_id == subjects.lot_of(uow, subject).id


def chosen_of(found: Sequence[Conversation], asked: Mapping[str, str]) -> Conversation | None:
    """Give the conversation that was asked for, or that was just written into, else the liveliest, else None."""
    wanted = asked.get("conversation") or asked.get("conversation_id")
    return next((talk for talk in found if str(talk.id) == wanted), found[0] if found else None)


def name_of(uow: UnitOfWork, talk: Conversation) -> str:
    """Name a conversation among those of one page: by its person, else by its factory."""
    person = uow.session.get(Person, talk.person_id) if talk.kind == "help" and talk.person_id else None
    if person is not None:
        return people.name_of(person)
    factory = uow.session.get(Company, talk.factory_company_id) if talk.factory_company_id else None
    return factory.name if factory else ""


def writing(uow: UnitOfWork, call: Call, subject: Subject) -> dict[str, Any]:
    """Give what the form for writing needs: the conversations, the chosen one, the templates and cards as both sides would read them."""
    found = of_subject(uow, subject)
    chosen = chosen_of(found, call.asked)
    more = meeting_rows.shown(uow, chosen, call.language) if chosen else {}
    return {
        **more,
        "talks": [(talk, name_of(uow, talk)) for talk in found],
        "chosen": chosen,
        "title": conversations.title(uow, chosen, call.language, for_employee=True) if chosen else "",
        "say_key": uuid4().hex,
        "templates": _templates(uow, chosen) if chosen else [],
        "cards": _cards(uow, chosen) if chosen else [],
        "one_sided": chosen is not None and chosen.kind == "help",
        "invoices": _invoices(uow, chosen, call) if chosen else [],
        "currencies": [currency.code for currency in pack().currencies],
    }


def writing_to_people(uow: UnitOfWork, call: Call, subject: Subject) -> dict[str, Any]:
    """Give the same for a card of people, with those whom no conversation is open with yet."""
    found = {talk.person_id for talk in of_subject(uow, subject)}
    known = [person for person in subjects.people_of(uow, subject) if person.state == "active"]
    return {
        **writing(uow, call, subject),
        "strangers": [(person.id, people.name_of(person)) for person in known if person.id not in found],
        "personal": True,
    }


def _cards(uow: UnitOfWork, talk: Conversation) -> list[tuple[str, str]]:
    """Give each card that can be sent: its name and what the first side would read, without its codes."""
    return [(name, to_plain(cards[0].text)) for name, cards in profile_cards.offered(uow, talk).items()]


def _invoices(uow: UnitOfWork, talk: Conversation, call: Call) -> list[tuple[int, str]]:
    """Give the invoices of the deal that were sent before, each in a line."""
    t = texts(call.language)
    return [(invoice.id, invoice_cards.name_of(invoice, t)) for invoice in invoice_links.of_deal(uow, talk)]


def _templates(uow: UnitOfWork, talk: Conversation) -> list[tuple[ReplyTemplate, list[Rendering]]]:
    return [
        (template, reply_templates.renderings(uow, talk, template, "both")) for template in reply_templates.every(uow)
    ]
