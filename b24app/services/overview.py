"""What waits for an employee: how many of each kind, and since when the oldest. Called by the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, literal, select, union_all

from b24app.services import audits, companies, lot_revisions, offers, profile_changes, promises, reviews
from storage.models import OutboxRow
from storage.unit_of_work import UnitOfWork

TROUBLED = ("uncertain", "dead")


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One queue: `oldest` is None when it is empty."""

    count: int
    oldest: datetime | None


def waiting(uow: UnitOfWork) -> dict[str, Waiting]:
    """Give the queues: leads and factories to check, changes of profiles, lots, offers, audits, reviews, late answers, messages in trouble.

    All are counted in one statement: the page that shows them is opened all day.
    """
    found: dict[str, Select[int, Any]] = {
        "leads": companies.waiting("buyer"),
        "factories": companies.waiting("factory"),
        "changes": profile_changes.counted(),
        "lots": select(func.count(), func.min(lot_revisions.waiting_since())).where(lot_revisions.waiting()),
        "offers": offers.waiting(),
        "audits": audits.waiting(),
        "reviews": reviews.waiting(),
        "answers": promises.overdue(),
        "troubled": select(func.count(), func.min(OutboxRow.created_at)).where(OutboxRow.state.in_(TROUBLED)),
    }
    rows = uow.session.execute(union_all(*(query.add_columns(literal(name)) for name, query in found.items())))
    return {name: Waiting(count=int(count), oldest=oldest) for count, oldest, name in rows}
