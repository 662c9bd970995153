"""Robot `notify_factories`: sends a published lot to the matching factories that did not get it yet."""

from __future__ import annotations

from b24app.services import invitations, lots, portals
from robots import subjects
from robots.contract import Answer, RobotCall
from storage.unit_of_work import UnitOfWork


def run(uow: UnitOfWork, call: RobotCall, *, limit: int = 0, minimum_score: int = 0) -> Answer:
    """Send to the best `limit` factories (0: all) that reach `minimum_score` of 100; refused while the lot takes no offers."""
    lot = subjects.lot_of(uow, call)
    lots.must_take_offers(uow, lot)
    count = invitations.invite(uow, lot, limit=max(limit, 0), minimum_score=minimum_score)
    t = portals.speech(uow)
    if not count:
        return Answer({"count": 0}, t("Every suitable factory has lot No. {number} already.", number=lot.number))
    sentence = t.tn("It was sent to {count} suitable factory.", "It was sent to {count} suitable factories.", count)
    return Answer({"count": count}, sentence)
