"""Deciding a buyer's request for access to the catalogue. Called by the cards.

May send what a grant sends, a card, a message in the bot. Errors: InvalidState once it was decided.
"""

from __future__ import annotations

from datetime import timedelta

from b24app.domain.catalogue import PASS_DAYS
from b24app.errors import InvalidState
from b24app.i18n import Texts
from b24app.services import access_cards, companies, notices, portals, staff
from b24app.services.notices import Said, escaped
from storage.models import Company
from storage.unit_of_work import UnitOfWork


def give(uow: UnitOfWork, company_id: int, actor: str) -> Company:
    """Give the usual days by hand, with the request as the reason. InvalidState when nothing waits any more."""
    company = _waiting(uow, company_id)
    t = portals.speech(uow)
    until = staff.today(uow) + timedelta(days=PASS_DAYS)
    companies.grant(uow, company.id, "catalogue_access", until, reason=t("Asked for in the bot"), actor=actor)
    return company


def decline(uow: UnitOfWork, company_id: int, actor: str) -> Company:
    """Leave the buyer without access, and say so. InvalidState when nothing waits any more."""
    company = _waiting(uow, company_id)
    entry = access_cards.newest(uow, company.id)
    access_cards.close(uow, company, actor, given=False)

    def say(t: Texts) -> Said:
        return escaped(t("Access to the catalogue was not given this time. Ask the manager in the chat for help.")), []

    notices.tell_company(uow, company.id, say, key=f"{access_cards.name_of(company.id)}:{entry.id if entry else 0}")
    return company


def _waiting(uow: UnitOfWork, company_id: int) -> Company:
    company = companies.get(uow, company_id, lock=True)
    if not access_cards.is_open(uow, company.id):
        raise InvalidState("This was decided already.", code="nothing_waits")
    return company
