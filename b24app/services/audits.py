"""Audits of factories: documents, visit, scores, verdict, badge.

Called by the desk, the robots and the Mini App. May send: the CRM item of the audit, its card, triggers, bot messages to the
factory's people. Errors: InvalidInput (by field), InvalidState, NotFound, NotAllowed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError

from b24app.domain import audits as rules
from b24app.domain.industries import AuditDocument as AskedDocument
from b24app.errors import InvalidInput, InvalidState, NotAllowed, NotFound
from b24app.i18n import texts
from b24app.services import audit as journal
from b24app.services import audit_cards, audit_news, companies, people, portals
from b24app.services.industries import pack
from storage.holding import HELD
from storage.models import Audit, AuditDocument, Company, File, Person
from storage.unit_of_work import UnitOfWork

LONGEST_NOTE = 2000
MOST_FILES = 5


def request(uow: UnitOfWork, company_id: int, reason: str, actor: str) -> Audit:
    """Begin the audit of an accepted factory: it is asked for the documents of the pack. InvalidState while one is running."""
    company = companies.get(uow, company_id, lock=True)
    if company.kind != "factory":
        raise InvalidState("Only factories are audited.", code="not_a_factory")
    if company.state != "accepted":
        raise InvalidState("The questionnaire was not accepted yet.", code="not_accepted")
    if running(uow, company_id) is not None:
        raise InvalidState("An audit of this factory is under way already.", code="audit_running")
    audit = Audit(
        company_id=company.id,
        state="requested",
        reason=reason.strip()[:LONGEST_NOTE],
        requested_by=actor,
        responsible_id=company.responsible_id,
        created_at=uow.now,
        scores={},
    )
    try:
        with uow.session.begin_nested():
            uow.session.add(audit)
            uow.session.flush()
    except IntegrityError as error:
        raise InvalidState("An audit of this factory is under way already.", code="audit_running") from error
    for document in pack().audit.documents:
        uow.session.add(AuditDocument(audit_id=audit.id, code=document.code, file_ids=[], changed_at=uow.now))
    uow.session.flush()
    journal.record(uow, actor, "audit_requested", f"audit/{audit.id}", company=company.id, reason=audit.reason)
    audit_cards.save_item(uow, audit, company)
    audit_news.requested(uow, audit)
    return audit


def get(uow: UnitOfWork, audit_id: int, *, lock: bool = False) -> Audit:
    """Find an audit, locked when its state is about to change. NotFound."""
    if lock:
        uow.session.flush()
    audit = uow.session.get(Audit, audit_id, with_for_update=HELD if lock else None, populate_existing=lock)
    if audit is None:
        raise NotFound(code="audit")
    return audit


def running(uow: UnitOfWork, company_id: int) -> Audit | None:
    """Give the audit of a factory that is not decided yet, or None."""
    return uow.session.scalars(
        select(Audit).where(Audit.company_id == company_id, Audit.state.in_(rules.RUNNING))
    ).first()


def history(uow: UnitOfWork, company_id: int) -> list[Audit]:
    """Give every audit of a factory, the latest first."""
    return list(uow.session.scalars(select(Audit).where(Audit.company_id == company_id).order_by(Audit.id.desc())))


def documents(uow: UnitOfWork, audit_id: int) -> list[tuple[AskedDocument, AuditDocument]]:
    """Give what is asked for beside what was sent, in the order of the pack."""
    rows = uow.session.scalars(select(AuditDocument).where(AuditDocument.audit_id == audit_id))
    by_code = {row.code: row for row in rows}
    return [(asked, by_code[asked.code]) for asked in pack().audit.documents if asked.code in by_code]


def send_document(uow: UnitOfWork, person: Person, audit_id: int, code: str, file_ids: Sequence[int]) -> AuditDocument:
    """Take a document from the factory; sending again replaces what was not accepted. The files must be the person's own uploads."""
    audit = _own(uow, person, audit_id)
    document = _document(uow, audit, code)
    if document.state == "accepted":
        raise InvalidState("This document is accepted already.", code="document_accepted")
    files = uow.session.scalars(select(File).where(File.id.in_(file_ids), File.person_id == person.id)).all()
    if not files or len(files) != len(set(file_ids)) or len(files) > MOST_FILES:
        t = texts(people.language_of(person))
        raise InvalidInput(fields={code: [t("The file was not found; please attach it again.")]})
    audit.state = rules.next_state(audit.state if audit.state != "scoring" else "visit", "send")
    for file in files:
        file.owner = f"audit_document/{document.id}"
    document.file_ids = [file.id for file in files]
    document.state, document.reason, document.changed_at = "sent", "", uow.now
    journal.record(uow, f"person/{person.id}", "audit_document_sent", f"audit/{audit.id}", document=code)
    _documents_changed(uow, audit)
    audit_news.document_arrived(uow, audit, person)
    return document


def accept_document(uow: UnitOfWork, audit_id: int, code: str, actor: str) -> Audit:
    """Accept one document; with the last one the audit goes on to the visit."""
    audit = get(uow, audit_id, lock=True)
    document = _document(uow, audit, code)
    if document.state != "sent":
        raise InvalidState("There is nothing to decide about this document.", code="document_decided")
    _accept(uow, audit, document, actor)
    _go_on(uow, audit)
    return audit


def accept_documents(uow: UnitOfWork, audit_id: int, actor: str) -> int:
    """Accept every document that waits; answers how many. InvalidState when none does."""
    audit = get(uow, audit_id, lock=True)
    waiting = [row for _, row in documents(uow, audit_id) if row.state == "sent"]
    if not waiting:
        raise InvalidState("There is nothing to decide about this document.", code="document_decided")
    for document in waiting:
        _accept(uow, audit, document, actor)
    _go_on(uow, audit)
    return len(waiting)


