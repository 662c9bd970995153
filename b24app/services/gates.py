"""Letting calls through the other side's limits, one counter for the whole cluster.

Called by gateways right before a call, in a short transaction of its own. Sends no messages.
"""

from __future__ import annotations

from sqlalchemy.dialects.postgresql import insert

from b24app.domain.buckets import Bucket, Level, take
from storage.models.gates import Gate
from storage.unit_of_work import UnitOfWork


def pass_through(uow: UnitOfWork, name: str, bucket: Bucket, *, calls: int = 1, urgent: bool = False) -> float:
    """Count `calls` against a limit; answers 0 when they may go now, else the seconds to wait before asking again."""
    uow.session.execute(insert(Gate).values(name=name).on_conflict_do_nothing())
    gate = uow.session.get_one(Gate, name, with_for_update=True)
    level, wait = take(Level(gate.calls, gate.at), bucket, uow.now.timestamp(), calls=calls, urgent=urgent)
    gate.calls, gate.at = level.calls, level.at
    return wait


def fill(uow: UnitOfWork, name: str, bucket: Bucket) -> None:
    """Treat a limit as used up, because the other side said so: our count missed calls that somebody else made."""
    uow.session.execute(insert(Gate).values(name=name).on_conflict_do_nothing())
    gate = uow.session.get_one(Gate, name, with_for_update=True)
    gate.calls, gate.at = bucket.burst, uow.now.timestamp()
