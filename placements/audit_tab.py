"""The tab of an audit: documents to accept or return, the visit, the checklist with its points, the verdict.

Built for `registry`, as is the list of audits on a factory's tab; its decisions are one service call each.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from b24app.domain import audits as rules
from b24app.i18n import Texts, texts
from b24app.services import audit_verdicts, audits, companies, staff
from b24app.services.industries import pack
from placements import subjects
from placements.answers import Attachment
from placements.calls import Call
from placements.subjects import Subject
from storage.models import Audit, Company, File
from storage.unit_of_work import UnitOfWork

NOON = time(12, tzinfo=UTC)


def documents(uow: UnitOfWork, call: Call, subject: Subject) -> dict[str, Any]:
    """Show what was asked for, what arrived and what can be decided about it."""
    audit = subjects.audit_of(uow, subject)
    company = uow.session.get_one(Company, audit.company_id)
    rows = audits.documents(uow, audit.id)
    wanted = {number for _, row in rows for number in row.file_ids}
    files = uow.session.scalars(select(File).where(File.id.in_(wanted))) if wanted else ()
    by_id = {file.id: Attachment(f"file/{file.id}", file.name, file.size) for file in files}
    t = texts(call.language)
    return {
        "audit": audit,
        "company": company,
        "company_item": subjects.refs_in_crm(uow, [f"company/{company.id}"]).get(f"company/{company.id}"),
        "state": state_words(audit.state, t),
        "running": audit.state in rules.RUNNING,
        "documents": [
            {
                "code": asked.code,
                "label": asked.label(call.language),
                "required": asked.required,
                "state": row.state,
                "words": _document_words(row.state, t),
                "reason": row.reason,
                "files": [by_id[number] for number in row.file_ids if number in by_id],
                "can_return": row.state in {"sent", "accepted"} and rules.allowed(audit.state, "return"),
            }
            for asked, row in rows
        ],
    }


def state_words(state: str, t: Texts) -> str:
    """Name an audit's state."""
    return {
        "requested": t("Documents are asked for"),
        "documents": t("Documents are being checked"),
        "visit": t("The visit comes next"),
        "scoring": t("Is being scored"),
        "conditional": t("Passed with conditions"),
        "passed": t("Passed"),
        "failed": t("Not passed"),
        "cancelled": t("Stopped"),
    }.get(state, state)


def _document_words(state: str, t: Texts) -> str:
    return {
        "waiting": t("not sent yet"),
        "sent": t("to be checked"),
        "accepted": t("accepted"),
        "returned": t("returned"),
    }.get(state, state)


def checklist(uow: UnitOfWork, call: Call, subject: Subject) -> dict[str, Any]:
    """Show the visit, the checklist with its points and what they speak for, and the verdict."""
    audit = subjects.audit_of(uow, subject)
    asked, points = pack().audit, audits.points_of(audit)
    suggestion = rules.suggested(asked, points)
    return {
        "audit": audit,
        "today": staff.today(uow),
        "can_visit": rules.allowed(audit.state, "visit"),
        "can_score": rules.allowed(audit.state, "score"),
        "can_decide": bool(suggestion) and rules.allowed(audit.state, "pass"),
        "can_cancel": audit.state in rules.RUNNING,
        "verdicts": verdict_choices(audit, texts(call.language)),
        "lines": [
            {
                "code": line.code,
                "label": line.label(call.language),
                "weight": line.weight,
                "critical": line.critical,
                "points": points.get(line.code),
                "note": str(audit.scores.get(line.code, {}).get("note", "")),
            }
            for line in asked.checklist
        ],
        "most": rules.MOST_POINTS,
        "total": rules.total(asked, points),
        "suggestion": suggestion,
        "rules": asked,
        "usual_end": staff.today(uow) + timedelta(days=asked.valid_days),
    }


def verdict_choices(audit: Audit, t: Texts) -> list[tuple[str, str]]:
    """Give the verdicts that are possible now, in words."""
    named = {"pass": t("Passed"), "conditional": t("Passed with conditions"), "fail": t("Not passed")}
    return [(code, words) for code, words in named.items() if rules.allowed(audit.state, code)]


