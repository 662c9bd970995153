"""Which of our objects a CRM entity stands for.

Called by the pages and by every action before it touches anything: what a page may act on follows from its entity alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from b24app.domain.lines import LINE_CHAT
from b24app.errors import NotFound
from b24app.services import conversations, people
from placements.calls import Entity
from storage.models import Audit, Company, CrmLink, Lot, Offer, Order, Person
from storage.unit_of_work import UnitOfWork

LEAD, DEAL, CONTACT, COMPANY = 1, 2, 3, 4


@dataclass(frozen=True)
class Subject:
    """`kind` is lead, contact, company, lot, order, audit, conversation, or empty for a CRM item that is not ours; `id` is our own."""

    kind: str = ""
    id: int = 0


def subject_of(uow: UnitOfWork, entity: Entity) -> Subject:
    """Find our object behind a CRM item; an empty subject when the item is foreign."""
    if not entity.type_id:
        return Subject()
    if entity.type_id == LINE_CHAT:
        talk = conversations.by_line_chat(uow, entity.id)
        return Subject("conversation", talk.id) if talk else Subject()
    ref = uow.session.scalar(
        select(CrmLink.ref).where(CrmLink.entity_type_id == entity.type_id, CrmLink.entity_id == entity.id)
    )
    kind, _, number = (ref or "").partition("/")
    return Subject(kind, int(number)) if kind and number.isdigit() else Subject()


def lot_of(uow: UnitOfWork, subject: Subject) -> Lot:
    """Give the lot that a deal stands for, also by the order made from it. NotFound for anything else."""
    if subject.kind == "order":
        lot_id = order_of(uow, subject).lot_id
    elif subject.kind == "lot":
        lot_id = subject.id
    else:
        raise NotFound
    return uow.session.get_one(Lot, lot_id)


def order_of(uow: UnitOfWork, subject: Subject) -> Order:
    """Give the order that a child deal stands for. NotFound for anything else."""
    order = uow.session.get(Order, subject.id) if subject.kind == "order" else None
    if order is None:
        raise NotFound
    return order


def company_of(uow: UnitOfWork, subject: Subject) -> Company:
    """Give the company that a lead or a company stands for. NotFound for anything else."""
    company = uow.session.get(Company, subject.id) if subject.kind in {"lead", "company"} else None
    if company is None:
        raise NotFound
    return company


def companies_of(uow: UnitOfWork, subject: Subject) -> list[Company]:
    """Give the companies whose answers a card shows: those that a contact speaks for, or the one of a lead or a company."""
    if subject.kind == "contact":
        return people.companies_of(uow, subject.id)
    return [company_of(uow, subject)]


def chosen_company(uow: UnitOfWork, subject: Subject, company_id: int | None) -> Company:
    """Give the company of a card that a form names; it need not be named where there is one only. NotFound for any other."""
    found = [company for company in companies_of(uow, subject) if company_id in (None, company.id)]
    if len(found) != 1:
        raise NotFound
    return found[0]


def audit_of(uow: UnitOfWork, subject: Subject) -> Audit:
    """Give the audit that an item of its smart process stands for. NotFound for anything else."""
    audit = uow.session.get(Audit, subject.id) if subject.kind == "audit" else None
    if audit is None:
        raise NotFound
    return audit


def person_of(uow: UnitOfWork, subject: Subject) -> Person:
    """Give the person that a contact stands for. NotFound for anything else."""
    person = uow.session.get(Person, subject.id) if subject.kind == "contact" else None
    if person is None:
        raise NotFound
    return person


def people_of(uow: UnitOfWork, subject: Subject) -> list[Person]:
    """Give the people whom a lead, a contact or a company stands for. NotFound for anything else."""
    if subject.kind == "contact":
        return [person_of(uow, subject)]
    return people.members_of(uow, company_of(uow, subject).id)


def offer_of_lot(uow: UnitOfWork, lot: Lot, offer_id: int) -> Offer:
    """Give an offer only if it answers this very lot: the id comes from a form. NotFound otherwise."""
    offer = uow.session.get(Offer, offer_id)
    if offer is None or offer.lot_id != lot.id:
        raise NotFound
    return offer


def refs_in_crm(uow: UnitOfWork, refs: list[str]) -> dict[str, Entity]:
    """Give the CRM items of several of our objects at once, those that have one."""
    if not refs:
        return {}
    rows = uow.session.execute(
        select(CrmLink.ref, CrmLink.entity_type_id, CrmLink.entity_id).where(CrmLink.ref.in_(refs))
    )
    return {ref: Entity(type_id, entity_id) for ref, type_id, entity_id in rows}
