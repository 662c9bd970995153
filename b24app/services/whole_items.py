"""Writing one thing of ours into the CRM whole, whatever its item there has or lacks. Called by `reconciliation`.

Sends SaveItem, as the services do that keep the items up to date piece by piece.
"""

from __future__ import annotations

from collections.abc import Callable

from b24app.domain import stages
from b24app.domain.deliveries import SaveItem
from b24app.services import audit_cards, company_cards, crm_edits, lot_cards, offer_cards, people
from storage.models import Audit, Company, Lot, Order, Person
from storage.unit_of_work import UnitOfWork


def save(uow: UnitOfWork, ref: str) -> bool:
    """Ask for the item of a ref with everything we know; answers False when nothing of ours should stand behind it."""
    noun, _, number = ref.partition("/")
    saver = _SAVERS.get(noun)
    return saver is not None and number.isdigit() and saver(uow, int(number))


def _company(uow: UnitOfWork, company: Company | None, ref: str) -> bool:
    members = people.members_of(uow, company.id) if company is not None else []
    if company is None or not members or company_cards.item_ref(company) != ref:
        return False
    company_cards.save_item(uow, company, members[0])
    return True


def _save_lead(uow: UnitOfWork, number: int) -> bool:
    return _company(uow, uow.session.get(Company, number), f"lead/{number}")


def _save_company(uow: UnitOfWork, number: int) -> bool:
    return _company(uow, uow.session.get(Company, number), f"company/{number}")


def _save_contact(uow: UnitOfWork, number: int) -> bool:
    person = uow.session.get(Person, number)
    company = people.company_of(uow, person) if person is not None else None
    if person is None or company is None or person.state == "deleted":
        return False
    if people.members_of(uow, company.id)[0].id == person.id:
        company_cards.save_contact(uow, company, person)
    else:
        company_cards.save_colleague(uow, company, person)
    return True


def _save_lot(uow: UnitOfWork, number: int) -> bool:
    lot = uow.session.get(Lot, number)
    if lot is None:
        return False
    stage = stages.home("lot", crm_edits.state_of(uow, "lot", number))
    lot_cards.save_deal(uow, lot, uow.session.get_one(Company, lot.company_id), stage=stage)
    return True


def _save_order(uow: UnitOfWork, number: int) -> bool:
    order = uow.session.get(Order, number)
    if order is None:
        return False
    offer_cards.save_order(uow, uow.session.get_one(Lot, order.lot_id), order)
    stage = stages.home("order", order.state)
    uow.send(SaveItem(ref=f"order/{number}", stage=stage, pipeline=lot_cards.PIPELINE))
    return True


def _save_audit(uow: UnitOfWork, number: int) -> bool:
    audit = uow.session.get(Audit, number)
    if audit is None:
        return False
    audit_cards.save_item(uow, audit, uow.session.get_one(Company, audit.company_id))
    return True


_SAVERS: dict[str, Callable[[UnitOfWork, int], bool]] = {
    "lead": _save_lead,
    "company": _save_company,
    "contact": _save_contact,
    "lot": _save_lot,
    "order": _save_order,
    "audit": _save_audit,
}
