"""Robot `wait_for_reply`: lets the process stand still until somebody of the lot, the order or the lead answers, or time runs out."""

from __future__ import annotations

from datetime import timedelta

from b24app.errors import InvalidInput, InvalidState
from b24app.services import automation
from robots.contract import RobotCall
from storage.unit_of_work import UnitOfWork

LONGEST = timedelta(days=60)


def run(uow: UnitOfWork, call: RobotCall, *, who: str = "factory", hours: int = 24, minutes: int = 0) -> None:
    """Wait for the `buyer`, the `factory` (an offer counts) or `any` of them; the answer follows when it comes or time is up."""
    if who not in {"buyer", "factory", automation.ANY}:
        raise InvalidInput(fields={"who": ["buyer, factory, any"]})
    if call.kind not in {"lot", "order", "lead"}:
        raise InvalidState("This item has no conversation of the marketplace.")
    patience = timedelta(hours=hours, minutes=minutes)
    if not timedelta() < patience <= LONGEST:
        raise InvalidState("The time to wait must be between a minute and {days} days.", days=LONGEST.days)
    automation.wait(uow, call.event_token, f"{call.kind}/{call.subject_id}", who, uow.now + patience)
