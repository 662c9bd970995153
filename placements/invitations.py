"""The factories that suit a lot, best first, which of them got it, and sending it to more.

Built for `registry` as a section of the tab of a lot's deal; its decisions are one service call each.
"""

from __future__ import annotations

from typing import Any

from b24app.i18n import texts
from b24app.services import invitations, lots, matching, offers
from placements import subjects
from placements.calls import Call
from placements.subjects import Subject
from storage.unit_of_work import UnitOfWork

SHOWN = 20


def matches(uow: UnitOfWork, call: Call, subject: Subject) -> dict[str, Any]:
    """Show the factories that suit the lot, each with its reasons and when it got the lot."""
    lot = subjects.lot_of(uow, subject)
    found, sent = matching.factories_for(uow, lot.id, call.language, limit=SHOWN), invitations.sent_to(uow, lot.id)
    answered = {offer.company_id for offer in offers.of_lot(uow, lot.id)}
    return {
        "lot": lot,
        "matches": found,
        "sent": sent,
        "answered": answered,
        "takes_offers": lots.takes_offers(uow, lot),
        "waiting": sum(match.company_id not in sent and match.company_id not in answered for match in found),
        "in_crm": subjects.refs_in_crm(uow, [f"company/{match.company_id}" for match in found]),
        "limit": SHOWN,
    }


def invite_factory(uow: UnitOfWork, call: Call, subject: Subject, form: dict[str, Any]) -> str:
    """Send the lot to one factory of the list."""
    return _sent(uow, call, subject, form["company_id"])


def invite_named(uow: UnitOfWork, call: Call, subject: Subject, form: dict[str, Any]) -> str:
    """Send the lot to a factory that the list leaves out, by its name."""
    return _sent(uow, call, subject, invitations.named(uow, form["factory"], texts(call.language)))


def _sent(uow: UnitOfWork, call: Call, subject: Subject, company_id: int) -> str:
    lot = subjects.lot_of(uow, subject)
    invited = invitations.invite_one(uow, lot, company_id, call.actor)
    return texts(call.language)("Lot No. {number} is on its way to {name}.", number=lot.number, name=invited.name)


def invite_matching(uow: UnitOfWork, call: Call, subject: Subject, _form: dict[str, Any]) -> str:
    """Send the lot to every factory that suits it and did not get it."""
    lot, t = subjects.lot_of(uow, subject), texts(call.language)
    count = invitations.invite_more(uow, lot, call.actor)
    return t.tn("It was sent to {count} suitable factory.", "It was sent to {count} suitable factories.", count)
