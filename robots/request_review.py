"""Robot `request_review`: asks both sides of an order for stars and words."""

from __future__ import annotations

from b24app.errors import InvalidState
from b24app.services import portals, reviews
from robots import subjects
from robots.contract import Answer, RobotCall
from storage.unit_of_work import UnitOfWork


def run(uow: UnitOfWork, call: RobotCall) -> Answer:
    """Ask whoever has not reviewed the order yet; refused before it is shipped."""
    order = subjects.order_of(uow, call)
    if order is None:
        raise InvalidState("This deal is no order of the marketplace.")
    count = reviews.ask(uow, order)
    t = portals.speech(uow)
    return Answer({"people_count": count}, t.tn("Asked {count} person.", "Asked {count} people.", count))
