"""What a manager asks for: answers of a questionnaire or a lot that are open again, documents of an audit; and handing them in.

Called by the Mini App's screens of corrections and by forms in the chat. Sends what `companies.submit`, `lots.submit` and
`audits.send_document` send.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from b24app.domain import audits as rules
from b24app.domain.industries import Kind, Question, Questionnaire, Section
from b24app.errors import InvalidInput
from b24app.i18n import LANGUAGES, Texts, texts
from b24app.services import audits, companies, drafts, lots, people, screens
from b24app.services.industries import pack
from b24app.services.screens import CORRECTIONS, correction_path
from storage.models import Audit, Company, Lot, Person
from storage.unit_of_work import UnitOfWork

FORM, AUDIT = "mend", "audit"


@dataclass(frozen=True, kw_only=True)
class Round:
    """Answers that are open again. `of` is what they belong to, `answers` all that was handed in, `path` the Mini App's screen.

    `draft` names the form under which mended answers wait until they are sent. It tells one round from the next, so that what
    somebody began in an earlier one is never taken for an answer to this.
    """

    of: Company | Lot | Audit
    form: Questionnaire
    reasons: Mapping[str, str]
    answers: Mapping[str, Any]
    draft: str
    path: str

    @property
    def questions(self) -> list[Question]:
        """Give the questions that are open, in the order the form asks them."""
        return [question for question in self.form.questions if question.code in self.reasons]


def of_questionnaire(uow: UnitOfWork, person: Person) -> Round | None:
    """Give what is open of the questionnaire of the person's present role; None when nothing is."""
    company = people.company_of(uow, person)
    if company is None or company.state != "changes_requested":
        return None
    return Round(
        of=company,
        form=pack().questionnaires[company.kind],
        reasons=_reasons(company.corrections),
        answers=company.answers,
        draft=_draft(0, company.submitted_at),
        path=CORRECTIONS,
    )


def of_lot(uow: UnitOfWork, person: Person, lot_id: int) -> Round | None:
    """Give what is open of one's own lot; None when nothing is. NotFound for somebody else's."""
    lot = lots.own(uow, person, lot_id)
    if lot.state != "changes_requested":
        return None
    return Round(
        of=lot,
        form=pack().forms["lot"],
        reasons=_reasons(lot.corrections),
        answers=lot.fields,
        draft=_draft(lot.id, lot.submitted_at),
        path=correction_path(lot.id),
    )


def of_audit(uow: UnitOfWork, person: Person, audit_id: int) -> Round | None:
    """Give the documents that the person's own factory has still to send for its audit; None when none is asked for now."""
    company = people.company_of(uow, person, "factory")
    running = audits.running(uow, company.id) if company else None
    if running is None or running.id != audit_id or not rules.allowed(running.state, "send"):
        return None
    asked = [pair for pair in audits.documents(uow, running.id) if pair[1].state in {"waiting", "returned"}]
    if not asked:
        return None
    documents = tuple(
        Question(code=one.code, kind=Kind.FILES, labels=one.labels, max_items=audits.MOST_FILES, section=AUDIT)
        for one, _ in asked
    )
    labels = {code: _documents_heading(texts(code)) for code in LANGUAGES}
    section = Section(code=AUDIT, labels=labels, help={}, questions=documents)
    return Round(
        of=running,
        form=Questionnaire(code=AUDIT, labels=labels, sections=(section,)),
        reasons={one.code: row.reason for one, row in asked},
        answers={},
        draft=f"{AUDIT}:{running.id}",
        path=screens.AUDIT,
    )


def _documents_heading(t: Texts) -> str:
    return t("Documents of the audit")


def find(uow: UnitOfWork, person: Person, lot_id: int) -> Round | None:
    """Give what is open of a lot, or of the questionnaire for 0. NotFound as `of_lot`."""
    return of_lot(uow, person, lot_id) if lot_id else of_questionnaire(uow, person)


def hand_in(uow: UnitOfWork, person: Person, mended: Round, given: Mapping[str, Any]) -> None:
    """Send the open answers; whatever else is among `given` changes nothing. InvalidInput names the faults by field."""
    wanted = {code: given.get(code) for code in mended.reasons}
    if isinstance(mended.of, Audit):
        _send_documents(uow, person, mended.of, wanted)
    elif isinstance(mended.of, Lot):
        lots.submit(uow, person, {**mended.answers, **wanted}, mended.of.client_key)
    else:
        companies.submit(uow, person, mended.of.kind, wanted)
    drafts.discard(uow, person, mended.draft)


def _send_documents(uow: UnitOfWork, person: Person, audit: Audit, wanted: Mapping[str, Any]) -> None:
    sent = {code: files for code, files in wanted.items() if files}
    if not sent:
        t = texts(people.language_of(person))
        raise InvalidInput(fields={next(iter(wanted)): [t("The file was not found; please attach it again.")]})
    for code, files in sent.items():
        audits.send_document(uow, person, audit.id, code, files)


def _reasons(corrections: list[Any]) -> dict[str, str]:
    return {item["field"]: item["reason"] for item in corrections}


def _draft(lot_id: int, submitted_at: datetime | None) -> str:
    return f"{FORM}:{lot_id}:{int(submitted_at.timestamp()) if submitted_at else 0}"
