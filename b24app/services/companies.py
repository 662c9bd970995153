"""Companies of buyers and factories: questionnaire, corrections, acceptance, grants, publication.

Called by the Mini App (submit) and the desk (decisions). May send: CRM items, cards, notifications to employees, bot
messages to the company's people. Errors: InvalidInput (by field), InvalidState, NotFound.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select

from b24app.domain import companies as rules
from b24app.domain.deliveries import SaveItem
from b24app.errors import InvalidInput, InvalidState, NotFound
from b24app.i18n import Texts
from b24app.services import (
    access_cards,
    audit,
    catalogue_entries,
    company_cards,
    company_news,
    drafts,
    people,
    portals,
    staff,
    standing_cards,
)
from b24app.services.forms import checked
from b24app.services.industries import pack
from storage.holding import HELD
from storage.models import Company, Grant, Lot, Member, Person
from storage.unit_of_work import UnitOfWork


def submit(uow: UnitOfWork, person: Person, kind: str, answers: Mapping[str, Any]) -> Company:
    """Take a questionnaire, or in a correction round the returned fields only. The same again changes nothing.

    InvalidInput names every fault by field in the person's language; InvalidState once it was accepted or while it is checked.
    """
    if kind not in rules.KINDS:
        raise InvalidInput(fields={"kind": ["buyer, factory"]})
    uow.session.get_one(Person, person.id, with_for_update=HELD)
    company = people.company_of(uow, person, kind)
    form, language = pack().questionnaires[kind], people.language_of(person)
    if company is None:
        company = _create(uow, person, kind, checked(form, answers, language=language, now=uow.now))
    elif company.state == "changes_requested":
        returned = {correction["field"] for correction in company.corrections}
        mended = checked(form, answers, language=language, now=uow.now, only=returned)
        kept = {code: value for code, value in company.answers.items() if code not in returned}
        take_over(company, {**kept, **mended})
        company.state = rules.next_state(company.state, "resubmit")
        company.corrections = []
        company.submitted_at = uow.now
    elif company.state == "submitted" and checked(form, answers, language=language, now=uow.now) == company.answers:
        return company
    else:
        raise InvalidState("This questionnaire was sent already.", code="questionnaire_sent")
    drafts.discard(uow, person, kind)
    company_cards.save_item(uow, company, person)
    if company_cards.item_ref(company).startswith("company/"):
        company_cards.save_contact(uow, company, person)
    company_cards.ask_for_decision(uow, company, person)
    company_news.submitted(uow, company, person)
    audit.record(uow, f"person/{person.id}", "questionnaire_submitted", f"company/{company.id}")
    catalogue_entries.refresh(uow, company)
    return company


def _create(uow: UnitOfWork, person: Person, kind: str, values: dict[str, Any]) -> Company:
    company = Company(kind=kind, name=values["company"], state="submitted", corrections=[], submitted_at=uow.now)
    company.publication = "hidden"
    take_over(company, values)
    uow.session.add(company)
    uow.session.flush()
    company.responsible_id = staff.responsible_for(uow, company.id)
    uow.session.add(Member(company_id=company.id, person_id=person.id, role="owner", joined_at=uow.now))
    uow.session.flush()
    people.forget_memberships(uow)
    return company


def take_over(company: Company, values: dict[str, Any]) -> None:
    """Keep checked answers on a company, those that matching filters by in columns of their own too."""
    company.answers = values
    company.name = values["company"]
    company.segments = values["segments"]
    company.moq = values.get("moq")
    company.capacity_per_month = values.get("capacity_max")
    company.lead_time_days = values.get("lead_time_days")
    company.country = values.get("country", "UZ" if company.kind == "factory" else "")


def request_corrections(
    uow: UnitOfWork, company_id: int, corrections: Sequence[Mapping[str, str]], actor: str
) -> Company:
    """Give a questionnaire back: which fields and why (`{"field", "reason"}`). The bot reopens exactly those."""
    company = get(uow, company_id, lock=True)
    form = pack().questionnaires[company.kind]
    t = portals.speech(uow)
    company.corrections = asked_corrections(corrections, form.asks, t)
    company.state = rules.next_state(company.state, "request_corrections")
    _republish(company, uow)
    audit.record(uow, actor, "questionnaire_returned", f"company/{company.id}", corrections=company.corrections)
    company_cards.save_standing(uow, company)
    company_cards.close_card(uow, company, company_cards.item_ref(company), t("Returned"))
    company_news.returned(uow, company)
    return company


def asked_corrections(corrections: Sequence[Mapping[str, str]], asks: Any, t: Texts) -> list[Any]:
    """Give the corrections to keep. InvalidInput when there are none, or one names no question or gives no reason."""
    kept = [
        {"field": str(item.get("field", "")), "reason": str(item.get("reason", "")).strip()[:500]}
        for item in corrections
    ]
    if not kept:
        raise InvalidInput(fields={"corrections": [t("Name at least one field and why.")]})
    for item in kept:
        if not asks(item["field"]):
            raise InvalidInput(fields={"corrections": [t("There is no such field.")]})
        if not item["reason"]:
            raise InvalidInput(fields={item["field"]: [t("Please say what to correct.")]})
    return kept


def accept(uow: UnitOfWork, company_id: int, actor: str) -> Company:
    """Accept a questionnaire: a buyer's lead becomes contact and company; a factory may be published. InvalidState tells otherwise."""
    company = get(uow, company_id, lock=True)
    card_ref = company_cards.item_ref(company)
    company.state = rules.next_state(company.state, "accept")
    company.corrections = []
    company.decided_at = uow.now
    _republish(company, uow)
    owner = people.members_of(uow, company.id)[0]
    company_cards.save_item(uow, company, owner)
    company_cards.save_contact(uow, company, owner)
    if card_ref.startswith("lead/"):
        uow.send(SaveItem(ref=card_ref, fields={"stageId": "CONVERTED", "questionnaire_state": company.state}))
        _relink_lots(uow, company)
    t = portals.speech(uow)
    company_cards.close_card(uow, company, card_ref, t("Approved"))
    audit.record(uow, actor, "questionnaire_accepted", f"company/{company.id}")
    company_news.accepted(uow, company)
    return company


