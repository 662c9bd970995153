"""Waiting for one's turn under the portal's request limit, which every process of the cluster shares.

Called by the REST client right before each HTTP call, outside any transaction of the caller. The count lies in the database: the
portal counts per address, so visitors, the installer and the dispatcher draw on one bucket, of which the last few calls are kept for
people who wait in front of a page. Documentation: settings/performance/limits.md.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from sqlalchemy import text

from b24app.config import Settings
from b24app.domain.buckets import Bucket
from b24app.errors import Retryable
from b24app.services import gates
from storage.unit_of_work import Transactions

GATE = "bitrix24"
LONGEST_WAIT_SECONDS = 20.0
PATIENCE_SECONDS = 3.0
"""After so long, work that nobody watches competes like the rest: those who wait come first, but starve nobody."""

NOT_FOR_EVER = text("SET LOCAL synchronous_commit TO off")
"""A count that a falling database forgets is half a second old at most: no call waits for the disk because of it."""


class Pacing:
    """One portal's limit as one process sees it. Safe to share between threads."""

    def __init__(
        self, transactions: Transactions, settings: Settings, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._transactions = transactions
        self._sleep = sleep
        rate = settings.bitrix_rate_per_second
        # The portal's counter falls once a second by a whole second's worth: right before it does, it is that much higher than ours.
        brim = max(1.0, settings.bitrix_rate_burst - rate)
        self._bucket = Bucket(rate, brim, settings.bitrix_interactive_reserve)
        self._passed_over_since = 0.0

    def wait(self, *, urgent: bool) -> None:
        """Return when a call may go. Raises Retryable after LONGEST_WAIT_SECONDS."""
        waited = 0.0
        while True:
            with self._transactions() as uow:
                uow.session.execute(NOT_FOR_EVER)
                pause = gates.pass_through(uow, GATE, self._bucket, urgent=urgent or self._passed_over())
            if not pause:
                if not urgent:
                    self._passed_over_since = 0.0
                return
            if waited >= LONGEST_WAIT_SECONDS:
                raise Retryable("The portal's request limit is used up.", code="OUR_LIMIT", after_seconds=pause)
            self._sleep(pause)
            waited += pause

    def seconds_to_wait(self) -> float:
        """Say how long a call that nobody waits for would have to wait now."""
        with self._transactions() as uow:
            pause = gates.seconds_to_wait(uow, GATE, self._bucket, urgent=self._passed_over())
        if pause and not self._passed_over_since:
            self._passed_over_since = time.monotonic()
        return pause

    def _passed_over(self) -> bool:
        since = self._passed_over_since
        return bool(since) and time.monotonic() - since > PATIENCE_SECONDS

    def used_up(self) -> None:
        """Believe the portal when it says that the limit is used up: somebody else made calls that we did not count."""
        with self._transactions() as uow:
            gates.fill(uow, GATE, self._bucket)
