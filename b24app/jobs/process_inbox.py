"""Working the accepted facts of one lane, in order, each in a transaction of its own.

Run by the worker when a lane is woken. Knows which door handles which source only through the mapping it is given.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import Enum, auto
from typing import Any

from storage import correlation, inbox
from storage.away import is_passing
from storage.models import InboxRow
from storage.unit_of_work import Transactions, UnitOfWork

logger = logging.getLogger(__name__)

Handler = Callable[[UnitOfWork, dict[str, Any]], None]

BITE = 200
EARLY_LOOK_SECONDS = 0.02
CERTAIN_AFTER = 2  # A failure that comes back with the database in good health will come back for ever.
MOST_PASSING = 40
"""After so many failures of the moment, some twenty minutes of them, it is perhaps the fact that breaks the database each time."""


class Step(Enum):
    """What a look at the head of a lane came to."""

    WORKED = auto()
    EARLY = auto()
    NOTHING = auto()


def drain(
    lane: str,
    transactions: Transactions,
    handlers: Mapping[str, Handler],
    give_ups: Mapping[str, Handler] | None = None,
) -> int:
    """Work the lane until it is empty, its head has to wait, or a bite is done; answers how many rows were worked.

    `give_ups` are told of a row that is set aside, so that nobody outside waits for its answer for ever.
    """
    for worked in range(BITE):
        while (step := _work_next(lane, transactions, handlers, give_ups or {})) is Step.EARLY:
            # Whatever is missing may belong to another lane, whose wake-up nobody here would hear.
            time.sleep(EARLY_LOOK_SECONDS)
        if step is Step.NOTHING:
            return worked
    return BITE


def _work_next(
    lane: str, transactions: Transactions, handlers: Mapping[str, Handler], give_ups: Mapping[str, Handler]
) -> Step:
    row_id = attempts = 0
    try:
        with transactions() as uow:
            row = inbox.next_row(uow.session, lane, uow.now)
            if row is None:
                return Step.NOTHING
            row_id, attempts = row.id, row.attempts
            with correlation.following(row.correlation_id):
                handlers[row.source](uow, row.payload)
            inbox.mark_done(row, uow.now)
    except inbox.Early:
        return Step.EARLY
    except Exception as error:
        if not row_id:
            raise
        return Step.WORKED if _set_back(row_id, attempts, error, transactions, give_ups) else Step.NOTHING
    return Step.WORKED


def _set_back(
    row_id: int, attempts: int, error: Exception, transactions: Transactions, give_ups: Mapping[str, Handler]
) -> bool:
    passing = is_passing(error)
    poison = attempts + 1 >= (MOST_PASSING if passing else CERTAIN_AFTER)
    with transactions() as uow:
        state = inbox.mark_failed(
            uow.session, row_id, f"{type(error).__name__}: {error}", datetime.now(UTC), poison=poison
        )
        row = uow.session.get_one(InboxRow, row_id)
        if state == "poison" and row.source in give_ups:
            give_ups[row.source](uow, row.payload)
    logger.error("inbox row %s failed, now %s", row_id, state, exc_info=error)
    return state == "poison"
