"""Robot `check_subscription`: whether a factory's subscription is running, and until when. Changes nothing."""

from __future__ import annotations

from b24app.services import companies, portals
from robots import subjects
from robots.contract import Answer, RobotCall
from storage.unit_of_work import UnitOfWork


def run(uow: UnitOfWork, call: RobotCall, *, company_id: str = "") -> Answer:
    """Look at the factory of the order, of the company, or of `company_id` (a CRM id)."""
    factory = subjects.factory_of(uow, call, company_id)
    standing = companies.standing(factory, uow.now)
    t = portals.speech(uow)
    until = standing.subscribed_until
    values = {
        "active": "Y" if standing.subscribed else "N",
        "until": until.date().isoformat() if until else "",
        "verified": "Y" if standing.verified else "N",
    }
    if standing.subscribed and until is not None:
        return Answer(values, t("{factory} is subscribed until {day}.", factory=factory.name, day=t.date(until)))
    return Answer(values, t("{factory} has no running subscription.", factory=factory.name))
