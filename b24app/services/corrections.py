"""What a manager gave back: the answers of a questionnaire or a lot that are open again, and handing them in.

Called by the Mini App's screens of corrections and by forms in the chat. Sends what `companies.submit` and `lots.submit` send.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from b24app.domain.industries import Question, Questionnaire
from b24app.services import companies, drafts, lots, people
from b24app.services.industries import pack
from b24app.services.screens import CORRECTIONS, correction_path
from storage.models import Company, Lot, Person
from storage.unit_of_work import UnitOfWork

FORM = "mend"


@dataclass(frozen=True, kw_only=True)
class Round:
    """Answers that are open again. `of` is what they belong to, `answers` all that was handed in, `path` the Mini App's screen.

    `draft` names the form under which mended answers wait until they are sent. It tells one round from the next, so that what
    somebody began in an earlier one is never taken for an answer to this.
    """

    of: Company | Lot
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


def find(uow: UnitOfWork, person: Person, lot_id: int) -> Round | None:
    """Give what is open of a lot, or of the questionnaire for 0. NotFound as `of_lot`."""
    return of_lot(uow, person, lot_id) if lot_id else of_questionnaire(uow, person)


def hand_in(uow: UnitOfWork, person: Person, mended: Round, given: Mapping[str, Any]) -> None:
    """Send the open answers; whatever else is among `given` changes nothing. InvalidInput names the faults by field."""
    wanted = {code: given.get(code) for code in mended.reasons}
    if isinstance(mended.of, Lot):
        lots.submit(uow, person, {**mended.answers, **wanted}, mended.of.client_key)
    else:
        companies.submit(uow, person, mended.of.kind, wanted)
    drafts.discard(uow, person, mended.draft)


def _reasons(corrections: list[Any]) -> dict[str, str]:
    return {item["field"]: item["reason"] for item in corrections}


def _draft(lot_id: int, submitted_at: datetime | None) -> str:
    return f"{FORM}:{lot_id}:{int(submitted_at.timestamp()) if submitted_at else 0}"
