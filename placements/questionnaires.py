"""Questionnaires on the cards of a lead, a company and a contact: the answers, what waits in them, and the decisions.

Built for `registry`; its decisions are one service call each. A buyer's and a factory's are shown alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from b24app.domain.industries import Questionnaire
from b24app.i18n import texts
from b24app.services import companies, company_cards, profile_changes
from b24app.services.forms import shown
from b24app.services.industries import pack
from placements import subjects
from placements.answers import Attachment, Block, attachments, blocks_of, file_ids
from placements.calls import Call, Entity
from placements.subjects import Subject
from storage.models import Company, Draft
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Replacement:
    """One answer that a person wants to be another: in words as it is and as it is to be, with the files of the latter."""

    label: str
    before: str
    after: str
    files: tuple[Attachment, ...]


@dataclass(frozen=True)
class Change:
    """What waits of an accepted profile; `seen_at` tells this change from a later one."""

    replacements: tuple[Replacement, ...]
    seen_at: str


@dataclass(frozen=True)
class Check:
    """One company's questionnaire; `named` is True on the card of a person, where it has to be said whose it is.

    `entity` is then the company's own card, None while the CRM does not have it.
    """

    company: Company
    state: str
    blocks: list[Block]
    waits: bool
    change: Change | None
    named: bool = False
    entity: Entity | None = None


def of_company(uow: UnitOfWork, call: Call, subject: Subject) -> dict[str, Any]:
    """Show a company's answers as they stand, with what was returned, what is missing and which change waits."""
    company = subjects.company_of(uow, subject)
    change = profile_changes.waiting(uow, company.id) if company.decided_at else None
    return {"checks": [_check(uow, company, change, call.language)]}


def of_person(uow: UnitOfWork, call: Call, subject: Subject) -> dict[str, Any]:
    """Show the questionnaires of a person's companies in which something is not settled."""
    found = subjects.companies_of(uow, subject)
    changes = profile_changes.waiting_of_all(uow, [company.id for company in found])
    unsettled = [company for company in found if company.state != "accepted" or company.id in changes]
    refs = {company.id: company_cards.item_ref(company) for company in unsettled}
    in_crm = subjects.refs_in_crm(uow, list(refs.values()))
    return {
        "checks": [
            _check(
                uow,
                company,
                changes.get(company.id),
                call.language,
                named=True,
                entity=in_crm.get(refs[company.id]),
            )
            for company in unsettled
        ]
    }


def _check(uow: UnitOfWork, company: Company, change: Draft | None, language: str, **named: Any) -> Check:
    form = pack().questionnaires[company.kind]
    files = attachments(uow, form, company.answers)
    return Check(
        company=company,
        state=state_words(company.state, language),
        blocks=blocks_of(form, company.answers, company.corrections, language, files=files),
        waits=company.state == "submitted",
        change=_change(uow, form, company, change, language) if change else None,
        **named,
    )


def _change(uow: UnitOfWork, form: Questionnaire, company: Company, change: Draft, language: str) -> Change:
    files = attachments(uow, form, change.answers)
    replacements = tuple(
        Replacement(
            label=form.question(code).label(language),
            before=shown(form, company.answers, code, language),
            after=shown(form, change.answers, code, language),
            files=tuple(files[number] for number in file_ids(form.question(code), change.answers) if number in files),
        )
        for code in change.answers
    )
    return Change(replacements, change.changed_at.isoformat())


def state_words(state: str, language: str) -> str:
    """Name a questionnaire's state."""
    t = texts(language)
    return {
        "draft": t("Being filled in"),
        "submitted": t("Waits for your check"),
        "changes_requested": t("Returned for corrections"),
        "accepted": t("Accepted"),
    }.get(state, state)


def approve(uow: UnitOfWork, call: Call, subject: Subject, form: dict[str, Any]) -> str:
    """Accept the questionnaire."""
    company = subjects.chosen_company(uow, subject, form["company_id"])
    companies.accept(uow, company.id, call.actor)
    t = texts(call.language)
    if company.kind == "buyer":
        return t("Accepted. The contact and the company appear in the CRM in a moment.")
    return t("Accepted. The factory was told.")


def return_answers(uow: UnitOfWork, call: Call, subject: Subject, form: dict[str, Any]) -> str:
    """Return the marked answers with reasons; the bot asks for exactly those."""
    company = subjects.chosen_company(uow, subject, form["company_id"])
    companies.request_corrections(uow, company.id, form["corrections"], call.actor)
    count = len(form["corrections"])
    return texts(call.language).tn(
        "Returned: {count} answer. The person was asked to correct it.",
        "Returned: {count} answers. The person was asked to correct them.",
        count,
    )


def decide_change(uow: UnitOfWork, call: Call, subject: Subject, form: dict[str, Any]) -> str:
    """Let a change of the profile count, or drop it."""
    company = subjects.chosen_company(uow, subject, form["company_id"])
    company = profile_changes.decide(uow, company.id, call.actor, approve=form["approve"], seen_at=form["seen_at"])
    t = texts(call.language)
    if form["approve"]:
        return t("The profile of {company} is changed.", company=company.name)
    return t("The profile of {company} stays as it was.", company=company.name)
