"""The one place in the cluster that carries a network's outbox rows outside.

Started by the worker once per network. A session-level advisory lock keeps every other dispatcher of that network waiting
and is freed by the server when its holder dies; while it is held, several senders work side by side, each on lanes of its own.
Knows a network only through its gateway; what a sender does with rows is in `sending`.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from b24app.domain.delivery import Network
from b24app.domain.outcomes import Envelope
from b24app.jobs.sending import Gateway, Pace, Sending
from storage import outbox
from storage.engines import ALIVE
from storage.unit_of_work import Transactions

logger = logging.getLogger(__name__)

LOCK_KEYS = {Network.BITRIX24: 7_312_011, Network.TELEGRAM: 7_312_012}
IDLE_SECONDS = 1.0
STANDBY_SECONDS = 1.0
Result = TypeVar("Result")


class Dispatcher:
    """Drains one network with `senders` threads; the last `reserved` that are free take nothing but conversations."""

    def __init__(
        self,
        network: Network,
        gateway: Gateway,
        transactions: Transactions,
        pace: Pace,
        *,
        senders: int = 1,
        reserved: int = 0,
    ) -> None:
        self.network = network
        self._gateway = gateway
        self._senders = senders
        self._reserved = reserved
        self._sending = Sending(network, gateway, transactions, pace)
        self._looking = threading.Lock()
        self._news = threading.Condition()
        self._count = 0
        self._nothing_at = -1
        self._busy = 0

    def run(self, address: str, stop: threading.Event) -> None:
        """Dispatch until `stop`; wait in standby while another process holds the lock; survive a lost database."""
        while not stop.is_set():
            try:
                with psycopg.connect(address, autocommit=True, **ALIVE) as connection:
                    self._hold(connection, stop)
            except (psycopg.Error, SQLAlchemyError) as error:
                logger.warning("the %s dispatcher lost the database: %s", self.network, type(error).__name__)
                stop.wait(STANDBY_SECONDS)
            except Exception:
                # Whatever it was: without this thread nothing would ever be sent again, and the process would look alive.
                logger.exception("the %s dispatcher failed", self.network)
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
        self._sending.recover()
        self._send_while_held(connection, stop)

    def _send_while_held(self, connection: psycopg.Connection, stop: threading.Event) -> None:
        over = threading.Event()
        threads = [
            threading.Thread(target=self._serve, args=(over,), name=f"{self.network}-{number}")
            for number in range(self._senders)
        ]
        threads.append(threading.Thread(target=self._prove, args=(over,), name=f"{self.network}-proving"))
        for thread in threads:
            thread.start()
        try:
            self._listen(connection, stop)
        finally:
            # Whoever takes the lock next judges what is under way; here it is finished and recorded first.
            over.set()
            self._stir()
            for thread in threads:
                thread.join()

    def _listen(self, connection: psycopg.Connection, stop: threading.Event) -> None:
        """Wake the senders at each notice; fails when the lock is gone together with its session."""
        while not stop.is_set():
            for notice in connection.notifies(timeout=IDLE_SECONDS, stop_after=1):
                if notice.payload == self.network.value:
                    self._stir()
            connection.execute("SELECT 1")

    def _serve(self, over: threading.Event) -> None:
        while not over.is_set():
            taken = self._guarded(over, partial(self._look, over))
            if taken:
                self._guarded(over, partial(self._sending.carry, taken))
                self._set_busy(-1)

    def _prove(self, over: threading.Event) -> None:
        # A lane's doubts are cleared one after the other: after a crash nobody should wait a second for each, or for the first.
        judged: int | None = 1
        while not over.wait(0.0 if judged else IDLE_SECONDS):
            judged = self._guarded(over, self._sending.prove_some)
            if judged:
                self._stir()

    def _guarded(self, over: threading.Event, step: Callable[[], Result]) -> Result | None:
        """Take a step and survive whatever it raises; answers None then."""
        try:
            return step()
        except SQLAlchemyError as error:
            logger.warning("a %s sender lost the database: %s", self.network, type(error).__name__)
        except Exception:
            logger.exception("a %s sender failed", self.network)
        over.wait(STANDBY_SECONDS)
        return None

    def _look(self, over: threading.Event) -> list[Envelope]:
        """Wait for rows and take them; nothing when there were none for a while.

        One sender looks while the others send or stand in line: a wake-up of all of them for each message would cost more than the message.
        """
        with self._looking:
            seen = self._count
            if seen == self._nothing_at:
                self._rest(seen)
                seen = self._count
            pause = self._gateway.pause()
            if pause or over.is_set():
                over.wait(min(pause, IDLE_SECONDS))
                return []
            taken = self._sending.take(conversations_only=self._busy >= self._senders - self._reserved)
            # Until there is news, a second look would find nothing.
            self._nothing_at = -1 if taken.more else seen
            if taken.envelopes:
                self._set_busy(+1)
            return taken.envelopes

    def _set_busy(self, change: int) -> None:
        with self._news:
            self._busy += change
        if change < 0:
            self._stir()

    def _rest(self, seen: int) -> None:
        due = self._sending.next_due - time.monotonic()
        with self._news:
            if self._count == seen:
                self._news.wait(IDLE_SECONDS if due <= 0 else min(IDLE_SECONDS, due))

    def _stir(self) -> None:
        with self._news:
            self._count += 1
            self._news.notify_all()
