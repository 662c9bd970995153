"""Robot `close_order`: a ready-made set for the end of an order, which thanks both sides and asks them for a review."""

from __future__ import annotations

from b24app.errors import InvalidState
from b24app.services import portals, ready_sets
from robots import subjects
from robots.contract import Answer, RobotCall
from storage.unit_of_work import UnitOfWork


def run(uow: UnitOfWork, call: RobotCall) -> Answer:
    """Write to everybody who speaks for the buyer or the factory of the order."""
    order = subjects.order_of(uow, call)
    if order is None:
        raise InvalidState("This deal is no order of the marketplace.")
    count = ready_sets.close(uow, order, call.event_token)
    t = portals.speech(uow)
    return Answer({"people_count": count}, t.tn("Written to {count} person.", "Written to {count} people.", count))
