"""The one loop in the cluster that carries a network's outbox rows outside.

Started by the worker once per network. A session-level advisory lock keeps every other dispatcher of that network waiting
and is freed by the server when its holder dies. Knows a network only through its gateway; never holds a transaction while
the gateway talks.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Protocol

import psycopg
from sqlalchemy import select

from b24app.domain.deliveries import Network, delivery_from
from b24app.domain.outcomes import Done, Envelope, Outcome, Refused, Unclear, pause_seconds, state_after
from b24app.services import deliveries
from storage import correlation, outbox
from storage.models import OutboxRow
from storage.unit_of_work import Transactions, UnitOfWork

logger = logging.getLogger(__name__)

LOCK_KEYS = {Network.BITRIX24: 7_312_011, Network.TELEGRAM: 7_312_012}
IDLE_SECONDS = 1.0
STANDBY_SECONDS = 1.0
PROVE_AT_ONCE = 20


class Gateway(Protocol):
    """What a network offers: sending many at once, and looking up whether one arrived."""

    def send(self, envelopes: list[Envelope]) -> list[Outcome]:
        """Send; answers one outcome for each envelope, in their order."""

    def prove(self, envelope: Envelope) -> Outcome:
        """Look the effect up: Done when found, TryLater when certainly absent, Unclear when it cannot be known."""


class Dispatcher:
    """Drains one network. `settle_seconds` is how long an interrupted call may still be executed on the other side."""

    def __init__(
        self,
        network: Network,
        gateway: Gateway,
        transactions: Transactions,
        *,
        batch: int,
        settle_seconds: float = 3.0,
    ) -> None:
        self.network = network
        self._gateway = gateway
        self._transactions = transactions
        self._batch = batch
        self._settle = timedelta(seconds=settle_seconds)

    def run(self, address: str, stop: threading.Event) -> None:
        """Dispatch until `stop`; wait in standby while another process holds the lock; survive a lost database."""
        while not stop.is_set():
            try:
                with psycopg.connect(address, autocommit=True) as connection:
                    self._hold(connection, stop)
            except psycopg.OperationalError as error:
                logger.warning("the %s dispatcher lost the database: %s", self.network, type(error).__name__)
                stop.wait(STANDBY_SECONDS)

    def _hold(self, connection: psycopg.Connection, stop: threading.Event) -> None:
        while not stop.is_set():
            row = connection.execute("SELECT pg_try_advisory_lock(%s)", [LOCK_KEYS[self.network]]).fetchone()
            if row and row[0]:
                break
            stop.wait(STANDBY_SECONDS)
        else:
            return
        connection.execute(f"LISTEN {outbox.CHANNEL}")
        self.recover()
        while not stop.is_set():
            connection.execute("SELECT 1")  # Fails when the lock is gone together with its session.
            if not self.round():
                for _ in connection.notifies(timeout=IDLE_SECONDS, stop_after=1):
                    break

    def recover(self) -> int:
        """Judge the rows that a dispatcher which died had under way; answers how many there were."""
        with self._transactions() as uow:
            rows = outbox.abandoned(uow.session, self.network)
            for row in rows:
                self._record(uow, row, Unclear("The sender stopped before the answer was recorded."))
            return len(rows)

    def round(self) -> int:
        """Send what may go now and look up what is in doubt; answers how many rows were touched."""
        return self._send_some() + self._prove_some()

    def _send_some(self) -> int:
        with self._transactions() as uow:
            rows = outbox.take(uow.session, self.network, now=uow.now, limit=self._batch)
            outbox.mark_doing(rows, uow.now)
            envelopes = [_envelope(row) for row in rows]
        if envelopes:
            self._record_all(envelopes, self._attempt(envelopes))
        return len(envelopes)

    def _attempt(self, envelopes: list[Envelope]) -> list[Outcome]:
        try:
            return self._gateway.send(envelopes)
        except Exception:
            # A gateway answers, it does not raise; whatever this was, the network may have been reached.
            logger.exception("the %s gateway failed", self.network)
            return [Unclear("The gateway failed unexpectedly.") for _ in envelopes]

    def _prove_some(self) -> int:
        with self._transactions() as uow:
            rows = uow.session.scalars(
                select(OutboxRow)
                .where(
                    OutboxRow.network == self.network.value,
                    OutboxRow.state == "proving",
                    (OutboxRow.not_before.is_(None)) | (OutboxRow.not_before <= uow.now),
                )
                .order_by(OutboxRow.id)
                .limit(PROVE_AT_ONCE)
            ).all()
            envelopes = [_envelope(row) for row in rows]
        for envelope in envelopes:
            outcome = self._look_up(envelope)
            self._record_all([envelope], [outcome])
        return len(envelopes)

    def _look_up(self, envelope: Envelope) -> Outcome:
        try:
            with correlation.following(envelope.correlation_id):
                return self._gateway.prove(envelope)
        except Exception:
            logger.exception("looking up outbox row %s failed", envelope.row_id)
            return Unclear("The look-up failed.")

    def _record_all(self, envelopes: Sequence[Envelope], outcomes: Sequence[Outcome]) -> None:
        with self._transactions() as uow:
            for envelope, outcome in zip(envelopes, outcomes, strict=True):
                with correlation.following(envelope.correlation_id):
                    self._record(uow, uow.session.get_one(OutboxRow, envelope.row_id), outcome)

    def _record(self, uow: UnitOfWork, row: OutboxRow, outcome: Outcome) -> None:
        with suppress(AttributeError):
            row.error_code = outcome.code  # type: ignore[union-attr]  # only refusals have one
        reason = "" if isinstance(outcome, Done) else outcome.reason
        state = state_after(outcome, delivery_from(row.kind, row.payload).repeat, row.attempts)
        if state in {"todo", "proving"}:
            counted = not (hasattr(outcome, "counted") and not outcome.counted)
            pause = timedelta(seconds=pause_seconds(outcome, row.attempts))
            outbox.put_back(row, not_before=uow.now + pause, error=reason, counted=counted)
            if state == "proving":
                row.state, row.not_before = state, max(uow.now + pause, (row.sent_at or uow.now) + self._settle)
        else:
            row.error = reason or None
            answer = outcome.answer if isinstance(outcome, Done) else None
            outbox.finish(row, state, datetime.now(UTC), answer=answer)
            if isinstance(outcome, Refused):
                logger.warning("outbox row %s refused: %s %s", row.id, outcome.code, reason)
        deliveries.record(uow, row, outcome)


def _envelope(row: OutboxRow) -> Envelope:
    return Envelope(
        row_id=row.id,
        key=row.key,
        lane=row.lane,
        attempt=row.attempts,
        delivery=delivery_from(row.kind, row.payload),
        correlation_id=row.correlation_id,
    )