def _relink_lots(uow: UnitOfWork, company: Company) -> None:
    for lot_id, person_id in uow.session.execute(select(Lot.id, Lot.person_id).where(Lot.company_id == company.id)):
        links = {"companyId": f"company/{company.id}", "contactId": f"contact/{person_id}"}
        uow.send(SaveItem(ref=f"lot/{lot_id}", links=links))


def grant(uow: UnitOfWork, company_id: int, service: str, until: date, *, reason: str, actor: str) -> Grant:
    """Give a company a service up to and including a day, by hand: subscription_6m, verification or catalogue_access."""
    company = get(uow, company_id, lock=True)
    t = portals.speech(uow)
    valid_until = rules.end_of(until, staff.zone(uow))
    faults: dict[str, list[str]] = {}
    if service not in rules.SERVICES:
        faults["service"] = [t("Please choose from the list.")]
    if valid_until <= uow.now:
        faults["until"] = [t("This day is already past.")]
    if not reason.strip():
        faults["reason"] = [t("Please fill this in.")]
    if faults:
        raise InvalidInput(t("Please correct the marked fields."), fields=faults)
    given = Grant(
        company_id=company.id, service=service, valid_until=valid_until, reason=reason.strip()[:500], actor=actor
    )
    uow.session.add(given)
    _extend(company, service, valid_until)
    _republish(company, uow)
    audit.record(uow, actor, "service_granted", f"company/{company.id}", service=service, until=until.isoformat())
    company_cards.save_standing(uow, company)
    company_news.granted(uow, company, service, valid_until)
    if service == "catalogue_access":
        access_cards.close(uow, company, actor, given=True)
    return given


def _extend(company: Company, service: str, until: datetime) -> None:
    if service == "verification":
        company.verified_until = until
    elif service == "subscription_6m":
        company.subscribed_until = until
    else:
        company.catalogue_until = until


def _republish(company: Company, uow: UnitOfWork, *, shown_anyway: bool = False) -> None:
    if company.kind == "factory":
        subscribed = standing(company, uow.now).subscribed
        company.publication = rules.publication_after(
            company.publication, company.state, subscribed=subscribed, shown_anyway=shown_anyway
        )
        catalogue_entries.refresh(uow, company)


def hide_lapsed(uow: UnitOfWork, limit: int = 100) -> int:
    """Hide factories whose subscription ran out and tell their people; answers how many. Data is kept."""
    lapsed = uow.session.scalars(
        select(Company)
        .where(Company.publication == "published", Company.subscribed_until <= uow.now)
        .order_by(Company.id)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
    ).all()
    for company in lapsed:
        _republish(company, uow)
        company_cards.save_standing(uow, company)
        company_news.lapsed(uow, company)
        audit.record(uow, "automation", "subscription_expired", f"company/{company.id}")
    return len(lapsed)


def suspend(uow: UnitOfWork, company_id: int, reason: str, actor: str) -> Company:
    """Take a factory out of the catalogue until a manager publishes it again; its people are told why."""
    company = _factory(uow, company_id)
    if company.publication == "suspended":
        raise InvalidState("This factory is suspended already.", code="already_suspended")
    company.publication = "suspended"
    catalogue_entries.refresh(uow, company)
    audit.record(uow, actor, "factory_suspended", f"company/{company.id}", reason=reason)
    company_cards.save_standing(uow, company)
    company_news.suspended(uow, company, reason)
    return company


def publish(uow: UnitOfWork, company_id: int, actor: str) -> Company:
    """Show an accepted factory: published while its subscription runs, else visible without the badge. Lifts a suspension."""
    company = _factory(uow, company_id)
    if company.state != "accepted":
        raise InvalidState("The questionnaire was not accepted yet.", code="not_accepted")
    before = company.publication
    _republish(company, uow, shown_anyway=True)
    standing_cards.settle(uow, company, actor, published=True)
    if company.publication != before:
        audit.record(uow, actor, "factory_published", f"company/{company.id}", publication=company.publication)
        company_cards.save_standing(uow, company)
        company_news.published(uow, company)
    return company


def standing(company: Company, now: datetime) -> rules.Standing:
    """Work out what a company is entitled to at a moment."""
    return company_cards.standing_at(company, now)


def get(uow: UnitOfWork, company_id: int, *, lock: bool = False) -> Company:
    """Find a company, locked when its state is about to change. NotFound."""
    if lock:
        uow.session.flush()
    company = uow.session.get(Company, company_id, with_for_update=HELD if lock else None, populate_existing=lock)
    if company is None:
        raise NotFound(code="company")
    return company


def _factory(uow: UnitOfWork, company_id: int) -> Company:
    company = get(uow, company_id, lock=True)
    if company.kind != "factory":
        raise InvalidState("Only factories are published.", code="not_a_factory")
    return company


def waiting(kind: str) -> Select[int, datetime | None]:
    """Give the statement for how many questionnaires of a kind wait for a manager, and since when the oldest does."""
    counted = select(func.count(), func.min(Company.submitted_at))
    return counted.where(Company.kind == kind, Company.state == "submitted")
