"""What waits for an employee: how many of each kind, and since when the oldest. Called by the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from b24app.services import audits, companies, offers, promises, reviews
from storage.models import Lot, OutboxRow
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One queue: `oldest` is None when it is empty."""

    count: int
    oldest: datetime | None


def waiting(uow: UnitOfWork) -> dict[str, Waiting]:
    """Give the queues: leads and factories to check, lots to moderate, offers to allow, audits, reviews, late answers, uncertain sends."""
    lots = uow.session.execute(select(func.count(), func.min(Lot.submitted_at)).where(Lot.state == "submitted")).one()
    uncertain = uow.session.execute(
        select(func.count(), func.min(OutboxRow.sent_at)).where(OutboxRow.state == "uncertain")
    ).one()
    found = {
        "leads": companies.waiting_count(uow, "buyer"),
        "factories": companies.waiting_count(uow, "factory"),
        "lots": (lots[0], lots[1]),
        "offers": offers.waiting_count(uow),
        "audits": audits.waiting_count(uow),
        "reviews": reviews.waiting_count(uow),
        "answers": promises.overdue(uow),
        "uncertain": (uncertain[0], uncertain[1]),
    }
    return {name: Waiting(count=int(count), oldest=oldest) for name, (count, oldest) in found.items()}
