"""An accepted company's profile: its owner changes answers; name and certificates wait for an employee's word.

Called by the Mini App (edit), the cards and the desk (decide). May send: the company's item and contact, a card with two buttons,
a notice to the responsible employee, bot messages. Errors: InvalidInput (by field), InvalidState, NotAllowed, NotFound.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, func, literal, literal_column, select

from b24app.domain.shortening import shortened
from b24app.errors import InvalidState, NotFound
from b24app.i18n import Texts
from b24app.services import (
    audit,
    catalogue_entries,
    companies,
    company_cards,
    decision_cards,
    drafts,
    lot_views,
    lots,
    notices,
    people,
    portals,
    staff,
)
from b24app.services.forms import checked, laid_over, shown
from b24app.services.industries import pack
from b24app.services.notices import Said, escaped
from storage.models import Company, Draft, Member, Person
from storage.unit_of_work import UnitOfWork

MODERATED = ("company", "certificates")
WAITING = "profile:"
"""What the form of a draft begins with that waits; the id of its company follows, for a person may speak for two."""


def edit(uow: UnitOfWork, person: Person, answers: Mapping[str, Any], touched: Collection[str] | None = None) -> bool:
    """Change the profile; answers whether some of it waits for an employee. The same again changes nothing.

    Of `answers` those count that were `touched`, all when that is None.
    InvalidState before the questionnaire is accepted; InvalidInput names the faults by field.
    """
    found = people.company_of(uow, person)
    if found is None:
        raise NotFound(code="company")
    company = companies.get(uow, found.id, lock=True)
    people.must(uow, person, company.id, "own")
    if company.state != "accepted":
        raise InvalidState("Your questionnaire must be approved first.", code="not_accepted")
    form = pack().questionnaires[company.kind]
    asked = waiting(uow, company.id)
    stored = {**company.answers, **(asked.answers if asked else {})}
    answers = laid_over(stored, answers, touched)
    values = checked(form, answers, language=people.language_of(person), now=uow.now)
    held = {code: values.get(code) for code in MODERATED if values.get(code) != company.answers.get(code)}
    direct = {code: value for code, value in values.items() if code not in held}
    direct |= {code: company.answers[code] for code in held if code in company.answers}
    if direct != company.answers:
        _keep(uow, company, person, direct)
        audit.record(uow, f"person/{person.id}", "profile_changed", f"company/{company.id}")
    if held:
        drafts.save(uow, person, f"{WAITING}{company.id}", held)
        _ask(uow, company, held)
        audit.record(uow, f"person/{person.id}", "profile_change_asked", f"company/{company.id}", fields=sorted(held))
    return bool(held)


def all_waiting() -> Select[int, datetime]:
    """Give the statement for every company whose change waits, and since when; of several of one company the newest counts."""
    return (
        select(Member.company_id, func.max(Draft.changed_at).label("since"))
        .join(Draft, Draft.person_id == Member.person_id)
        .where(Draft.form.like(literal_column(f"'{WAITING}%'")), Draft.form == _form_of(Member.company_id))
        .group_by(Member.company_id)
    )


def counted() -> Select[int, datetime | None]:
    """Give the statement for how many changes wait, and since when the oldest does."""
    every = all_waiting().subquery()
    return select(func.count(), func.min(every.c.since)).select_from(every)


def waiting(uow: UnitOfWork, company_id: int) -> Draft | None:
    """Give the change that waits for an employee, or None."""
    return waiting_of_all(uow, [company_id]).get(company_id)


def waiting_of_all(uow: UnitOfWork, company_ids: Collection[int]) -> dict[int, Draft]:
    """Give the changes that wait for an employee, by company; of several of one company the newest."""
    rows = uow.session.execute(
        select(Member.company_id, Draft)
        .join(Draft, Draft.person_id == Member.person_id)
        .where(Member.company_id.in_(company_ids), Draft.form == _form_of(Member.company_id))
        .order_by(Draft.changed_at)
    )
    return {row.company_id: row.Draft for row in rows}


def decide(uow: UnitOfWork, company_id: int, actor: str, *, approve: bool, seen_at: datetime | None = None) -> Company:
    """Take over what waits, or drop it; the company's people are told. InvalidState when nothing waits (any more).

    Whoever read the change that was asked at `seen_at` decides on no other: InvalidState when it was changed since.
    """
    company = companies.get(uow, company_id, lock=True)
    change = waiting(uow, company.id)
    if change is None:
        raise InvalidState("This was decided already.", code="nothing_waits")
    if seen_at is not None and change.changed_at != seen_at:
        raise InvalidState("The change was changed meanwhile; this is what waits now.", code="other_change")
    person = uow.session.get_one(Person, change.person_id)
    if approve:
        merged = {**company.answers, **change.answers}
        _keep(uow, company, person, {code: value for code, value in merged.items() if value is not None})
    drafts.discard_everybodys(uow, change.form)
    audit.record(uow, actor, "profile_change_decided", f"profile/{company.id}", approved=approve)
    t = portals.speech(uow)
    outcome = t("Approved") if approve else t("Declined")
    title = t("Change of the profile")
    ref = company_cards.item_ref(company)
    decision_cards.close(uow, f"profile/{company.id}", ref, title, outcome)
    stamp = int(uow.now.timestamp())
    notices.tell_company(uow, company.id, _verdict(approve=approve), key=f"profile/{company.id}:{stamp}")
    return company


def _form_of(company_id: Any) -> ColumnElement[str]:
    return literal(WAITING) + cast(company_id, String)


def _keep(uow: UnitOfWork, company: Company, person: Person, values: dict[str, Any]) -> None:
    before = lot_views.names_in(company.name, company.answers)
    companies.take_over(company, values)
    gone = before - lot_views.names_in(company.name, company.answers)
    if company.kind == "buyer" and gone:
        # Who knew the company by its former name would know it by that again.
        company.former_names = sorted({*company.former_names, *gone})
    uow.session.flush()
    if before != lot_views.names_in(company.name, company.answers):
        lots.show_files_anew(uow, company.id)
    catalogue_entries.refresh(uow, company)
    company_cards.save_item(uow, company, person)
    company_cards.save_contact(uow, company, people.members_of(uow, company.id)[0])


def _ask(uow: UnitOfWork, company: Company, held: Mapping[str, Any]) -> None:
    t = portals.speech(uow)
    form = pack().questionnaires[company.kind]
    rows = [[t("Company"), company.name]]
    for code in held:
        before = shown(form, company.answers, code, t.language) or "—"
        after = shown(form, dict(held), code, t.language) or "—"
        rows.append([form.question(code).label(t.language), shortened(f"{before} → {after}", 400)])
    title = t("Change of the profile")
    choices = (("approve", t("Approve")), ("return", t("Decline")))
    ref, name = company_cards.item_ref(company), f"profile/{company.id}"
    user_id = company.responsible_id
    decision_cards.ask(uow, name, ref, title, rows=rows, choices=choices, responsible_id=user_id)
    staff.notify(uow, user_id, f"{title}: {company.name}", tag=name, ref=ref)


def _verdict(*, approve: bool) -> Callable[[Texts], Said]:
    def say(t: Texts) -> Said:
        yes = t("The change of your profile is approved.")
        return escaped(
            yes if approve else t("The change of your profile was not approved. The manager will explain.")
        ), []

    return say
