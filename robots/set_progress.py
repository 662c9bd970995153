"""Robot `set_progress`: notes how far an order is, as the factory would, and tells the buyer."""

from __future__ import annotations

from b24app.errors import InvalidState
from b24app.services import order_news, orders, portals
from robots import subjects
from robots.contract import Answer, RobotCall
from storage.unit_of_work import UnitOfWork


def run(uow: UnitOfWork, call: RobotCall, *, step: str, percent: int = 100, note: str = "") -> Answer:
    """Set the order of the deal to `percent` of a production step, named by its code in the industry pack."""
    order = subjects.order_of(uow, call)
    if order is None:
        raise InvalidState("This deal is no order to a factory.")
    if step not in orders.steps():
        raise InvalidState("There is no step “{step}”. Steps: {steps}.", step=step, steps=", ".join(orders.steps()))
    orders.set_progress(uow, order.id, step=step, percent=percent, note=note, actor=call.actor)
    t = portals.speech(uow)
    words = order_news.step_words(step, percent, t)
    return Answer({"progress": words, "state": order.state}, words)
