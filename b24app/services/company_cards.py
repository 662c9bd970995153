"""What the CRM and its employees are shown of a company: the lead or company item, the contact, the card that waits, the notice.

Called by `companies`. Sends SaveItem, ShowCard, NotifyUser.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from b24app.domain import companies as rules
from b24app.domain.deliveries import SaveItem
from b24app.i18n import LANGUAGE_NAMES
from b24app.services import decision_cards, people, portals, staff
from b24app.services.crm_fields import answered, reachable
from b24app.services.industries import pack
from storage.models import Company, Person
from storage.unit_of_work import UnitOfWork

SOURCE = "Telegram"


def item_ref(company: Company) -> str:
    """Give the CRM item that stands for a company now: a buyer is a lead until accepted once."""
    return f"lead/{company.id}" if company.kind == "buyer" and company.decided_at is None else f"company/{company.id}"


def save_item(uow: UnitOfWork, company: Company, person: Person) -> None:
    """Bring the company's item in the CRM up to date, with every answer."""
    fields: dict[str, Any] = {
        **answered(pack().questionnaires[company.kind], company.answers, portals.speech(uow)),
        **people.telegram_fields(person),
        "title": company.name,
        "questionnaire_state": company.state,
        **assigned(company),
    }
    ref = item_ref(company)
    if ref.startswith("lead/"):
        consent = people.running_consent(uow, person, "processing")
        uow.send(
            SaveItem(
                ref=ref,
                fields={
                    **fields,
                    "name": company.answers.get("full_name", ""),
                    "post": company.answers.get("position", ""),
                    "companyTitle": company.name,
                    "sourceDescription": SOURCE,
                    "fm": reachable(company.answers),
                    "telegram_state": person.state,
                    "start_payload": person.start_payload,
                    "consent_given_at": consent.given_at.isoformat() if consent else "",
                },
            )
        )
        return
    uow.send(SaveItem(ref=ref, fields={**fields, "company_kind": company.kind, **_standing_fields(uow, company)}))


def assigned(company: Company) -> dict[str, str]:
    """Give the CRM field of the responsible employee, or nothing while nobody is."""
    return {"assignedById": company.responsible_id} if company.responsible_id else {}


def _standing_fields(uow: UnitOfWork, company: Company) -> dict[str, Any]:
    held = {"catalogue_until": company.catalogue_until}
    fields: dict[str, Any] = {}
    if company.kind == "factory":
        held |= {"verified_until": company.verified_until, "subscribed_until": company.subscribed_until}
        fields["verification_status"] = standing_at(company, uow.now).verification_status
        fields["publication_status"] = company.publication
    return fields | {name: staff.day(uow, until).isoformat() if until else "" for name, until in held.items()}


def standing_at(company: Company, now: datetime) -> rules.Standing:
    """Work out what a company is entitled to at a moment."""
    return rules.standing(
        state=company.state,
        publication=company.publication,
        verified_until=company.verified_until,
        subscribed_until=company.subscribed_until,
        catalogue_until=company.catalogue_until,
        now=now,
    )


def save_standing(uow: UnitOfWork, company: Company) -> None:
    """Bring verification, publication, subscription and questionnaire state on the CRM item up to date."""
    fields = {"questionnaire_state": company.state}
    if item_ref(company).startswith("company/"):
        fields |= _standing_fields(uow, company)
    uow.send(SaveItem(ref=item_ref(company), fields=fields))


def save_contact(uow: UnitOfWork, company: Company, person: Person) -> None:
    """Bring the representative's contact in the CRM up to date, linked to the company."""
    buyer = company.kind == "buyer"
    consent = people.running_consent(uow, person, "processing")
    uow.send(
        SaveItem(
            ref=f"contact/{person.id}",
            fields={
                **people.telegram_fields(person),
                "name": company.answers.get("full_name" if buyer else "representative_name", ""),
                "post": company.answers.get("position" if buyer else "representative_position", ""),
                "fm": reachable(company.answers),
                "sourceDescription": SOURCE,
                **assigned(company),
                "telegram_state": person.state,
                "consent_given_at": consent.given_at.isoformat() if consent else "",
            },
            links={"companyId": f"company/{company.id}"},
        )
    )


def save_colleague(uow: UnitOfWork, company: Company, person: Person) -> None:
    """Make or update the contact of a member who did not fill in the questionnaire."""
    uow.send(
        SaveItem(
            ref=f"contact/{person.id}",
            fields={
                **people.telegram_fields(person),
                "name": people.name_of(person),
                "sourceDescription": SOURCE,
                **assigned(company),
                "telegram_state": person.state,
            },
            links={"companyId": f"company/{company.id}"},
        )
    )


def ask_for_decision(uow: UnitOfWork, company: Company, person: Person) -> None:
    """Put the card “check the questionnaire” on the item's timeline and notify the responsible employee."""
    t = portals.speech(uow)
    buyer = company.kind == "buyer"
    heading = t("New buyer: check the questionnaire") if buyer else t("New factory: check the questionnaire")
    form = pack().questionnaires[company.kind]
    rows = [
        [t("Company"), company.name],
        [t("Representative"), company.answers.get("full_name" if buyer else "representative_name", "")],
        [form.question("segments").label(t.language), ", ".join(_segment_names(company, t.language))],
        [t("Language"), LANGUAGE_NAMES[people.language_of(person)]],
    ]
    text, tag, ref = f"{heading}: {company.name}", f"company/{company.id}", item_ref(company)
    choices = (("approve", t("Approve")), ("return", t("Return")))
    decision_cards.ask(uow, tag, ref, heading, rows=rows, choices=choices, responsible_id=company.responsible_id)
    staff.notify(uow, company.responsible_id, text, tag=tag, ref=ref)


def close_card(uow: UnitOfWork, company: Company, ref: str, outcome: str) -> None:
    """Complete the waiting card with a sentence about how it ended."""
    decision_cards.close(uow, f"company/{company.id}", ref, portals.speech(uow)("Questionnaire"), outcome)


def _segment_names(company: Company, language: str) -> list[str]:
    return [pack().named("segments", code, language) for code in company.segments]