def history(uow: UnitOfWork, call: Call, subject: Subject) -> dict[str, Any]:
    """Show a factory's audits, the latest first, with what can be begun or taken away."""
    company = subjects.company_of(uow, subject)
    t = texts(call.language)
    found = audits.history(uow, company.id)
    in_crm = subjects.refs_in_crm(uow, [f"audit/{audit.id}" for audit in found])
    return {
        "company": company,
        "verified": companies.standing(company, uow.now).verified,
        "can_request": company.kind == "factory"
        and company.state == "accepted"
        and all(audit.state not in rules.RUNNING for audit in found),
        "figures": _figures(found, t),
        "audits": [(audit, state_words(audit.state, t), in_crm.get(f"audit/{audit.id}")) for audit in found],
    }


def _figures(found: Sequence[Audit], t: Texts) -> list[tuple[str, str]]:
    """Sum up a factory's audits: how many, how they ended, the average score and how the last one compares with it."""
    scores = [audit.score for audit in found if audit.score is not None]
    ended = [audit.state for audit in found if audit.state not in rules.RUNNING]
    figures = [
        (t("Audits held"), t.number(len(ended))),
        (t("Passed"), t.number(ended.count("passed"))),
        (t("Not passed"), t.number(ended.count("failed"))),
    ]
    if scores:
        figures.append((t("Average score"), t.number(round(sum(scores) / len(scores)))))
    if len(scores) > 1:
        figures.append((t("Last score against the one before"), f"{scores[0] - scores[1]:+d}"))
    return figures


def request(uow: UnitOfWork, call: Call, subject: Subject, form: dict[str, Any]) -> str:
    """Begin an audit of the factory."""
    audits.request(uow, subjects.company_of(uow, subject).id, form["reason"], call.actor)
    return texts(call.language)("The audit has begun. The factory was asked for its documents.")


def withdraw_badge(uow: UnitOfWork, call: Call, subject: Subject, form: dict[str, Any]) -> str:
    """Take the badge from the factory."""
    audit_verdicts.withdraw_badge(uow, subjects.company_of(uow, subject).id, form["reason"], call.actor)
    return texts(call.language)("The badge is withdrawn. The factory was told why.")


def accept_document(uow: UnitOfWork, call: Call, subject: Subject, form: dict[str, Any]) -> str:
    """Accept one document."""
    audit = audits.accept_document(uow, subjects.audit_of(uow, subject).id, form["code"], call.actor)
    t = texts(call.language)
    return t("Everything required is accepted: the visit comes next.") if audit.state == "visit" else t("Accepted.")


def return_document(uow: UnitOfWork, call: Call, subject: Subject, form: dict[str, Any]) -> str:
    """Give one document back with a reason."""
    audits.return_document(uow, subjects.audit_of(uow, subject).id, form["code"], form["reason"], call.actor)
    return texts(call.language)("Returned. The factory was told why.")


def record_visit(uow: UnitOfWork, call: Call, subject: Subject, form: dict[str, Any]) -> str:
    """Keep when the auditor was there and what he saw."""
    at = datetime.combine(form["day"], NOON)
    audit = subjects.audit_of(uow, subject)
    audits.record_visit(uow, audit.id, at, note=form["note"], video_url=form["video_url"], actor=call.actor)
    return texts(call.language)("The visit is noted. Score the checklist now.")


def save_scores(uow: UnitOfWork, call: Call, subject: Subject, form: dict[str, Any]) -> str:
    """Keep the points."""
    audit = audits.save_scores(uow, subjects.audit_of(uow, subject).id, form["scores"], call.actor)
    t = texts(call.language)
    if audit.score is None:
        return t("Saved. Some lines have no points yet.")
    return t("Saved: {score} points of 100.", score=audit.score)


def decide(uow: UnitOfWork, call: Call, subject: Subject, form: dict[str, Any]) -> str:
    """Give the verdict."""
    audit = subjects.audit_of(uow, subject)
    audit_verdicts.decide(uow, audit.id, form["verdict"], form["conclusion"], call.actor, until=form["until"])
    return texts(call.language)("The verdict is given and the factory was told.")


def cancel(uow: UnitOfWork, call: Call, subject: Subject, form: dict[str, Any]) -> str:
    """Stop the audit without a verdict."""
    audits.cancel(uow, subjects.audit_of(uow, subject).id, form["reason"], call.actor)
    return texts(call.language)("The audit is stopped. The factory was told.")
