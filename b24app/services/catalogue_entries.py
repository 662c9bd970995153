"""Keeping the catalogue's rows in step with companies, offers and orders.

Called by `companies`, `offers` and the minutely look, whenever something changes that factories are found or ordered by. Sends nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from b24app.domain import catalogue as rules
from b24app.domain.search import spellings, trigrams
from b24app.services import match_facts
from b24app.services.industries import pack
from storage.models import CatalogueEntry, CatalogueWord, Company, SearchWord
from storage.unit_of_work import UnitOfWork

WORDS_AT_MOST = 600
NAME_WORDS_AT_MOST = 30
"""They lie in an index, whose rows have a limit."""
FRESH_FOR = timedelta(hours=12)


def refresh(uow: UnitOfWork, company: Company) -> None:
    """Bring a factory's row up to date; a buyer has none."""
    if company.kind != "factory":
        return
    found = spellings(" ".join(rules.searchable(pack().questionnaires["factory"], company.answers)))[:WORDS_AT_MOST]
    values = _values(uow, company)
    statement = insert(CatalogueEntry).values(company_id=company.id, **values)
    uow.session.execute(statement.on_conflict_do_update(index_elements=["company_id"], set_=values))
    _keep_words(uow, company.id, {*found, *spellings(company.name)})


def _values(uow: UnitOfWork, company: Company) -> dict[str, Any]:
    form = pack().questionnaires["factory"]
    past = match_facts.of_company(uow, company.id)
    complete = rules.completeness(form, company.answers)
    return {
        "publication": company.publication,
        "accepted": company.state == "accepted",
        "subscribed_until": company.subscribed_until,
        "verified_until": company.verified_until,
        "accepted_at": company.decided_at,
        "name_words": spellings(company.name)[:NAME_WORDS_AT_MOST],
        "equipment_words": spellings(" ".join(map(str, company.answers.get("equipment") or ()))),
        "segments": list(company.segments),
        "certificates": _certificates(company),
        "region": str(company.answers.get("region") or ""),
        "unit": str(company.answers.get("volume_unit") or ""),
        "moq": company.moq or 0,
        "lead_time_days": company.lead_time_days or 0,
        "quality_department": company.answers.get("quality_department") is True,
        "refreshed_at": uow.now,
        "merit": rules.merit(
            complete=complete, answer_minutes=past["answer_minutes"], completed_orders=past["completed_orders"]
        ),
        "capacity_per_month": company.capacity_per_month or 0,
        **past,
    }


def refresh_past(uow: UnitOfWork, company_id: int) -> None:
    """Bring what a factory's row tells of its offers and orders up to date."""
    uow.session.flush()
    values = match_facts.of_company(uow, company_id)
    uow.session.execute(update(CatalogueEntry).where(CatalogueEntry.company_id == company_id).values(**values))


def of_company(uow: UnitOfWork, company: Company) -> CatalogueEntry | None:
    """Give a factory's row as it is or would be; None for a buyer."""
    return of_companies(uow, [company]).get(company.id)


def of_companies(uow: UnitOfWork, companies: Sequence[Company]) -> dict[int, CatalogueEntry]:
    """Give the rows of several factories by their ids; one that has no row yet is worked out and not kept."""
    made = {company.id: company for company in companies if company.kind == "factory"}
    rows = uow.session.scalars(select(CatalogueEntry).where(CatalogueEntry.company_id.in_(made)))
    kept = {row.company_id: row for row in rows}
    missing = {number: one for number, one in made.items() if number not in kept}
    return kept | {n: CatalogueEntry(company_id=n, **_values(uow, one)) for n, one in missing.items()}


def _keep_words(uow: UnitOfWork, company_id: int, found: set[str]) -> None:
    held = set(uow.session.scalars(select(CatalogueWord.word).where(CatalogueWord.company_id == company_id)))
    if gone := held - found:
        uow.session.execute(
            delete(CatalogueWord).where(CatalogueWord.company_id == company_id, CatalogueWord.word.in_(gone))
        )
    if new := sorted(found - held):
        rows = [{"word": word, "company_id": company_id} for word in new]
        uow.session.execute(insert(CatalogueWord).on_conflict_do_nothing(), rows)
        learn(uow, new)


def learn(uow: UnitOfWork, found: Sequence[str]) -> None:
    """Let words be found by their trigrams from now on."""
    # In one order, so that two transactions never wait for each other's words.
    rows = [{"word": word, "trigrams": trigrams(word)} for word in sorted(set(found))]
    if rows:
        uow.session.execute(insert(SearchWord).on_conflict_do_nothing(), rows)


def refresh_stale(uow: UnitOfWork, limit: int = 50) -> int:
    """Bring the rows up to date that were not for longest, and make those that are missing; answers how many."""
    stale = uow.session.scalars(
        select(Company)
        .outerjoin(CatalogueEntry, CatalogueEntry.company_id == Company.id)
        .where(
            Company.kind == "factory",
            or_(CatalogueEntry.company_id.is_(None), CatalogueEntry.refreshed_at < uow.now - FRESH_FOR),
        )
        .order_by(CatalogueEntry.refreshed_at.nulls_first(), Company.id)
        .limit(limit)
        .with_for_update(of=Company, skip_locked=True, key_share=True)
    ).all()
    for company in stale:
        refresh(uow, company)
    return len(stale)


def _certificates(company: Company) -> dict[str, str]:
    """Give the day each certificate holds until; the longest when there are two of a kind."""
    held: dict[str, str] = {}
    for entry in company.answers.get("certificates") or []:
        code, until = str(entry.get("certificate", "")), str(entry.get("expires_on", ""))
        held[code] = max(until, held.get(code, ""))
    return held
