"""The card of a factory that left the catalogue because of its rating: publish it again, or leave it suspended.

Called by `reviews`, the cards, and `companies` when it is published elsewhere. Sends ShowCard and NotifyUser. The card waits while the
newest line of its log is the question itself.
"""

from __future__ import annotations

from sqlalchemy import select

from b24app.errors import InvalidState
from b24app.i18n import Texts
from b24app.services import audit, company_cards, decision_cards, portals, staff
from storage.models import AuditEntry, Company
from storage.unit_of_work import UnitOfWork

ASKED = "suspension_asked"


def ask(uow: UnitOfWork, company: Company, rating: float) -> None:
    """Show the card on the company and call the responsible employee."""
    t, name, ref = portals.speech(uow), f"standing/{company.id}", company_cards.item_ref(company)
    audit.record(uow, "automation", ASKED, name, rating=rating)
    rows = [
        [t("Factory"), company.name],
        [t("Rating"), t("{rating} of 5", rating=t.number(rating))],
        [t("Now"), t("Suspended: not shown to buyers, gets no lots")],
    ]
    user_id = company.responsible_id
    choices = (("publish", t("Show it again")), ("keep", t("Leave suspended")))
    decision_cards.ask(uow, name, ref, _title(t), rows=rows, choices=choices, responsible_id=user_id)
    staff.notify(uow, user_id, f"{_title(t)}: {company.name}", tag=name, ref=ref)


def must_wait(uow: UnitOfWork, company_id: int) -> None:
    """Raise InvalidState unless the question is open."""
    if not _waits(uow, company_id):
        raise InvalidState("This was decided already.", code="nothing_waits")


def settle(uow: UnitOfWork, company: Company, actor: str, *, published: bool) -> None:
    """Note how the question ended and complete the card; nothing happens while none waits."""
    if not _waits(uow, company.id):
        return
    t, name = portals.speech(uow), f"standing/{company.id}"
    outcome = t("Published") if published else t("Stays suspended")
    decision_cards.close(uow, name, company_cards.item_ref(company), _title(t), outcome)
    audit.record(uow, actor, "suspension_lifted" if published else "suspension_kept", name)


def _waits(uow: UnitOfWork, company_id: int) -> bool:
    lines = select(AuditEntry.action).where(AuditEntry.subject == f"standing/{company_id}")
    return uow.session.scalars(lines.order_by(AuditEntry.id.desc()).limit(1)).first() == ASKED


def _title(t: Texts) -> str:
    return t("A factory was suspended for its rating: decide")
