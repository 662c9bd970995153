"""The panel beside an open-line chat: whose conversation it is and what it is about.

Built for `registry`; the whole conversation follows below it. Reads only.
"""

from __future__ import annotations

from typing import Any

from b24app.services import conversation_ratings, conversations
from placements import subjects
from placements.calls import Call
from placements.subjects import Subject
from storage.models import Company
from storage.unit_of_work import UnitOfWork


def about(uow: UnitOfWork, call: Call, subject: Subject) -> dict[str, Any]:
    """Show the two companies with their cards, the deal, who owes an answer, how the managers were rated."""
    talk = conversations.get(uow, subject.id)
    ref = conversations.crm_ref(uow, talk)
    sides = [
        (side, uow.session.get(Company, number))
        for side, number in (("buyer", talk.buyer_company_id), ("factory", talk.factory_company_id))
        if number
    ]
    refs = [ref, *(f"company/{company.id}" for _, company in sides if company)]
    return {
        "talk": talk,
        "title": conversations.title(uow, talk, call.language, for_employee=True),
        "sides": sides,
        "ref": ref,
        "in_crm": subjects.refs_in_crm(uow, [one for one in refs if one]),
        "ratings": conversation_ratings.of(uow, talk.id),
    }
