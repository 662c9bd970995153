"""Robot `announce_lot`: a ready-made set, which tells matching factories of a lot and gives a task when none answers in time."""

from __future__ import annotations

from b24app.domain import ready_sets as rules
from b24app.errors import InvalidState
from b24app.services import portals, ready_sets
from robots import subjects
from robots.contract import Answer, RobotCall
from storage.unit_of_work import UnitOfWork


def run(uow: UnitOfWork, call: RobotCall, *, hours: int = 24, limit: int = 0, minimum_score: int = 0) -> Answer:
    """Send to the best `limit` factories (0: all) of at least `minimum_score`; after `hours` without an offer comes a task."""
    lot = subjects.lot_of(uow, call)
    numbers = {"hours": hours, "limit": limit, "minimum_score": minimum_score}
    if rules.faults(ready_sets.ANNOUNCE, rules.SETS[ready_sets.ANNOUNCE].stages[0], numbers):
        raise InvalidState("A number in the settings of the rule is out of its bounds.")
    count = ready_sets.announce(uow, lot, numbers, call.event_token)
    t = portals.speech(uow)
    sentence = t.tn("It was sent to {count} suitable factory.", "It was sent to {count} suitable factories.", count)
    return Answer({"count": count}, sentence)
