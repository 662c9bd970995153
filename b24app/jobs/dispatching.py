"""The one place in the cluster that carries a network's outbox rows outside.

Started by the worker once per network. A session-level advisory lock keeps every other dispatcher of that network waiting
and is freed by the server when its holder dies; while it is held, several senders work side by side, each on lanes of its own.
Knows a network only through its gateway; what a sender does with rows is in `sending`.
"""

from __future__ import annotations

import logging
import threading
import time

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from b24app.domain.deliveries import Network
from b24app.jobs.sending import Gateway, Sending
from storage import outbox
from storage.unit_of_work import Transactions

logger = logging.getLogger(__name__)

LOCK_KEYS = {Network.BITRIX24: 7_312_011, Network.TELEGRAM: 7_312_012}
IDLE_SECONDS = 1.0
STANDBY_SECONDS = 1.0


class Dispatcher:
    """Drains one network with `senders` threads, of which `reserved` carry nothing but conversations.

    `settle_seconds` is how long an interrupted call may still be executed on the other side.
    """

    def __init__(
        self,
        network: Network,
        gateway: Gateway,
        transactions: Transactions,
        *,
        batch: int,
        senders: int = 1,
        reserved: int = 0,
        per_lane: int = 1,
        settle_seconds: float = 3.0,
    ) -> None:
        self.network = network
        self._gateway = gateway
        self._senders = senders
        self._reserved = reserved
        self._sending = Sending(
            network, gateway, transactions, batch=batch, per_lane=per_lane, settle_seconds=settle_seconds
        )
        self._news = threading.Condition()
        self._count = 0

    def run(self, address: str, stop: threading.Event) -> None:
        """Dispatch until `stop`; wait in standby while another process holds the lock; survive a lost database."""
        while not stop.is_set():
            try:
                with psycopg.connect(address, autocommit=True) as connection:
                    self._hold(connection, stop)
            except (psycopg.Error, SQLAlchemyError) as error:
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
        self._send_while_held(connection, stop)

    def _send_while_held(self, connection: psycopg.Connection, stop: threading.Event) -> None:
        over = threading.Event()
        threads = [
            threading.Thread(target=self._serve, args=(over, number < self._reserved), name=f"{self.network}-{number}")
            for number in range(self._senders)
        ]
        for thread in threads:
            thread.start()
        try:
            while not stop.is_set():
                # Fails when the lock is gone together with its session.
                for notice in connection.notifies(timeout=IDLE_SECONDS, stop_after=1):
                    if notice.payload == self.network.value:
                        self._stir()
                connection.execute("SELECT 1")
        finally:
            # Whoever takes the lock next judges what is under way; here it is finished and recorded first.
            over.set()
            self._stir()
            for thread in threads:
                thread.join()

    def _serve(self, over: threading.Event, conversations_only: bool) -> None:
        while not over.is_set():
            seen = self._count
            try:
                pause = self._gateway.pause()
                touched = 0 if pause else self._turn(conversations_only)
            except SQLAlchemyError as error:
                logger.warning("a %s sender lost the database: %s", self.network, type(error).__name__)
                over.wait(STANDBY_SECONDS)
                continue
            except Exception:
                logger.exception("a %s sender failed", self.network)
                over.wait(STANDBY_SECONDS)
                continue
            if touched:
                self._stir()
            elif pause:
                over.wait(min(pause, IDLE_SECONDS))
            else:
                self._rest(seen)

    def _turn(self, conversations_only: bool) -> int:
        if conversations_only:
            return self._sending.send_some(conversations_only=True)
        return self.round()

    def _rest(self, seen: int) -> None:
        due = self._sending.next_due - time.monotonic()
        with self._news:
            if self._count == seen:
                self._news.wait(IDLE_SECONDS if due <= 0 else min(IDLE_SECONDS, due))

    def _stir(self) -> None:
        with self._news:
            self._count += 1
            self._news.notify_all()

    def recover(self) -> int:
        """Judge the rows that a dispatcher which died had under way; answers how many there were."""
        return self._sending.recover()

    def round(self) -> int:
        """Send what may go now and look up what is in doubt; answers how many rows were touched."""
        return self._sending.send_some() + self._sending.prove_some()
