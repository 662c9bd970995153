"""Robot `suspend_factory`: takes a factory out of the catalogue until a manager publishes it again."""

from __future__ import annotations

from b24app.services import companies, portals
from robots import subjects
from robots.contract import Answer, RobotCall
from storage.unit_of_work import UnitOfWork


def run(uow: UnitOfWork, call: RobotCall, *, reason: str, company_id: str = "") -> Answer:
    """Suspend the factory of the order, of the company, or of `company_id` (a CRM id); its people read the reason."""
    factory = subjects.factory_of(uow, call, company_id)
    companies.suspend(uow, factory.id, reason, call.actor)
    return Answer({"factory_name": factory.name}, portals.speech(uow)("{factory} is suspended.", factory=factory.name))
