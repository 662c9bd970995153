"""The tab of a lead: a buyer's questionnaire and who speaks for the company.

Built for `registry`. The questionnaire itself, with its decisions, is in `questionnaires`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from b24app.i18n import texts
from b24app.services import people
from placements import subjects
from placements.calls import Call
from placements.subjects import Subject
from storage.models import Consent, Person
from storage.unit_of_work import UnitOfWork


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
