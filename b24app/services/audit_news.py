"""What a factory's people are told in the bot about audits and their badge. Called by `audits` and `audit_verdicts`."""

from __future__ import annotations

from datetime import datetime

from b24app.i18n import Texts
from b24app.services import notices
from b24app.services.industries import pack
from b24app.services.notices import Buttons, Said, escaped
from b24app.services.screens import AUDIT, opening
from storage.models import Audit, AuditDocument, Company, Person
from storage.unit_of_work import UnitOfWork


def _key(uow: UnitOfWork, audit: Audit, what: str) -> str:
    return f"audit/{audit.id}:{what}:{int(uow.now.timestamp() * 1000)}"


def _ways(audit: Audit, t: Texts) -> Buttons:
    here = {"text": t("💬 Send here in the chat"), "data": f"fill:audit:{audit.id}"}
    return [[opening(t("Send documents"), AUDIT)], [here]]


def requested(uow: UnitOfWork, audit: Audit) -> None:
    """Ask for the documents."""

    def say(t: Texts) -> Said:
        lines = [f"• {document.label(t.language)}" for document in pack().audit.documents if document.required]
        text = t("The audit of your factory has begun. Please send these documents:")
        return f"{text}\n" + "\n".join(lines), _ways(audit, t)

    notices.tell_company(uow, audit.company_id, say, key=_key(uow, audit, "requested"))


def document_arrived(uow: UnitOfWork, audit: Audit, person: Person) -> None:
    """Confirm, at most once a minute however many documents come at once."""

    def say(t: Texts) -> Said:
        return t("Thank you, the documents have arrived. We check them and write here."), []

    notices.tell(uow, person, say, key=f"audit/{audit.id}:arrived:{int(uow.now.timestamp()) // 60}", at_once=True)


def document_returned(uow: UnitOfWork, audit: Audit, document: AuditDocument) -> None:
    """Say which document is not good enough and why."""

    def say(t: Texts) -> Said:
        name = escaped(pack().audit.document(document.code).label(t.language))
        text = t(
            "Please send another document: <b>{document}</b>. {reason}", document=name, reason=escaped(document.reason)
        )
        return text, _ways(audit, t)

    notices.tell_company(uow, audit.company_id, say, key=_key(uow, audit, f"returned:{document.code}"))


def documents_accepted(uow: UnitOfWork, audit: Audit) -> None:
    """Say that the visit comes next."""

    def say(t: Texts) -> Said:
        return t("All documents are accepted. The manager will agree with you on the day of the visit."), []

    notices.tell_company(uow, audit.company_id, say, key=_key(uow, audit, "complete"))


def decided(uow: UnitOfWork, audit: Audit) -> None:
    """Tell the verdict with its conclusion; a pass is told together with the badge."""
    if audit.verdict == "pass":
        return

    def say(t: Texts) -> Said:
        if audit.verdict == "conditional" and audit.deadline is not None:
            day = t.date(audit.deadline)
            text = t("The audit is passed with conditions. Please meet them until {date}.", date=day)
        else:
            text = t("Your factory did not pass the audit. You can ask for another one when everything is mended.")
        return f"{text}\n{escaped(audit.conclusion)}".strip(), []

    notices.tell_company(uow, audit.company_id, say, key=_key(uow, audit, "decided"))


def cancelled(uow: UnitOfWork, audit: Audit) -> None:
    """Say that the audit is over without a verdict."""

    def say(t: Texts) -> Said:
        text = t("The audit of your factory was stopped.")
        return f"{text}\n{escaped(audit.conclusion)}".strip(), []

    notices.tell_company(uow, audit.company_id, say, key=_key(uow, audit, "cancelled"))


def badge_ends_soon(uow: UnitOfWork, company: Company, until: datetime, days: int) -> None:
    """Remind of the yearly audit, once for each reminder."""

    def say(t: Texts) -> Said:
        text = t("Your verification ends on {date}. Ask the manager for the yearly audit in time.", date=t.date(until))
        return text, []

    notices.tell_company(uow, company.id, say, key=f"company/{company.id}:badge:{until.date()}:{days}")


def badge_ended(uow: UnitOfWork, company: Company) -> None:
    """Say that the badge is not shown any more."""

    def say(t: Texts) -> Said:
        return t("Your verification has ended: buyers do not see the badge and you cannot answer lots."), []

    notices.tell_company(uow, company.id, say, key=f"company/{company.id}:badge:ended:{uow.now.date()}")


def badge_withdrawn(uow: UnitOfWork, company: Company, reason: str) -> None:
    """Say that the badge was taken away, and why."""

    def say(t: Texts) -> Said:
        text = t("Your verification was withdrawn.")
        return f"{text}\n{t('Reason')}: {escaped(reason)}", []

    notices.tell_company(uow, company.id, say, key=f"company/{company.id}:badge:withdrawn:{int(uow.now.timestamp())}")
