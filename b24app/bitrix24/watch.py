"""Looking at something on the portal every few minutes and keeping what was seen for the health page.

Asked in the rounds of one worker. A portal that does not answer is no news: the next look comes soon. Knows nothing of what is looked at.
"""

from __future__ import annotations

from abc import abstractmethod
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from b24app.bitrix24.connection import Connection
from b24app.bitrix24.rounds import Asking, Question
from b24app.services import reports
from storage.unit_of_work import Transactions, UnitOfWork

EVERY = timedelta(minutes=5)

Seen = TypeVar("Seen")


class PortalWatch(Question, Generic[Seen]):
    """Looks at the current portal; `name` is that of the report."""

    name: str

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def ask(self, connection: Connection, portal_id: int, now: datetime) -> Asking[int]:
        """Look, unless that was done a moment ago; finds 1 when it looked."""
        with self._transactions() as uow:
            before = reports.read(uow, self.name)
        if before is not None and now - before.heard_at < EVERY:
            return 0
        seen = yield from self.look(now)
        with self._transactions() as uow:
            self.keep(uow, seen)
        return 1

    @abstractmethod
    def look(self, now: datetime) -> Asking[Seen]:
        """Ask the portal."""

    @abstractmethod
    def keep(self, uow: UnitOfWork, seen: Seen) -> None:
        """Write the report, and tell whom it concerns."""
