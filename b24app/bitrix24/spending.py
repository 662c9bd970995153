"""How dear each REST method is: what of its `operating` budget is used, how long one call takes, how many fit into a request.

Kept by the gateway from the `time` block of every answer; a method that is about to use its budget up rests until the portal says that
the oldest minute is forgotten, which other processes and a restart learn from the database. Documentation: settings/performance/limits.md.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

from b24app.bitrix24.client import BATCH_LIMIT, Answer
from b24app.services import gates
from storage.unit_of_work import Transactions

PREFIX = "operating:"
OPERATING_SECONDS = 480.0
"""What a method may use in ten minutes: more ends in OPERATION_TIME_LIMIT, and the call that crosses the line is cut off."""
WINDOW_SECONDS = 600.0
"""For how long what was used is remembered there: a moment further away is a fault of somebody's clock."""
USABLE_SHARE = 0.9
REQUEST_SECONDS = 20.0
"""What one request may last by our reckoning; the portal cuts it off after 60."""
FIRST_GUESS_SECONDS = 0.05
WEIGHT_OF_NEW = 0.2
WITHOUT_MOMENT_SECONDS = 60.0

log = logging.getLogger(__name__)


class Spending:
    """The budgets of one portal. Safe to share between threads."""

    def __init__(self, transactions: Transactions, clock: Callable[[], float] = time.time) -> None:
        self._transactions = transactions
        self._clock = clock
        self._lock = threading.Lock()
        self._seconds: dict[str, float] = defaultdict(lambda: FIRST_GUESS_SECONDS)
        self._rests: dict[str, float] | None = None
        self._most = BATCH_LIMIT

    def rest_of(self, method: str) -> float:
        """Give the seconds for which a method is to rest, 0 when it may be called."""
        with self._lock:
            if self._rests is None:
                with self._transactions() as uow:
                    self._rests = gates.held(uow, PREFIX)
            rest = self._rests.get(method, 0.0) - self._clock()
            # Longer than the portal remembers: the clock went back since.
            return rest if 0.0 < rest <= WINDOW_SECONDS else 0.0

    def seconds_of(self, method: str) -> float:
        """Give what one call of a method takes, by experience."""
        with self._lock:
            return self._seconds[method]

    def most(self) -> int:
        """Give how many commands a batch may hold at present."""
        with self._lock:
            return self._most

    def learn(self, method: str, answer: Answer) -> None:
        """Note what an answer tells of its method."""
        if answer.timing.seconds is not None:
            with self._lock:
                known = self._seconds[method]
                self._seconds[method] = known + WEIGHT_OF_NEW * (answer.timing.seconds - known)
        if answer.timing.operating >= OPERATING_SECONDS * USABLE_SHARE:
            self._put_to_rest(method, answer.timing.operating, answer.timing.reset_in_seconds)
        elif answer.error is not None and answer.error.code.upper() == "OPERATION_TIME_LIMIT":
            self._put_to_rest(method, OPERATING_SECONDS, 0.0)

    def note_success(self) -> None:
        """After a batch that was answered, the next may be larger again."""
        with self._lock:
            self._most = min(BATCH_LIMIT, self._most * 2)

    def note_failure(self) -> None:
        """After a batch that was lost whole, the next is half as large: one of its commands may be what breaks it."""
        with self._lock:
            self._most = max(1, self._most // 2)

    def _put_to_rest(self, method: str, used: float, seconds: float) -> None:
        until = self._clock() + min(seconds if seconds > 0 else WITHOUT_MOMENT_SECONDS, WINDOW_SECONDS)
        with self._lock:
            rests = self._rests if self._rests is not None else {}
            if until - 1.0 <= rests.get(method, 0.0) <= self._clock() + WINDOW_SECONDS:
                return
            rests[method] = until
            self._rests = rests
        try:
            with self._transactions() as uow:
                gates.hold(uow, PREFIX + method, used, until)
        except SQLAlchemyError as error:
            # This process knows; what was answered must not get lost because others do not.
            log.warning("That %s rests could not be noted: %s", method, type(error).__name__)
