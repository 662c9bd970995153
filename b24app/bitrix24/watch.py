"""Looking at something on the portal every few minutes and keeping what was seen for the health page.

Run by one worker. A portal that does not answer is no news: the next look comes soon. Knows nothing of what is looked at.
"""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from b24app.bitrix24.client import RestClient
from b24app.bitrix24.connection import Connection
from b24app.bitrix24.oauth import TokenKeeper
from b24app.errors import GatewayError
from b24app.services import portals, reports
from storage.unit_of_work import Transactions, UnitOfWork

EVERY = timedelta(minutes=5)

Seen = TypeVar("Seen")

log = logging.getLogger(__name__)


class PortalWatch(ABC, Generic[Seen]):
    """Looks at the current portal; `name` is that of the report."""

    name: str

    def __init__(self, transactions: Transactions, client: RestClient, keeper: TokenKeeper) -> None:
        self._transactions = transactions
        self._client = client
        self._keeper = keeper

    def run(self) -> None:
        """Look, unless that was done a moment ago."""
        with self._transactions() as uow:
            portal, now, before = portals.current(uow), uow.now, reports.read(uow, self.name)
        if portal is None or portal.state != "active" or (before is not None and now - before.heard_at < EVERY):
            return
        connection = Connection(self._client, self._keeper, portal.id, urgent=False)
        try:
            seen = self.look(connection, now)
        except GatewayError as error:
            log.info("The portal could not be looked at (%s): %s", self.name, error)
            return
        with self._transactions() as uow:
            self.keep(uow, seen)

    @abstractmethod
    def look(self, connection: Connection, now: datetime) -> Seen:
        """Ask the portal. Raises GatewayError."""

    @abstractmethod
    def keep(self, uow: UnitOfWork, seen: Seen) -> None:
        """Write the report, and tell whom it concerns."""
