"""Watching whether the employee in whose name we work still may: dismissed, or no administrator any more, everything comes to a stand.

Run every few minutes by one worker. Nobody but a person can help: another administrator opens the application, which then works in that
name. Documentation: profile; settings/oauth/simple-way.md.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta

from b24app.bitrix24.client import Command, RestClient
from b24app.bitrix24.connection import Connection
from b24app.bitrix24.oauth import TokenKeeper
from b24app.errors import GatewayError, Rejected
from b24app.services import portals, reports
from storage.unit_of_work import Transactions

NAME = "owner"
EVERY = timedelta(minutes=5)

log = logging.getLogger(__name__)


class OwnerWatch:
    """Asks one portal who we are to it."""

    def __init__(self, transactions: Transactions, client: RestClient, keeper: TokenKeeper) -> None:
        self._transactions = transactions
        self._client = client
        self._keeper = keeper

    def run(self) -> None:
        """Ask, unless that was done a moment ago; a portal that does not answer is no news."""
        with self._transactions() as uow:
            portal, now, before = portals.current(uow), uow.now, reports.read(uow, NAME)
        if portal is None or portal.state != "active" or (before is not None and now - before.heard_at < EVERY):
            return
        try:
            trouble = self._trouble(portal.id)
        except GatewayError as error:
            log.info("The portal could not be asked about the owner: %s", error)
            return
        with self._transactions() as uow:
            reports.write(uow, NAME, {"trouble": trouble})
            portals.owner_is(uow, trouble)
        if trouble:
            log.error("The application cannot work in the name of its owner: %s", trouble)

    def _trouble(self, portal_id: int) -> str:
        connection = Connection(self._client, self._keeper, portal_id, urgent=False)
        try:
            profile = connection.batch([Command("profile", {})])[0].value()
        except Rejected as error:
            return f"refused {error.code}".strip()
        is_admin = isinstance(profile, Mapping) and profile.get("ADMIN") in (True, "Y", "1", 1)
        return "" if is_admin else "no_admin"
