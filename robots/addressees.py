"""Whom a robot writes to, from the item its rule runs on. Called by `send_telegram`; sends nothing."""

from __future__ import annotations

from sqlalchemy import select

from b24app.errors import InvalidState
from b24app.services import people
from robots import subjects
from robots.contract import RobotCall
from storage.models import Company, Lot, Member, Offer, Person
from storage.unit_of_work import UnitOfWork

SIDES = ("buyer", "factory", "both", "representative")
_OF_ONE_COMPANY = ("lead", "company", "audit")
_OPEN_OFFERS = ("allowed", "awarded")


def of_call(uow: UnitOfWork, call: RobotCall, to: str) -> list[tuple[Company | None, Person]]:
    """Give (company spoken for, person) for the buyer's people, the factory's, both, or the one representative of the item.

    The representative is who placed a lot, who registered on a lead, the person of a contact, the owner of the factory of an order or
    an audit, the owner of a company. InvalidState when the item has nobody of that side.
    """
    if call.kind == "contact":
        person = uow.session.get_one(Person, call.subject_id)
        return [(people.company_of(uow, person) if person.active_role else None, person)]
    if to == "representative":
        return _representatives(uow, call)
    companies = _companies(uow, call, to)
    if not companies:
        raise InvalidState("There is nobody to write to: no factory may talk to the buyer yet.")
    return [(company, person) for company in companies for person in people.members_of(uow, company.id)]


def _representatives(uow: UnitOfWork, call: RobotCall) -> list[tuple[Company | None, Person]]:
    if call.kind not in {"order", *_OF_ONE_COMPANY}:
        lot = subjects.lot_of(uow, call)
        return [(uow.session.get_one(Company, lot.company_id), uow.session.get_one(Person, lot.person_id))]
    company = _own_company(uow, call)
    owners = select(Person).join(Member, Member.person_id == Person.id)
    owners = owners.where(Member.company_id == company.id, Member.role == "owner").order_by(Person.id)
    return [(company, person) for person in uow.session.scalars(owners)]


def _own_company(uow: UnitOfWork, call: RobotCall) -> Company:
    """Give the company that a lead or a company is, or the factory of an order or an audit."""
    if call.kind in {"lead", "company"}:
        return uow.session.get_one(Company, call.subject_id)
    return subjects.factory_of(uow, call)


def _companies(uow: UnitOfWork, call: RobotCall, to: str) -> list[Company]:
    if call.kind not in _OF_ONE_COMPANY:
        lot, order = subjects.lot_of(uow, call), subjects.order_of(uow, call)
        ids = [] if to == "factory" else [lot.company_id]
        if to != "buyer":
            ids += [order.company_id] if order else _talking(uow, lot)
        return [uow.session.get_one(Company, company_id) for company_id in ids]
    company = _own_company(uow, call)
    if to not in {company.kind, "both"}:
        raise InvalidState("A lead has no factory." if call.kind == "lead" else "This item has nobody of that side.")
    return [company]


def _talking(uow: UnitOfWork, lot: Lot) -> list[int]:
    found = select(Offer.company_id).where(Offer.lot_id == lot.id, Offer.state.in_(_OPEN_OFFERS)).order_by(Offer.id)
    return list(uow.session.scalars(found))
