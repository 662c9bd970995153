"""Whether the application is still on the portal after somebody said that it is not.

ONAPPUNINSTALL carries no token, so it only suspends the installation; the portal's refusal of the stored token is what ends it.
Called by the gateway, which holds everything back meanwhile.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from b24app.bitrix24.client import RestClient
from b24app.bitrix24.connection import Connection
from b24app.bitrix24.oauth import TokenKeeper
from b24app.errors import GatewayError, Rejected, TokenExpired
from storage.models import Portal
from storage.unit_of_work import Transactions

PAUSE_SECONDS = 30.0

log = logging.getLogger(__name__)


class RemovalCheck:
    """Asks the portal, at most once in PAUSE_SECONDS."""

    def __init__(
        self,
        transactions: Transactions,
        client: RestClient,
        keeper: TokenKeeper,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._transactions = transactions
        self._client = client
        self._keeper = keeper
        self._clock = clock
        self._asked_at = -PAUSE_SECONDS

    def still_installed(self, portal: Portal) -> bool:
        """Tell whether a suspended installation works after all; ends it for good when the portal refuses its token."""
        if self._clock() - self._asked_at < PAUSE_SECONDS:
            return False
        self._asked_at = self._clock()
        try:
            Connection(self._client, self._keeper, portal.id).call("app.info")
        except (Rejected, TokenExpired):
            self._set(portal.id, "removed")
            return False
        except GatewayError:
            return False
        self._set(portal.id, "active")
        return True

    def _set(self, portal_id: int, state: str) -> None:
        with self._transactions() as uow:
            portal = uow.session.get_one(Portal, portal_id)
            portal.state = state
            portal.changed_at = uow.now
            if state == "removed":
                portal.access_token = portal.refresh_token = portal.application_token = portal.spare_token = None
        log.warning("After a notice of removal the installation is %s.", state)
