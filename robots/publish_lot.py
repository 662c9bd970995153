"""Robot `publish_lot`: approves a lot as a manager would. Refused when it does not wait for moderation."""

from __future__ import annotations

from b24app.services import lots, portals
from robots import subjects
from robots.contract import Answer, RobotCall
from storage.unit_of_work import UnitOfWork


def run(uow: UnitOfWork, call: RobotCall) -> Answer:
    """Publish the lot of the deal: the channel and the matching factories get it."""
    lot = subjects.lot_of(uow, call)
    lots.approve(uow, lot.id, call.actor)
    t = portals.speech(uow)
    sentence = t("Lot No. {number} is published in the channel and goes to the matching factories.", number=lot.number)
    return Answer({"published": "Y", "lot_number": lot.number}, sentence)
