"""Killing the one worker at statements drawn from the seed, again and again, while people talk and trade.

A finer disturbance than that of `faults`: the death comes between two statements of one unit of work, between a call and its record,
between a commit and its being heard. Nothing else is broken. Called by `sandbox.chaos`.
"""

from __future__ import annotations

import os
import random
import signal
import threading
from contextlib import suppress

from sandbox.chaos.faults import WORKERS, Tell
from sandbox.chaos.tap import Tap
from sandbox.stack import Stack

FIRST_STATEMENTS = 40
MOST_STATEMENTS = (200, 900, 6000)
"""Of a worker's life, short or long: the first belong to its start. Were all of them short, nothing but starts would be seen."""
PATIENCE_SECONDS = 30.0


class KillPoints(threading.Thread):
    """Kills and starts again until told to stop; then a worker runs that nobody kills."""

    def __init__(self, stack: Stack, seed: str, tell: Tell) -> None:
        super().__init__(name="kill-points")
        self._stack, self._tell = stack, tell
        self._chance = random.Random(f"{seed}/kill-points")
        self._over, self._dead = threading.Event(), threading.Event()
        self._tap = Tap(stack.environment["DATABASE_URL"])

    def run(self) -> None:
        """Leave one worker, whose statements are counted, and kill it at the one drawn."""
        for name in WORKERS:
            self._stack.processes.stop(name)
        while not self._over.is_set():
            most, heard = self._chance.choice(MOST_STATEMENTS), self._chance.random() < 0.5
            statements = self._chance.randint(FIRST_STATEMENTS, most)
            self._dead.clear()
            self._tap.arm(statements, self._strike, heard=heard)
            self._stack.start_worker(WORKERS[0], database=self._tap.address)
            while not (self._over.is_set() or self._dead.wait(0.1)):
                pass
            if self._dead.is_set():
                self._tell("kill point", statements=statements, heard=heard)
                self._stack.processes.kill(WORKERS[0])

    def _strike(self) -> None:
        with suppress(ProcessLookupError, KeyError):
            os.killpg(self._stack.processes.pid(WORKERS[0]), signal.SIGKILL)
        self._dead.set()

    def stop(self) -> None:
        """End it; the last worker goes on by the straight way."""
        self._over.set()
        self.join(PATIENCE_SECONDS)
        if self._stack.processes.runs(WORKERS[0]):
            self._stack.processes.stop(WORKERS[0])
        self._tap.close()
        for name in WORKERS:
            self._stack.start_worker(name)
