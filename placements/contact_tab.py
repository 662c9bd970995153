"""The tab of a contact: the person on Telegram, the companies spoken for and the conversations.

Built for `registry`. What waits in the questionnaires of those companies is shown and decided through `questionnaires`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from placements import subjects
from placements.calls import Call
from placements.lead_tab import person_card
from placements.questionnaires import state_words
from placements.subjects import Subject
from storage.models import Conversation, Lot
from storage.unit_of_work import UnitOfWork

_SHOWN = 50


def person(uow: UnitOfWork, call: Call, subject: Subject) -> dict[str, Any]:
    """Show the person and what they consented to."""
    return {"people": [person_card(uow, subjects.person_of(uow, subject), call)]}


def relations(uow: UnitOfWork, call: Call, subject: Subject) -> dict[str, Any]:
    """Show the companies of the person with their lots and conversations."""
    companies = subjects.companies_of(uow, subject)
    ids = [company.id for company in companies]
    lots = list(uow.session.scalars(select(Lot).where(Lot.company_id.in_(ids)).order_by(Lot.id.desc()).limit(_SHOWN)))
    talks = list(
        uow.session.scalars(
            select(Conversation)
            .where((Conversation.buyer_company_id.in_(ids)) | (Conversation.factory_company_id.in_(ids)))
            .order_by(Conversation.last_message_at.desc().nulls_last())
            .limit(_SHOWN)
        )
    )
    refs = [f"company/{company_id}" for company_id in ids] + [f"lot/{lot.id}" for lot in lots]
    return {
        "companies": [(company, state_words(company.state, call.language)) for company in companies],
        "lots": lots,
        "talks": talks,
        "in_crm": subjects.refs_in_crm(uow, refs),
    }
