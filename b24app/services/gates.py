"""Letting calls through the other side's limits, one counter for the whole cluster.

Called by gateways right before a call, in a short transaction of its own. Sends no messages.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from b24app.domain.buckets import Bucket, Level, take
from storage.holding import HELD
from storage.models.gates import Gate
from storage.unit_of_work import UnitOfWork


def seconds_to_wait(uow: UnitOfWork, name: str, bucket: Bucket, *, urgent: bool = False) -> float:
    """Say how long a call would have to wait now, without counting one."""
    gate = uow.session.get(Gate, name)
    return take(Level(gate.calls, gate.at), bucket, uow.now.timestamp(), urgent=urgent)[1] if gate else 0.0


def hold(uow: UnitOfWork, name: str, used: float, until: float) -> None:
    """Note that something may not be used before a moment, in seconds since 1970, with how much of it was `used`."""
    values = {"calls": used, "at": until}
    statement = insert(Gate).values(name=name, **values)
    uow.session.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))


def held(uow: UnitOfWork, prefix: str) -> dict[str, float]:
    """Give what is held back now: the names behind a prefix and the moments until which."""
    rows = uow.session.scalars(
        select(Gate).where(Gate.name.startswith(prefix, autoescape=True), Gate.at > uow.now.timestamp())
    )
    return {row.name.removeprefix(prefix): row.at for row in rows}


def pass_through(uow: UnitOfWork, name: str, bucket: Bucket, *, calls: int = 1, urgent: bool = False) -> float:
    """Count `calls` against a limit; answers 0 when they may go now, else the seconds to wait before asking again."""
    gate = _locked(uow, name)
    level, wait = take(Level(gate.calls, gate.at), bucket, uow.now.timestamp(), calls=calls, urgent=urgent)
    gate.calls, gate.at = level.calls, level.at
    return wait


def fill(uow: UnitOfWork, name: str, bucket: Bucket) -> None:
    """Treat a limit as used up, because the other side said so: our count missed calls that somebody else made."""
    gate = _locked(uow, name)
    gate.calls, gate.at = bucket.burst, uow.now.timestamp()


def _locked(uow: UnitOfWork, name: str) -> Gate:
    """Give a counter that nobody else changes meanwhile; the first to ask makes it."""
    known = uow.session.get(Gate, name, with_for_update=HELD)
    if known is None:
        uow.session.execute(insert(Gate).values(name=name).on_conflict_do_nothing())
        known = uow.session.get_one(Gate, name, with_for_update=HELD)
    return known
