"""The tab of a lead: a buyer's questionnaire, checked answer by answer.

Built for `registry`; its decisions are one service call each.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from b24app.i18n import texts
from b24app.services import companies, people
from b24app.services.industries import pack
from placements import subjects
from placements.answers import attachments, blocks_of
from placements.calls import Call
from placements.subjects import Subject
from storage.models import Consent, Person
from storage.unit_of_work import UnitOfWork


def questionnaire(uow: UnitOfWork, call: Call, subject: Subject) -> dict[str, Any]:
    """Show a company's answers as they stand, with what was returned and what is missing."""
    company = subjects.company_of(uow, subject)
    form = pack().questionnaires[company.kind]
    files = attachments(uow, form, company.answers)
    return {
        "company": company,
        "blocks": blocks_of(form, company.answers, company.corrections, call.language, files=files),
        "waits": company.state == "submitted",
        "state": state_words(company.state, call.language),
    }


def speakers(uow: UnitOfWork, call: Call, subject: Subject) -> dict[str, Any]:
    """Show who speaks for the company: their Telegram state, language and consents."""
    company = subjects.company_of(uow, subject)
    return {"people": [person_card(uow, person, call) for person in people.members_of(uow, company.id)]}


def person_card(uow: UnitOfWork, person: Person, call: Call) -> dict[str, Any]:
    """Give what a manager may know of a person on Telegram."""
    t = texts(call.language)
    given = uow.session.scalars(select(Consent).where(Consent.person_id == person.id).order_by(Consent.given_at))
    states = {"active": t("Reachable"), "blocked": t("Blocked the bot"), "deleted": t("Deleted the account")}
    languages = {"ru": t("Russian"), "uz": t("Uzbek"), "en": t("English")}
    topics = {"processing": t("Data processing"), "marketing": t("News and offers")}
    return {
        "name": f"{person.first_name} {person.last_name}".strip() or person.username or person.telegram_id,
        "username": person.username,
        "state": person.state,
        "state_words": states.get(person.state, person.state),
        "language": languages.get(person.language, t("not chosen yet")),
        "seen_at": person.seen_at,
        "consents": [
            {
                "topic": topics.get(consent.topic, consent.topic),
                "given_at": consent.given_at,
                "withdrawn_at": consent.withdrawn_at,
            }
            for consent in given
        ],
    }


def state_words(state: str, language: str) -> str:
    """Name a questionnaire's state."""
    t = texts(language)
    return {
        "draft": t("Being filled in"),
        "submitted": t("Waits for your check"),
        "changes_requested": t("Returned for corrections"),
        "accepted": t("Accepted"),
    }.get(state, state)


def approve(uow: UnitOfWork, call: Call, subject: Subject, _form: dict[str, Any]) -> str:
    """Accept the questionnaire."""
    company = subjects.company_of(uow, subject)
    companies.accept(uow, company.id, call.actor)
    t = texts(call.language)
    if company.kind == "buyer":
        return t("Accepted. The contact and the company appear in the CRM in a moment.")
    return t("Accepted. The factory was told.")


def return_answers(uow: UnitOfWork, call: Call, subject: Subject, form: dict[str, Any]) -> str:
    """Return the marked answers with reasons; the bot asks for exactly those."""
    company = subjects.company_of(uow, subject)
    companies.request_corrections(uow, company.id, form["corrections"], call.actor)
    count = len(form["corrections"])
    return texts(call.language).tn(
        "Returned: {count} answer. The person was asked to correct it.",
        "Returned: {count} answers. The person was asked to correct them.",
        count,
    )
