"""Verdicts of audits and what a badge is worth over time: given, about to end, ended, taken away.

Called by the desk, a robot and the daily job. May send what `audits` sends. Errors: InvalidInput, InvalidState.
"""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import func, select

from b24app.domain import audits as rules
from b24app.domain.companies import end_of
from b24app.domain.deliveries import FireTrigger
from b24app.errors import InvalidInput, InvalidState
from b24app.services import audit as journal
from b24app.services import audit_cards, audit_news, audits, catalogue_entries, companies, company_cards, portals, staff
from b24app.services.industries import pack
from storage.models import Audit, Company, CrmLink
from storage.unit_of_work import UnitOfWork

PER_ROUND = 200


def decide(
    uow: UnitOfWork, audit_id: int, verdict: str, conclusion: str, actor: str, *, until: date | None = None
) -> Audit:
    """Give the verdict pass, conditional or fail. `until`: how long the badge holds, or the deadline for the conditions.

    A pass gives the badge, a fail takes it. A kinder verdict than the points speak for needs a conclusion that says why; so do
    conditions. InvalidInput by field; InvalidState before everything is scored.
    """
    audit = audits.get(uow, audit_id, lock=True)
    asked, t = pack().audit, portals.speech(uow)
    if verdict not in rules.VERDICTS:
        raise InvalidInput(fields={"verdict": [t("Please choose from the list.")]})
    state = rules.next_state(audit.state, verdict)
    advice = rules.suggested(asked, audits.points_of(audit))
    if not advice:
        raise InvalidState("Score every line of the checklist first.", code="not_scored")
    words = conclusion.strip()[: audits.LONGEST_NOTE]
    if not words and (verdict == "conditional" or rules.better_than(verdict, advice)):
        raise InvalidInput(fields={"conclusion": [t("Please say why, or what has to be mended.")]})
    days = asked.conditional_days if verdict == "conditional" else asked.valid_days
    end = end_of(until or staff.today(uow) + timedelta(days=days), staff.zone(uow))
    if end <= uow.now:
        raise InvalidInput(fields={"until": [t("This day is already past.")]})
    audit.state, audit.verdict, audit.conclusion = state, verdict, words
    audit.decided_by, audit.decided_at = actor, uow.now
    audit.deadline = end if verdict == "conditional" else audit.deadline
    audit.valid_until = end if verdict == "pass" else None
    journal.record(uow, actor, "audit_decided", f"audit/{audit.id}", verdict=verdict, score=audit.score)
    _act_on(uow, audit, actor)
    return audit


def _act_on(uow: UnitOfWork, audit: Audit, actor: str) -> None:
    company = uow.session.get_one(Company, audit.company_id)
    if audit.verdict == "pass" and audit.valid_until is not None:
        t = portals.speech(uow)
        reason = t("Audit No. {number} passed with {score} points.", number=audit.id, score=audit.score)
        until = staff.day(uow, audit.valid_until)
        companies.grant(uow, company.id, "verification", until, reason=reason, actor=actor)
    elif audit.verdict == "fail" and companies.standing(company, uow.now).verified:
        _end_badge(uow, company)
    audit_cards.save_item(uow, audit, company)
    audit_cards.ask_about_documents(uow, audit, company, [])
    audit_news.decided(uow, audit)
    if audit.verdict != "conditional":
        code = "audit_passed" if audit.verdict == "pass" else "audit_failed"
        uow.send(FireTrigger(code=code, ref=f"audit/{audit.id}"), key=f"trigger:{code}:audit/{audit.id}")


def withdraw_badge(uow: UnitOfWork, company_id: int, reason: str, actor: str) -> Company:
    """Take the badge from a verified factory, after a complaint for example; its people are told why."""
    company = companies.get(uow, company_id, lock=True)
    if not companies.standing(company, uow.now).verified:
        raise InvalidState("This factory has no badge.", code="not_verified")
    if not reason.strip():
        raise InvalidInput(fields={"reason": [portals.speech(uow)("Please fill this in.")]})
    _end_badge(uow, company)
    journal.record(uow, actor, "badge_withdrawn", f"company/{company.id}", reason=reason.strip())
    audit_news.badge_withdrawn(uow, company, reason.strip())
    return company


def _end_badge(uow: UnitOfWork, company: Company) -> None:
    company.verified_until = uow.now
    catalogue_entries.refresh(uow, company)
    company_cards.save_standing(uow, company)


def remind(uow: UnitOfWork) -> int:
    """Tell factories whose badge ends soon, once for each reminder of the pack; answers how many were due."""
    horizon = uow.now + timedelta(days=max(pack().audit.remind_days))
    due = 0
    for company in uow.session.scalars(
        select(Company)
        .where(Company.kind == "factory", Company.verified_until > uow.now, Company.verified_until <= horizon)
        .order_by(Company.verified_until)
        .limit(PER_ROUND)
    ):
        if company.verified_until is None:
            continue
        days = rules.reminder_due(pack().audit, company.verified_until, uow.now)
        if days:
            audit_news.badge_ends_soon(uow, company, company.verified_until, days)
            due += 1
    return due


def expire(uow: UnitOfWork) -> int:
    """End what ran out: badges whose day has come, conditions that were not met in time. Answers how many."""
    return _expire_badges(uow) + _expire_conditions(uow)


def _expire_badges(uow: UnitOfWork) -> int:
    # Whom the CRM still shows as verified although the day has come: given by an audit or by hand, told once either way.
    ended = uow.session.scalars(
        select(Company)
        .join(CrmLink, CrmLink.ref == func.concat("company/", Company.id))
        .where(Company.kind == "factory", Company.verified_until <= uow.now)
        .where(CrmLink.snapshot["verification_status"].astext == "verified")
        .order_by(Company.id)
        .limit(PER_ROUND)
        .with_for_update(of=Company, skip_locked=True, key_share=True)
    ).all()
    for company in ended:
        company_cards.save_standing(uow, company)
        audit_news.badge_ended(uow, company)
        latest = next((audit for audit in audits.history(uow, company.id) if audit.state == "passed"), None)
        if latest is not None:
            key = f"trigger:badge_expired:audit/{latest.id}"
            uow.send(FireTrigger(code="badge_expired", ref=f"audit/{latest.id}"), key=key)
    return len(ended)


def _expire_conditions(uow: UnitOfWork) -> int:
    late = uow.session.scalars(
        select(Audit.id).where(Audit.state == "conditional", Audit.deadline <= uow.now).order_by(Audit.id)
    ).all()
    t = portals.speech(uow)
    for audit_id in late:
        decide(uow, audit_id, "fail", t("The conditions were not met in time."), "automation")
    return len(late)
