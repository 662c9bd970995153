"""The log: who did what to which thing, on the overview with filters, and of one company or person on their tabs.

Built for `registry`. Decides nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from b24app.i18n import Texts, texts
from b24app.services import audit, people, staff
from placements import log_words, subjects
from placements.calls import Call, Entity
from placements.subjects import Subject
from storage.models import Audit, AuditEntry, Company, Lot, Member, Offer, Person
from storage.unit_of_work import UnitOfWork

PAGE = 30
OF_COMPANY = ("company", "profile", "access", "standing")
"""Nouns of the log's subjects that carry a company's id."""


@dataclass(frozen=True)
class Line:
    """One deed in words; `entity` is where the thing stands in the CRM, `more` a reason or a value."""

    at: datetime
    who: str
    thing: str
    entity: Entity | None
    deed: str
    more: str


def log(uow: UnitOfWork, call: Call, _subject: Subject) -> dict[str, Any]:
    """Show a page of the whole log, the newest first, narrowed to a kind of thing or to employees, people or automation."""
    kind, who, before = (call.asked.get(name, "") for name in ("kind", "who", "before"))
    t = texts(call.language)
    kinds = log_words.kinds(t)
    wanted = audit.Wanted(
        noun=kind if kind in kinds else "",
        actors=who if who in audit.ACTORS else "",
        before=int(before) if before.isdecimal() and len(before) < 19 else 0,
    )
    found = audit.entries(uow, wanted, PAGE + 1)
    return {
        "view": "log",
        "kinds": kinds,
        "wanted": wanted,
        "lines": _lines(uow, found[:PAGE], t),
        "older": found[PAGE - 1].id if len(found) > PAGE else 0,
    }


def of_company(uow: UnitOfWork, call: Call, subject: Subject) -> dict[str, Any]:
    """Show what was done about the company of a lead's or a company's card."""
    return _history(uow, call, [subjects.company_of(uow, subject).id])


def of_person(uow: UnitOfWork, call: Call, subject: Subject) -> dict[str, Any]:
    """Show what was done about the companies that a person speaks for, and about the person."""
    person = subjects.person_of(uow, subject)
    ids = uow.session.scalars(select(Member.company_id).where(Member.person_id == person.id)).all()
    return _history(uow, call, ids, f"person/{person.id}")


def _history(uow: UnitOfWork, call: Call, company_ids: Collection[int], *refs: str) -> dict[str, Any]:
    audits = uow.session.scalars(select(Audit.id).where(Audit.company_id.in_(company_ids)))
    about = [
        *refs,
        *(f"{noun}/{number}" for number in company_ids for noun in OF_COMPANY),
        *(f"audit/{number}" for number in audits),
    ]
    found = audit.entries(uow, audit.Wanted(about=about), PAGE)
    return {"lines": _lines(uow, found, texts(call.language))}


def _lines(uow: UnitOfWork, found: Sequence[AuditEntry], t: Texts) -> list[Line]:
    who, things = _actors(uow, found, t), _things(uow, found, t)
    in_crm = subjects.refs_in_crm(uow, list({ref for ref, _ in things.values() if ref}))
    return [
        Line(
            entry.at,
            who.get(entry.actor, entry.actor),
            things[entry.subject][1],
            in_crm.get(things[entry.subject][0]),
            log_words.deed(entry.action, t),
            log_words.more(entry.subject, entry.details, t),
        )
        for entry in found
    ]


def _actors(uow: UnitOfWork, found: Sequence[AuditEntry], t: Texts) -> dict[str, str]:
    """Name whoever did something; an employee whom we never met by his number."""
    named = {entry.actor for entry in found}
    users = [actor.removeprefix("user/") for actor in named if actor.startswith("user/")]
    met = staff.names_of(uow, users)
    ids = [int(actor.removeprefix("person/")) for actor in named if actor.startswith("person/")]
    persons = uow.session.scalars(select(Person).where(Person.id.in_(ids))) if ids else ()
    return {
        "automation": t("Automation"),
        "operator": t("the server's operator"),
        **{f"user/{user_id}": met.get(user_id, f"#{user_id}") for user_id in users},
        **{f"person/{person.id}": people.name_of(person) for person in persons},
    }


def _things(uow: UnitOfWork, found: Sequence[AuditEntry], t: Texts) -> dict[str, tuple[str, str]]:
    """Give for each subject the ref of the card where it stands and its name."""
    ids: dict[str, set[int]] = {}
    for noun, number in (entry.subject.split("/", 1) for entry in found if "/" in entry.subject):
        if number.isdecimal() and len(number) < 19:
            ids.setdefault("company" if noun in OF_COMPANY else noun, set()).add(int(number))
    offers = _rows(uow, select(Offer.id, Offer.lot_id).where(Offer.id.in_(ids.get("offer", ()))))
    lots = _rows(uow, select(Lot.id, Lot.number).where(Lot.id.in_({*ids.get("lot", ()), *offers.values()})))
    companies = _rows(uow, select(Company.id, Company.name).where(Company.id.in_(ids.get("company", ()))))
    return {entry.subject: _thing(entry.subject, lots=lots, offers=offers, companies=companies, t=t) for entry in found}


def _rows(uow: UnitOfWork, query: Any) -> dict[int, Any]:
    return {row[0]: row[1] for row in uow.session.execute(query)}


def _thing(
    subject: str, *, lots: dict[int, Any], offers: dict[int, Any], companies: dict[int, Any], t: Texts
) -> tuple[str, str]:
    noun, _, name = subject.partition("/")
    number = int(name) if name.isdecimal() and len(name) < 19 else 0
    if noun in OF_COMPANY and number in companies:
        return f"company/{number}", companies[number]
    if noun == "lot" and number in lots:
        return subject, t("Lot No. {number}", number=lots[number])
    if noun == "offer" and number in offers:
        return f"lot/{offers[number]}", t("Offer for lot No. {number}", number=lots.get(offers[number], ""))
    return (subject if noun in {"order", "audit"} else ""), log_words.thing(noun, name, t)
