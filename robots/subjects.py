"""Finding what a robot works on from the item its rule runs on. Called by the robots."""

from __future__ import annotations

from sqlalchemy import select

from b24app.errors import InvalidState
from robots.contract import RobotCall
from storage.models import Company, CrmLink, Lot, Order
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