def _accept(uow: UnitOfWork, audit: Audit, document: AuditDocument, actor: str) -> None:
    audit.state = rules.next_state(audit.state, "accept")
    document.state, document.decided_by, document.changed_at = "accepted", actor, uow.now
    journal.record(uow, actor, "audit_document_accepted", f"audit/{audit.id}", document=document.code)


def _go_on(uow: UnitOfWork, audit: Audit) -> None:
    states = {row.code: row.state for _, row in documents(uow, audit.id)}
    if audit.state == "documents" and rules.documents_complete(pack().audit, states):
        audit.state = rules.next_state(audit.state, "complete")
        audit_news.documents_accepted(uow, audit)
    _documents_changed(uow, audit)


def return_document(uow: UnitOfWork, audit_id: int, code: str, reason: str, actor: str) -> Audit:
    """Give a document back with a reason; the factory is told and may send another."""
    audit = get(uow, audit_id, lock=True)
    document = _document(uow, audit, code)
    if not reason.strip():
        raise InvalidInput(fields={"reason": [portals.speech(uow)("Please say what to correct.")]})
    if document.state not in {"sent", "accepted"}:
        raise InvalidState("There is nothing to decide about this document.", code="document_decided")
    audit.state = rules.next_state(audit.state, "return")
    document.state, document.reason, document.decided_by = "returned", reason.strip()[:LONGEST_NOTE], actor
    document.changed_at = uow.now
    journal.record(uow, actor, "audit_document_returned", f"audit/{audit.id}", document=code, reason=document.reason)
    _documents_changed(uow, audit)
    audit_news.document_returned(uow, audit, document)
    return audit


def record_visit(uow: UnitOfWork, audit_id: int, at: datetime, *, note: str, video_url: str, actor: str) -> Audit:
    """Note that the auditor was there: when, what was seen, where the video is. The scoring may begin."""
    audit = get(uow, audit_id, lock=True)
    audit.state = rules.next_state(audit.state, "visit")
    audit.visit_at, audit.visit_note, audit.video_url = at, note.strip()[:LONGEST_NOTE], video_url.strip()
    journal.record(uow, actor, "audit_visited", f"audit/{audit.id}")
    _shown(uow, audit)
    return audit


def save_scores(uow: UnitOfWork, audit_id: int, scores: Mapping[str, Mapping[str, object]], actor: str) -> Audit:
    """Keep points (0–5) and notes by line of the checklist; a line that is not named keeps what it had."""
    audit = get(uow, audit_id, lock=True)
    audit.state = rules.next_state(audit.state, "score")
    known = {line.code for line in pack().audit.checklist}
    t = portals.speech(uow)
    kept = dict(audit.scores)
    for code, entry in scores.items():
        points = entry.get("points")
        if code not in known or not isinstance(points, int) or not 0 <= points <= rules.MOST_POINTS:
            raise InvalidInput(fields={code: [t("Please choose from the list.")]})
        kept[code] = {"points": points, "note": str(entry.get("note", "")).strip()[:500]}
    audit.scores = kept
    audit.score = rules.total(pack().audit, points_of(audit))
    journal.record(uow, actor, "audit_scored", f"audit/{audit.id}", score=audit.score)
    _shown(uow, audit)
    return audit


def points_of(audit: Audit) -> dict[str, int]:
    """Give the points by line of the checklist."""
    return {code: int(entry["points"]) for code, entry in audit.scores.items()}


def cancel(uow: UnitOfWork, audit_id: int, reason: str, actor: str) -> Audit:
    """Stop a running audit without a verdict; the factory is told."""
    audit = get(uow, audit_id, lock=True)
    audit.state = rules.next_state(audit.state, "cancel")
    audit.conclusion, audit.decided_by, audit.decided_at = reason.strip()[:LONGEST_NOTE], actor, uow.now
    journal.record(uow, actor, "audit_cancelled", f"audit/{audit.id}", reason=audit.conclusion)
    _documents_changed(uow, audit)
    audit_news.cancelled(uow, audit)
    return audit


def waiting() -> Select[int, datetime]:
    """Give the statement for how many audits have documents to check, and since when the oldest waits."""
    counted = select(func.count(AuditDocument.audit_id.distinct()), func.min(AuditDocument.changed_at))
    running = counted.join(Audit, Audit.id == AuditDocument.audit_id).where(Audit.state.in_(rules.RUNNING))
    return running.where(AuditDocument.state == "sent")


def _own(uow: UnitOfWork, person: Person, audit_id: int) -> Audit:
    audit = get(uow, audit_id, lock=True)
    company = people.company_of(uow, person, "factory")
    if company is None or company.id != audit.company_id:
        raise NotAllowed(code="not_your_audit")
    return audit


def _document(uow: UnitOfWork, audit: Audit, code: str) -> AuditDocument:
    found = uow.session.scalars(
        select(AuditDocument)
        .where(AuditDocument.audit_id == audit.id, AuditDocument.code == code)
        .with_for_update(key_share=True)
    ).first()
    if found is None:
        raise NotFound(code="document")
    return found


def _shown(uow: UnitOfWork, audit: Audit) -> None:
    uow.session.flush()
    audit_cards.save_item(uow, audit, uow.session.get_one(Company, audit.company_id))


def _documents_changed(uow: UnitOfWork, audit: Audit) -> None:
    _shown(uow, audit)
    waiting = [asked for asked, row in documents(uow, audit.id) if row.state == "sent"]
    running_on = audit.state in rules.RUNNING
    company = uow.session.get_one(Company, audit.company_id)
    audit_cards.ask_about_documents(uow, audit, company, waiting if running_on else [])
