"""Taking rows of the outbox, handing them to a gateway and recording what became of each.

Called by the dispatcher's threads. Three steps, of which only the middle one touches the network and only the outer ones the
database: mark the rows, call, record. An outcome that is known is recorded whatever it takes: a database that is away is waited for.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Protocol

from sqlalchemy.exc import SQLAlchemyError

from b24app.domain.deliveries import delivery_from
from b24app.domain.delivery import Network
from b24app.domain.outcomes import Done, Envelope, Outcome, Refused, TryLater, Unclear, pause_seconds, state_after
from b24app.services import deliveries, late_marks
from storage import correlation, outbox
from storage.away import is_passing
from storage.holding import HELD
from storage.models import OutboxRow
from storage.unit_of_work import Transactions, UnitOfWork

logger = logging.getLogger(__name__)

PROVE_AT_ONCE = 20
RECORD_TRIES = 60
RECORD_PAUSE_SECONDS = 1.0
MARGIN_SECONDS = 0.005
OVERDUE = timedelta(seconds=90)
"""A row under way for longer than a call lasts, which no sender of ours has in hand: the database took its mark or its outcome half-way."""
OVERDUE_EVERY_SECONDS = 10.0
MAX_RAW = 5_000
"""How much of an answer that was no success is kept with its row, in characters."""


class Gateway(Protocol):
    """What a network offers: sending many at once, and looking up whether one arrived."""

    def pause(self) -> float:
        """Give the seconds until a call may go, 0 when one may go now."""

    def send(self, envelopes: list[Envelope]) -> list[Outcome]:
        """Send; answers one outcome for each envelope, in their order."""

    def prove(self, envelopes: list[Envelope]) -> list[Outcome]:
        """Look effects up: Done when found, TryLater when certainly absent, Unclear when it cannot be known; in their order."""


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How many rows are taken at once, how many of them of one lane, and how many seconds a doubtful effect is given to show.

    `settle_seconds` pass before an effect is looked up. What is absent then counts as absent for good once `longest_call_seconds`
    are over, when the call may still have been executed on the other side, and at once otherwise.
    """

    batch: int
    per_lane: int = 1
    settle_seconds: float = 3.0
    longest_call_seconds: float = 60.0


@dataclass(frozen=True)
class Taken:
    """Rows marked as under way; `more` when others may be due as well."""

    envelopes: list[Envelope]
    more: bool


