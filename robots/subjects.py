"""Finding what a robot works on from the item its rule runs on. Called by the robots."""

from __future__ import annotations

from sqlalchemy import select

from b24app.errors import InvalidState
from robots.contract import RobotCall
from storage.models import Audit, Company, CrmLink, Lot, Order
from storage.unit_of_work import UnitOfWork

COMPANY_TYPE_ID = 4


def lot_of(uow: UnitOfWork, call: RobotCall) -> Lot:
    """Give the lot behind a deal, also behind the deal of an order made from it. InvalidState for any other item."""
    order = order_of(uow, call)
    lot = uow.session.get(Lot, order.lot_id if order else call.subject_id) if call.kind in {"lot", "order"} else None
    if lot is None:
        raise InvalidState("This deal is no lot of the marketplace.")
    return lot


def order_of(uow: UnitOfWork, call: RobotCall) -> Order | None:
    """Give the order behind a child deal, or None."""
    return uow.session.get(Order, call.subject_id) if call.kind == "order" else None


def audit_of(uow: UnitOfWork, call: RobotCall) -> Audit:
    """Give the audit behind an item of its smart process. InvalidState for any other item."""
    audit = uow.session.get(Audit, call.subject_id) if call.kind == "audit" else None
    if audit is None:
        raise InvalidState("This item is no audit of the marketplace.")
    return audit


def factory_of(uow: UnitOfWork, call: RobotCall, company_id: str = "") -> Company:
    """Give the factory that the rule names by its CRM id, else that of the order, the audit or the company it runs on."""
    if company_id:
        return factory_by_crm_id(uow, company_id)
    order = order_of(uow, call)
    own = order.company_id if order else call.subject_id if call.kind == "company" else None
    if call.kind == "audit":
        own = audit_of(uow, call).company_id
    company = uow.session.get(Company, own) if own else None
    if company is None or company.kind != "factory":
        raise InvalidState("This item has no factory. Name one in the settings of the rule.")
    return company


def factory_by_crm_id(uow: UnitOfWork, company_id: str) -> Company:
    """Give the factory behind a CRM company id. InvalidState when that company is no factory of the marketplace."""
    ref = uow.session.scalar(
        select(CrmLink.ref).where(CrmLink.entity_type_id == COMPANY_TYPE_ID, CrmLink.entity_id == company_id)
    )
    number = (ref or "").removeprefix("company/")
    company = uow.session.get(Company, int(number)) if number.isdigit() else None
    if company is None or company.kind != "factory":
        raise InvalidState("The company with id {id} is no factory of the marketplace.", id=company_id)
    return company
