"""What the CRM and its employees are shown of an audit: the item of the smart process and the card with documents to check.

Called by `audits` and `audit_verdicts`. Sends SaveItem, ShowCard, NotifyUser.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from b24app.domain.deliveries import SaveItem
from b24app.domain.industries import AuditDocument as AskedDocument
from b24app.i18n import Texts
from b24app.services import decision_cards, portals, staff
from storage.models import Audit, Company
from storage.unit_of_work import UnitOfWork

MOST_ROWS = 10


def save_item(uow: UnitOfWork, audit: Audit, company: Company) -> None:
    """Bring the audit's item in the CRM up to date; its stage follows the state."""
    t = portals.speech(uow)
    fields: dict[str, Any] = {
        "title": t("Audit No. {number}: {company}", number=audit.id, company=company.name),
        "audit_reason": audit.reason,
        "audit_score": "" if audit.score is None else audit.score,
        "audit_verdict": verdict_words(audit.verdict, t),
        "audit_conclusion": audit.conclusion,
        "audit_visit_at": audit.visit_at.isoformat() if audit.visit_at else "",
        "audit_deadline": staff.day(uow, audit.deadline).isoformat() if audit.deadline else "",
        "audit_valid_until": staff.day(uow, audit.valid_until).isoformat() if audit.valid_until else "",
    }
    if audit.responsible_id:
        fields["assignedById"] = audit.responsible_id
    links = {"companyId": f"company/{company.id}"}
    uow.send(SaveItem(ref=f"audit/{audit.id}", fields=fields, links=links, stage=audit.state))


def verdict_words(verdict: str, t: Texts) -> str:
    """Name a verdict; an empty text before there is one."""
    return {
        "pass": t("Passed"),
        "conditional": t("Passed with conditions"),
        "fail": t("Not passed"),
    }.get(verdict, "")


def ask_about_documents(uow: UnitOfWork, audit: Audit, company: Company, waiting: Sequence[AskedDocument]) -> None:
    """Show the card with the documents that wait for a decision; close it when none does."""
    t, name = portals.speech(uow), f"audit/{audit.id}"
    title = t("Audit of {company}: check the documents", company=company.name)
    if not waiting:
        decision_cards.close(uow, name, name, title, t("Nothing waits for a decision"))
        return
    rows = [[t("Arrived"), document.label(t.language)] for document in waiting[:MOST_ROWS]]
    choices = (("accept", t("Accept all")), ("return", t("Return")))
    decision_cards.ask(uow, name, name, title, rows=rows, choices=choices, responsible_id=audit.responsible_id)
    staff.notify(uow, audit.responsible_id, title, tag=name, ref=name)
