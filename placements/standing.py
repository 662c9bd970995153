"""The field *Factory standing* inside a card: badge, reviews and subscription of the company, or of the factory of an order's deal.

Built for `registry`; reads only, in the modes of looking and of changing alike.
"""

from __future__ import annotations

from typing import Any

from b24app.services import catalogue_entries, companies, showcase
from placements import subjects
from placements.calls import Call
from placements.company_tab import publication_words
from placements.subjects import Subject
from storage.unit_of_work import UnitOfWork


def of_company(uow: UnitOfWork, call: Call, subject: Subject) -> dict[str, Any]:
    """Show how the company of the card stands."""
    return _shown(uow, call, subjects.company_of(uow, subject).id, named=False)


def of_order(uow: UnitOfWork, call: Call, subject: Subject) -> dict[str, Any]:
    """Show how the factory of the order stands, by name: the card is not its own."""
    return _shown(uow, call, subjects.order_of(uow, subject).company_id, named=True)


def _shown(uow: UnitOfWork, call: Call, company_id: int, *, named: bool) -> dict[str, Any]:
    company = companies.get(uow, company_id)
    entry = catalogue_entries.of_company(uow, company)
    return {
        "company": company,
        "named": named,
        "reviewed": entry.rating_count if entry else 0,
        "rating": showcase.rating_words(entry, call.language) if entry else "",
        "standing": companies.standing(company, uow.now),
        "publication": publication_words(company.publication, call.language),
    }
