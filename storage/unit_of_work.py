"""One transaction on behalf of one cause.

The edge opens it and it commits at the end of its `with` block, or rolls back when anything is raised; services receive it,
use `session` and `send`, and never commit. What a service reads once for a whole transaction it keeps in `session.info`, and drops
when it changes it. Knows nothing of web frameworks.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session, SessionTransaction

from b24app.domain.delivery import Delivery
from storage import outbox
from storage.base import Base

Row = TypeVar("Row", bound=Base)
_KNOWN = "known"


class UnitOfWork:
    """The session, the moment and the outbox of one transaction. `now` is fixed for its whole length."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.session = session
        self.now = now

    def known(self, model: type[Row], number: int) -> Row:
        """Give the row with this id, which is read once in a transaction: a session by itself forgets a row that nobody holds."""
        found = self.session.get_one(model, number)
        self.session.info.setdefault(_KNOWN, {})[model, number] = found
        return found

    def send(self, delivery: Delivery, *, lane: str = "", key: str = "", not_before: datetime | None = None) -> str:
        """Ask for an effect outside; it happens after the commit, once per `key`. Answers the key."""
        return outbox.add(self.session, delivery, lane=lane, key=key, not_before=not_before)


@event.listens_for(Session, "after_soft_rollback")
def _forget_what_was_read(session: Session, _previous: SessionTransaction) -> None:
    """Let nothing that was read of undone changes be believed: a savepoint rolled back leaves the transaction going."""
    session.info.clear()


class Transactions:
    """Opens units of work on one engine: `with transactions() as uow: …`."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @contextmanager
    def __call__(self, now: datetime | None = None) -> Iterator[UnitOfWork]:
        """Open a transaction; commit at the end, roll back on any error."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield UnitOfWork(session, now or datetime.now(UTC))
