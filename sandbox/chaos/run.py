"""One run: both worlds, a web process and two workers; rounds in which many people act at once under faults drawn from the seed.

After each round the faults end, everything on its way arrives, and both worlds are compared with everything that was said so far.
Called by the command and by the short run in the tests.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Protocol

import psycopg

from sandbox.chaos.administrator import Administrator
from sandbox.chaos.cast import Cast, Casting
from sandbox.chaos.faults import WORKERS, Disturber, Tell
from sandbox.chaos.ledger import Ledger
from sandbox.chaos.log import Log
from sandbox.chaos.people import Office
from sandbox.chaos.scripts import GuestScript, TradeScript
from sandbox.chaos.verdict import Verdict, judge
from sandbox.stack import Stack
from sandbox.visitors import Failed, control, until

AT_ONCE = 100
QUIET_SECONDS = 600.0
RECOVERY_SECONDS = 70.0
LOOK_SECONDS = 2.0
ENVIRONMENT = {
    "STALLED_AFTER_SECONDS": "2",
    "TELEGRAM_RATE_PER_SECOND": "1000",
    "BITRIX_RATE_PER_SECOND": "200",
    "BITRIX_RATE_BURST": "2000",
    "LONGEST_CALL_SECONDS": "8",
}
"""The worlds have no limits in a run, and no call lasts longer than six seconds: what is to be seen is order and loss, not pace."""
OPEN = (
    "SELECT (SELECT count(*) FROM outbox WHERE state IN ('todo', 'doing', 'proving')),"
    " (SELECT count(*) FROM inbox WHERE state = 'todo')"
)


class Disturbance(Protocol):
    """What goes wrong during a round; after `stop` nothing is broken any more."""

    def start(self) -> None:
        """Begin."""

    def stop(self) -> None:
        """End, and wait for the end."""


Disturb = Callable[[Stack, str, Tell], Disturbance]


class Chaos:
    """One stack and its people through all rounds of a run."""

    def __init__(self, stack: Stack, seed: int, log: Log, disturb: Disturb = Disturber) -> None:
        self._stack, self._seed, self._log, self._disturb = stack, seed, log, disturb
        self._casting = Casting(seed)
        self._ledger = Ledger()
        self._office = Office(stack)
        self._chats: list[str] = []
        self._administrator = Administrator(stack, log.tell)

    def prepare(self) -> None:
        """Install the application, undisturbed, and start the second worker."""
        self._stack.install()
        for name in WORKERS[1:]:
            self._stack.start_worker(name)
        self._administrator.start()

    def finish(self) -> None:
        """Send everybody home."""
        self._administrator.stop()

    def round(self, number: int, people: int) -> Verdict:
        """Let everybody act under faults, let everything arrive, compare."""
        cast = self._casting.cast(number, people)
        self._log.tell("round", number=number, guests=len(cast.guests), trades=len(cast.trades))
        disturber = self._disturb(self._stack, f"{self._seed}/{number}", self._log.tell)
        disturber.start()
        try:
            self._play(cast, f"{self._seed}/{number}")
        finally:
            disturber.stop()
        self._log.tell("calm", number=number)
        self._wait_until_quiet()
        verdict = judge(self._stack, self._ledger, self._chats)
        if verdict.lost:
            verdict = self._read_back(verdict)
        verdict.reopened = self._administrator.reopened
        self._log.tell("verdict", number=number, table=verdict.table())
        return verdict

    def _read_back(self, verdict: Verdict) -> Verdict:
        """Let the application find what the portal told while nobody heard it: a worker looks when it starts, and every minute."""
        self._log.tell("waits", lost=verdict.lost)
        awake = next(name for name in WORKERS if self._stack.processes.runs(name))
        self._stack.processes.stop(awake)
        self._stack.start_worker(awake)
        deadline = time.monotonic() + RECOVERY_SECONDS
        while verdict.lost and time.monotonic() < deadline:
            time.sleep(LOOK_SECONDS)
            self._wait_until_quiet()
            verdict = judge(self._stack, self._ledger, self._chats)
        return verdict

    def _play(self, cast: Cast, seed: str) -> None:
        common = (self._stack, self._office, self._ledger)
        # Trades take longest, so they begin first.
        scripts = [TradeScript(*common, trade, f"{seed}/{trade.lot}").play for trade in cast.trades]
        scripts += [GuestScript(*common, guest, f"{seed}/{guest.person.company}").play for guest in cast.guests]
        everybody = [guest.person for guest in cast.guests]
        everybody += [person for trade in cast.trades for person in (trade.buyer, trade.factory)]
        self._chats += [str(person.telegram_id) for person in everybody]
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="person") as threads:
            for _ in threads.map(self._surely, scripts):
                pass

    def _surely(self, play: Callable[[], None]) -> None:
        try:
            play()
        except Failed as error:
            self._log.tell("stuck", why=str(error))
            self._ledger.stuck.append(str(error))

    def _wait_until_quiet(self) -> None:
        def quiet() -> bool:
            info = control("GET", f"{self._stack.telegram_url}/bot{self._stack.bot_token}/getWebhookInfo")
            with suppress(psycopg.Error), psycopg.connect(self._stack.environment["DATABASE_URL"]) as connection:
                left = connection.execute(OPEN).fetchone()
                return not info["result"]["pending_update_count"] and left == (0, 0)
            return False

        until("everything to arrive", quiet, QUIET_SECONDS)


def run(stack: Stack, *, seed: int, rounds: int, people: int, log: Log, disturb: Disturb = Disturber) -> list[Verdict]:
    """Play a whole run on a started stack; the verdict of each round, about everything said so far."""
    chaos = Chaos(stack, seed, log, disturb)
    chaos.prepare()
    try:
        return [chaos.round(number, people) for number in range(1, rounds + 1)]
    finally:
        chaos.finish()
