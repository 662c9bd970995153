"""Robot `moderate_lot`: asks the manager to decide on a lot, or decides as the rule says."""

from __future__ import annotations

from b24app.errors import InvalidInput, InvalidState
from b24app.services import lot_cards, lot_checks, lots, portals
from robots import subjects
from robots.contract import Answer, RobotCall
from storage.models import Company, Lot
from storage.unit_of_work import UnitOfWork

DECISIONS = ("ask", "clean", "return")


def run(uow: UnitOfWork, call: RobotCall, *, decision: str = "ask", field: str = "", reason: str = "") -> Answer:
    """`ask` shows the card again, `return` gives `field` back with `reason`.

    `clean` publishes what holds neither contacts nor abuse, and else asks.
    """
    if decision not in DECISIONS:
        raise InvalidInput(fields={"decision": [", ".join(DECISIONS)]})
    lot = subjects.lot_of(uow, call)
    if lot.state != "submitted":
        raise InvalidState("Lot No. {number} does not wait for moderation.", number=lot.number)
    t = portals.speech(uow)
    hidden = lots.anonymous_view(uow, lot, t.language).masked
    if decision == "return":
        lots.request_corrections(uow, lot.id, [{"field": field, "reason": reason}], call.actor)
        sentence = t("Lot No. {number} is given back to the buyer.", number=lot.number)
    elif decision == "clean" and not lot_checks.findings(uow, lot, t):
        lots.approve(uow, lot.id, call.actor)
        sentence = t("Lot No. {number} is published.", number=lot.number)
    else:
        lot_cards.ask_for_decision(uow, lot, uow.session.get_one(Company, lot.company_id))
        sentence = t("Lot No. {number} waits for the manager's decision.", number=lot.number)
    return Answer(_values(lot, hidden=hidden), sentence)


def _values(lot: Lot, *, hidden: bool) -> dict[str, str]:
    return {"state": lot.state, "published": "Y" if lot.state == "published" else "N", "hidden": "Y" if hidden else "N"}
