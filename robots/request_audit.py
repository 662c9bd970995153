"""Robot `request_audit`: begins the audit of a factory, as a manager would on its tab."""

from __future__ import annotations

from b24app.services import audits, portals
from robots import subjects
from robots.contract import Answer, RobotCall
from storage.unit_of_work import UnitOfWork


def run(uow: UnitOfWork, call: RobotCall, *, company_id: str = "", reason: str = "") -> Answer:
    """Ask the factory of the order, of the company, or of `company_id` (a CRM id) for its documents."""
    factory = subjects.factory_of(uow, call, company_id)
    audit = audits.request(uow, factory.id, reason, call.actor)
    sentence = portals.speech(uow)("Audit No. {number} of {factory} has begun.", number=audit.id, factory=factory.name)
    return Answer({"audit_number": audit.id, "factory_name": factory.name}, sentence)
