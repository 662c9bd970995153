"""What waits of a buyer's request for access to the catalogue: its card, whether it is open, how it ends.

Called by `access_requests`, and by `companies` when access is given elsewhere. Sends ShowCard. A request is open while the newest
line of its log is the request itself.
"""

from __future__ import annotations

from sqlalchemy import select

from b24app.domain.catalogue import PASS_DAYS
from b24app.i18n import Texts
from b24app.services import audit, company_cards, decision_cards, portals
from storage.models import AuditEntry, Company, Person
from storage.unit_of_work import UnitOfWork

REQUESTED = "catalogue_access_requested"


def ask(uow: UnitOfWork, person: Person, buyer: Company) -> None:
    """Show the request on the buyer's item; asking again while it waits changes nothing."""
    if is_open(uow, buyer.id):
        return
    audit.record(uow, f"person/{person.id}", REQUESTED, name_of(buyer.id))
    t = portals.speech(uow)
    until = buyer.catalogue_until
    rows = [
        [t("Company"), buyer.name],
        [t("Access so far"), t("until {date}", date=t.date(until)) if until and until > uow.now else t("none")],
        [t("If given"), t.tn("{count} day from today", "{count} days from today", PASS_DAYS)],
    ]
    choices = (("give", t("Give access")), ("decline", t("Decline")))
    ref = company_cards.item_ref(buyer)
    decision_cards.ask(
        uow, name_of(buyer.id), ref, _title(t), rows=rows, choices=choices, responsible_id=buyer.responsible_id
    )


def close(uow: UnitOfWork, company: Company, actor: str, *, given: bool) -> None:
    """End what waits, wherever it was decided; nothing happens while nothing waits."""
    if not is_open(uow, company.id):
        return
    audit.record(uow, actor, "catalogue_access_given" if given else "catalogue_access_declined", name_of(company.id))
    t = portals.speech(uow)
    outcome = t("Access was given") if given else t("Declined")
    decision_cards.close(uow, name_of(company.id), company_cards.item_ref(company), _title(t), outcome)


def is_open(uow: UnitOfWork, company_id: int) -> bool:
    """Tell whether a request of a company waits for a decision."""
    line = newest(uow, company_id)
    return line is not None and line.action == REQUESTED


def newest(uow: UnitOfWork, company_id: int) -> AuditEntry | None:
    """Give the newest line of the log of a company's requests."""
    lines = select(AuditEntry).where(AuditEntry.subject == name_of(company_id)).order_by(AuditEntry.id.desc()).limit(1)
    return uow.session.scalars(lines).first()


def name_of(company_id: int) -> str:
    """Give the name of the card."""
    return f"access/{company_id}"


def _title(t: Texts) -> str:
    return t("A buyer asks for access to the catalogue")
