"""What goes wrong during a round of chaos: switches of both worlds, killed processes, cut database connections.

Everything is drawn from the round's seed before the round begins. Called by `sandbox.chaos`.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import psycopg

from sandbox.processes import StartFailed
from sandbox.stack import Stack
from sandbox.visitors import control

Rule = dict[str, Any]
Tell = Callable[..., None]
WORKERS = ("worker", "worker-2")
WEIGHTS = (8, 3, 1, 2)
FIRST_START_SECONDS = 2.0
STARTS_BETWEEN_DEATHS = 2.0
SHARE_OF_LASTING = 0.15
TRIES_SECONDS = 90
SILENCE_SECONDS = 30.0
"""Longer than the application waits for an answer: a call that took effect and is never heard of again."""
CUT = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


def portal_rules(chance: random.Random) -> list[Rule]:
    """Give the switches of the portal for a while: most calls pass, some do not, some only seem not to."""
    broken: list[Rule] = [
        {"match": {"method": "batch"}, "action": "drop_before"},
        {"match": {"method": "batch"}, "action": "drop_after"},
        {"match": {"method": "batch"}, "action": "status", "status": 502},
        {"match": {"method": "batch"}, "action": "garbage"},
        {"match": {"method": "batch"}, "action": "truncate"},
        {"match": {"method": "batch"}, "action": "queue_limit"},
        {"match": {"method": "batch"}, "action": "expire_token"},
        {"match": {"method": "batch"}, "action": "status", "status": 503},
        {"match": {"method": "batch"}, "action": "status", "status": 504},
        {"match": {"method": "batch"}, "action": "slow", "seconds": 2.0},
        {"match": {"method": "batch"}, "action": "slow", "seconds": 5.0},
        {"match": {"method": "imopenlines.session.history.get"}, "action": "drop_before"},
        {"match": {"method": "crm.timeline.comment.add", "direction": "batch"}, "action": "error", "status": 500},
        {"match": {"method": "imconnector.send.messages", "direction": "batch"}, "action": "error", "status": 500},
        {"match": {"method": "onimconnectormessageadd", "direction": "out"}, "action": "duplicate"},
        {"match": {"method": "on*", "direction": "out"}, "action": "overtaken", "seconds": 0.5},
        {"match": {"method": "oauth.token"}, "action": "drop_before"},
    ]
    return _some(chance, broken, (0.1, 0.2, 0.4))


def telegram_rules(chance: random.Random) -> list[Rule]:
    """Give the switches of Telegram for a while."""
    broken: list[Rule] = [
        {"match": {"method": "sendMessage"}, "action": "drop_before"},
        {"match": {"method": "sendMessage"}, "action": "drop_after"},
        {"match": {"method": "sendMessage"}, "action": "status", "status": 502},
        {"match": {"method": "sendMessage"}, "action": "garbage"},
        {"match": {"method": "sendMessage"}, "action": "retry_after", "seconds": 1},
        {"match": {"method": "sendMessage"}, "action": "slow", "seconds": 1.0},
        {"match": {"method": "message", "direction": "out"}, "action": "overtaken", "seconds": 0.2},
        {"match": {"method": "message", "direction": "out"}, "action": "duplicate"},
        {"match": {"method": "message", "direction": "out"}, "action": "drop_after"},
        {"match": {"method": "message", "direction": "out"}, "action": "drop_before"},
    ]
    # A send to Telegram that is left in doubt proves nothing any more, so most of them are to pass.
    return _some(chance, broken, (0.03, 0.1, 0.2))


def lasting_rule(chance: random.Random) -> tuple[str, Rule]:
    """Give one switch that holds something up for long, and whose it is: an answer that never comes, a method used up."""
    silent = {"action": "silence", "seconds": SILENCE_SECONDS, "times": 1}
    used_up = {"action": "operating_limit", "times": 1}
    return chance.choice(
        [
            ("portal", {"match": {"method": "batch"}, **silent}),
            ("portal", {"match": {"method": "imconnector.send.messages", "direction": "batch"}, **used_up}),
            ("portal", {"match": {"method": "crm.item.*", "direction": "batch"}, **used_up}),
            ("telegram", {"match": {"method": "sendMessage"}, **silent}),
        ]
    )


def _some(chance: random.Random, rules: list[Rule], probabilities: Sequence[float]) -> list[Rule]:
    chosen = chance.sample(rules, k=chance.randint(2, 4))
    return [{**rule, "probability": chance.choice(probabilities), "seed": chance.randrange(10_000)} for rule in chosen]


class Disturber(threading.Thread):
    """Changes the switches, kills and cuts, until told to stop; then everything runs and nothing is broken any more.

    Without `lasting` nothing is held up for as long as half a minute.
    """

    def __init__(self, stack: Stack, seed: str, tell: Tell, *, lasting: bool = True) -> None:
        super().__init__(name="disturber")
        self._lasting = lasting
        self._stack, self._tell = stack, tell
        self._chance = random.Random(f"{seed}/faults")
        self._switching = random.Random(f"{seed}/switches")
        self._start_seconds = FIRST_START_SECONDS
        self._spared_until = 0.0
        self._over = threading.Event()

    def run(self) -> None:
        """Disturb every few seconds. The first death tells how long a process takes to start here: no other comes before it could work."""
        self._kill_web()
        acts = [self._switches, self._kill_worker, self._kill_web, self._cut_database]
        while not self._over.wait(self._chance.uniform(0.5, 3.5)):
            act = self._chance.choices(acts, weights=WEIGHTS)[0]
            with suppress(psycopg.Error, StartFailed):
                act()
                self._restart_fallen()

    def stop(self) -> None:
        """End the disturbance."""
        self._over.set()
        self.join()
        for world in (self._stack.portal_url, self._stack.telegram_url):
            control("POST", f"{world}/sandbox/faults", {"rules": []})
        self._restart_fallen()
        # Ends the growing pauses between Telegram's own tries to reach us; its people live in the present all the same.
        for seconds in (TRIES_SECONDS, -TRIES_SECONDS):
            control("POST", f"{self._stack.telegram_url}/sandbox/clock", {"advance_seconds": seconds})

    def _switches(self) -> None:
        portal, telegram = portal_rules(self._switching), telegram_rules(self._switching)
        if self._lasting and self._switching.random() < SHARE_OF_LASTING:
            world, rule = lasting_rule(self._switching)
            (portal if world == "portal" else telegram).insert(0, rule)
        self._tell("switches", portal=portal, telegram=telegram)
        control("POST", f"{self._stack.portal_url}/sandbox/faults", {"rules": portal})
        control("POST", f"{self._stack.telegram_url}/sandbox/faults", {"rules": telegram})

    def _is_spared(self) -> bool:
        """Tell whether the last death is too fresh: whoever is killed while starting is not killed at work."""
        now = time.monotonic()
        if now < self._spared_until:
            return True
        self._spared_until = now + STARTS_BETWEEN_DEATHS * self._start_seconds
        return False

    def _kill_worker(self) -> None:
        name, pause = self._chance.choice(WORKERS), self._chance.uniform(0.0, 0.5)
        if self._is_spared():
            return
        self._tell("kill", process=name)
        self._stack.kill_worker(name)
        time.sleep(pause)
        self._stack.start_worker(name)

    def _kill_web(self) -> None:
        if self._is_spared():
            return
        self._tell("kill", process="web")
        self._stack.processes.kill("web")
        began = time.monotonic()
        with suppress(StartFailed):
            self._stack.start_web()
        self._start_seconds = time.monotonic() - began

    def _cut_database(self) -> None:
        with psycopg.connect(self._stack.environment["DATABASE_URL"], autocommit=True) as connection:
            cut = connection.execute(CUT).fetchone()
        self._tell("cut", connections=cut[0] if cut else 0)

    def _restart_fallen(self) -> None:
        # As a service manager would.
        for name in self._stack.processes.fallen():
            self._tell("fell", process=name)
            if name.startswith("worker"):
                self._stack.start_worker(name)
            elif name == "web":
                self._stack.start_web()