class Sending:
    """The steps of one network, safe to take from several threads. `next_due` is when a row put back is due, monotonic."""

    def __init__(self, network: Network, gateway: Gateway, transactions: Transactions, pace: Pace) -> None:
        self.network = network
        self.next_due = 0.0
        self._gateway = gateway
        self._transactions = transactions
        self._pace = pace
        self._settle = timedelta(seconds=pace.settle_seconds)
        self._longest_call = timedelta(seconds=pace.longest_call_seconds)
        self._taking = threading.Lock()
        self._in_hand: set[int] = set()
        self._overdue_at = 0.0

    def take(self, *, conversations_only: bool = False) -> Taken:
        """Mark rows that may go now as under way and give them; whoever takes them must carry them."""
        # One taker at a time, until its marks are committed: see outbox.take.
        with self._taking:
            with self._transactions() as uow:
                rows = outbox.take(
                    uow.session,
                    self.network,
                    now=uow.now,
                    limit=self._pace.batch,
                    per_lane=self._pace.per_lane,
                    conversations_only=conversations_only,
                )
                outbox.mark_doing(rows, uow.now)
                envelopes = [envelope for row in rows if (envelope := self._readable(uow, row, leaving=True))]
            # Not before the commit was heard: what nobody carries must not look as if somebody did.
            self._in_hand |= {envelope.row_id for envelope in envelopes}
        return Taken(envelopes, more=len(rows) >= self._pace.batch or len(envelopes) < len(rows))

    def carry(self, envelopes: list[Envelope]) -> None:
        """Hand taken rows to the network and record what became of each."""
        try:
            if envelopes:
                self._record_all(envelopes, self._attempt(envelopes))
        finally:
            with self._taking:
                self._in_hand -= {envelope.row_id for envelope in envelopes}

    def prove_some(self) -> int:
        """Look up what is in doubt and due; answers how many rows were judged. To be asked by one thread only."""
        if time.monotonic() >= self._overdue_at:
            self._overdue_at = time.monotonic() + OVERDUE_EVERY_SECONDS
            self.recover(older_than=OVERDUE)
        with self._transactions() as uow:
            rows = outbox.to_prove(uow.session, self.network, now=uow.now, limit=PROVE_AT_ONCE)
            envelopes = [envelope for row in rows if (envelope := self._readable(uow, row))]
        if envelopes:
            self._record_all(envelopes, self._look_up(envelopes), proof=True)
        return len(envelopes)

    def recover(self, *, older_than: timedelta | None = None) -> int:
        """Judge the rows that a dispatcher which died had under way, or whose outcome could not be recorded; answers how many."""
        with self._transactions() as uow:
            before = uow.now - older_than if older_than is not None else None
            rows = [
                row
                for row in outbox.abandoned(uow.session, self.network, before=before)
                if before is None or row.id not in self._in_hand
            ]
            for row in filter(partial(self._readable, uow), rows):
                self._record(uow, row, Unclear("The sender stopped before the answer was recorded.", running=True))
            return len(rows)

    def _readable(self, uow: UnitOfWork, row: OutboxRow, *, leaving: bool = False) -> Envelope | None:
        try:
            if leaving:
                late_marks.mark(uow, row)
            return _envelope(row)
        except (KeyError, TypeError) as error:
            logger.exception("outbox row %s cannot be read", row.id)
            row.error = f"This program does not know how to send it: {type(error).__name__} {error}"
            outbox.finish(row, "dead", uow.now)
            return None

    def _attempt(self, envelopes: list[Envelope]) -> list[Outcome]:
        try:
            outcomes = self._gateway.send(envelopes)
        except SQLAlchemyError as error:
            # Gateways read what they need before they call; whatever they could not note afterwards, they handle themselves.
            logger.warning("the %s gateway lost the database: %s", self.network, type(error).__name__)
            return [Unclear("The database was away while this was being sent.", running=True) for _ in envelopes]
        except Exception:
            # A gateway answers, it does not raise; whatever this was, the network may have been reached.
            logger.exception("the %s gateway failed", self.network)
            return [Unclear("The gateway failed unexpectedly.", running=True) for _ in envelopes]
        if len(outcomes) != len(envelopes):
            return [Unclear("The gateway answered for another number of messages.") for _ in envelopes]
        return outcomes

    def _look_up(self, envelopes: list[Envelope]) -> list[Outcome]:
        try:
            return self._gateway.prove(envelopes)
        except SQLAlchemyError:
            return [Unclear("The database was away during the look-up.", counted=False) for _ in envelopes]
        except Exception:
            logger.exception("looking up %s outbox rows failed", len(envelopes))
            return [Unclear("The look-up failed.") for _ in envelopes]

    def _record_all(self, envelopes: Sequence[Envelope], outcomes: Sequence[Outcome], *, proof: bool = False) -> None:
        pairs = list(zip(envelopes, outcomes, strict=True))
        if len(pairs) > 1:
            try:
                self._record_pairs(pairs, proof)
                return
            except Exception as error:
                # One of them, or the database: each by itself tells which.
                logger.warning("outcomes are recorded one by one: %s", type(error).__name__)
        for pair in pairs:
            self._record_surely(pair, proof)

    def _record_surely(self, pair: tuple[Envelope, Outcome], proof: bool) -> None:
        for _ in range(RECORD_TRIES):
            try:
                self._record_pairs([pair], proof)
                return
            except Exception as error:
                if not is_passing(error):
                    self._record_bare(pair, error)
                    return
                time.sleep(RECORD_PAUSE_SECONDS)
        logger.error("the outcome of outbox row %s could not be recorded", pair[0].row_id)

    def _record_bare(self, pair: tuple[Envelope, Outcome], error: Exception) -> None:
        """Keep the state at least, when what should follow from an outcome fails by a fault of ours."""
        envelope, outcome = pair
        logger.error("what follows from the outcome of row %s failed", envelope.row_id, exc_info=error)
        with self._transactions() as uow:
            row = uow.session.get_one(OutboxRow, envelope.row_id, with_for_update=HELD)
            if row.state not in {"doing", "proving"} or row.attempts != envelope.attempt:
                return
            row.error = f"It was {type(outcome).__name__.lower()}, but what follows failed: {error}"[:2000]
            outbox.finish(row, "done" if isinstance(outcome, Done) else "uncertain", uow.now)

    def _record_pairs(self, pairs: Sequence[tuple[Envelope, Outcome]], proof: bool) -> None:
        with self._transactions() as uow:
            rows = outbox.locked(uow.session, [envelope.row_id for envelope, _ in pairs])
            for envelope, outcome in pairs:
                row = rows[envelope.row_id]
                with correlation.following(envelope.correlation_id):
                    if _still_ours(row, envelope, proof) or (isinstance(outcome, Done) and row.state in LATE):
                        self._record(uow, row, outcome, proof=proof)

    def _record(self, uow: UnitOfWork, row: OutboxRow, outcome: Outcome, *, proof: bool = False) -> None:
        if proof and isinstance(outcome, TryLater) and row.settles_at is not None and uow.now < row.settles_at:
            outcome = Unclear(f"{outcome.reason} It may still come.", counted=False)
        row.error_code = _code_of(outcome)
        reason = "" if isinstance(outcome, Done) else outcome.reason
        counted = not isinstance(outcome, TryLater | Unclear) or outcome.counted
        if proof and counted:
            row.proofs += 1
        if not proof and isinstance(outcome, Unclear | Refused) and outcome.raw:
            row.answer = {"raw": outcome.raw[:MAX_RAW]}
        state = state_after(outcome, delivery_from(row.kind, row.payload).repeat, row.attempts, row.proofs)
        if state in {"todo", "proving"}:
            self._put_back(uow, row, outcome, state, counted=counted)
        else:
            row.error = reason or None
            answer = outcome.answer if isinstance(outcome, Done) else None
            outbox.finish(row, state, datetime.now(UTC), answer=answer)
            if isinstance(outcome, Refused):
                logger.warning("outbox row %s refused: %s %s", row.id, outcome.code, reason)
        deliveries.record(uow, row, outcome)

    def _put_back(self, uow: UnitOfWork, row: OutboxRow, outcome: Outcome, state: str, *, counted: bool) -> None:
        tries = max(1, row.proofs if state == "proving" else row.attempts)
        due = datetime.now(UTC) + timedelta(seconds=pause_seconds(outcome, tries))
        reason = "" if isinstance(outcome, Done) else outcome.reason
        if state == "proving":
            due = self._look_up_at(row, outcome, due, uow.now)
            row.state, row.not_before, row.error = state, due, reason
        else:
            row.proofs = 0
            outbox.put_back(row, not_before=due, error=reason, counted=counted or isinstance(outcome, Unclear))
        # A little after the moment itself: the clock that says what is due is another one.
        seconds = max(0.0, (due - datetime.now(UTC)).total_seconds()) + MARGIN_SECONDS
        now = time.monotonic()
        self.next_due = now + seconds if self.next_due <= now else min(self.next_due, now + seconds)

    def _look_up_at(self, row: OutboxRow, outcome: Outcome, due: datetime, now: datetime) -> datetime:
        """Give when an effect in doubt is looked up (again), and note from when on its absence is final."""
        sent_at = row.sent_at or now
        if row.state == "doing":
            running = isinstance(outcome, Unclear) and outcome.running
            row.settles_at = sent_at + (self._longest_call if running else self._settle)
            return max(due, sent_at + self._settle)
        if row.settles_at is None or row.settles_at <= now:
            return due
        # What is there is found soon, what is not there is asked for ever less often.
        return max(due, min(row.settles_at, now + (now - sent_at)))


LATE = {"proving", "uncertain"}
"""States in which another dispatcher left a row whose answer we have after all."""


def _code_of(outcome: Outcome) -> str | None:
    if isinstance(outcome, Refused):
        return outcome.code
    return (outcome.code or None) if isinstance(outcome, TryLater) else None


def _still_ours(row: OutboxRow, envelope: Envelope, proof: bool) -> bool:
    return row.state == ("proving" if proof else "doing") and row.attempts == envelope.attempt


def _envelope(row: OutboxRow) -> Envelope:
    return Envelope(
        row_id=row.id,
        key=row.key,
        lane=row.lane,
        attempt=row.attempts,
        delivery=delivery_from(row.kind, row.payload),
        correlation_id=row.correlation_id,
        sent_at=row.sent_at,
    )
