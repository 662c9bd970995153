"""The page behind *Apps* of a chat in the portal's mobile application: who is this, and about which lot.

Built for `registry`; says first what a thumb looks for, the whole conversation follows below it. Reads only. The mobile application offers
it in every chat, whatever the registration asks for: a chat of colleagues shows a quiet page.
"""

from __future__ import annotations

from typing import Any

from b24app.domain.lots import title_of
from b24app.services import conversations
from placements import chat_sidebar
from placements.calls import Call
from placements.deal_tab import lot_state
from placements.subjects import Subject
from storage.models import Lot
from storage.unit_of_work import UnitOfWork


def about(uow: UnitOfWork, call: Call, subject: Subject) -> dict[str, Any]:
    """Show what the sidebar shows, and the lot in a few words."""
    talk = conversations.get(uow, subject.id)
    lot = uow.session.get(Lot, talk.lot_id) if talk.lot_id else None
    shown = chat_sidebar.about(uow, call, subject)
    if lot is None:
        return shown
    return {
        **shown,
        "lot": lot,
        "product": title_of(lot.fields),
        "state": lot_state(lot.state, lot.outcome, call.language),
    }
