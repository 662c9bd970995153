"""Two web processes and three workers on one database, as on several machines, of which one each dies in the middle."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field

import psycopg
import pytest

from b24app.jobs.dispatching import LOCK_KEYS
from sandbox.chaos.faults import Tell
from sandbox.chaos.log import Log
from sandbox.chaos.run import ENVIRONMENT, run
from sandbox.chaos.verdict import Verdict
from sandbox.processes import free_port
from sandbox.stack import Stack
from storage.embedded import EmbeddedServer
from tests.functional.front import Front
from tests.functional.stacks import running
from tests.functional.test_story import database, own

SEED = 5
AFTERWARDS = 8
"""So much at least is said after the deaths began: they came in the middle."""
WEBS = ("web", "web-2")
LEADING = (
    "SELECT objid::int, application_name FROM pg_locks JOIN pg_stat_activity USING (pid)"
    " WHERE locktype = 'advisory' AND granted AND datname = current_database() AND objid = ANY(%s)"
)
ACCEPTED = "SELECT count(*) FROM inbox"


class Loss(threading.Thread):
    """Waits until people are busy, then kills the worker that leads a network drawn from the seed, and a web process; for good."""

    def __init__(self, stack: Stack, seed: str, tell: Tell) -> None:
        super().__init__(name="loss")
        self._stack, self._tell = stack, tell
        self._chance = random.Random(f"{seed}/loss")
        self._over = threading.Event()
        self.network = self._chance.choice(sorted(LOCK_KEYS))
        self.web = self._chance.choice(WEBS)
        self.worker = ""
        self.accepted_before = 0
        self.seen: list[dict[int, set[str]]] = []

    def run(self) -> None:
        """Kill each once, and look all the time who leads."""
        busy_at = self._chance.randint(6, 14)
        with psycopg.connect(self._stack.environment["DATABASE_URL"], autocommit=True) as connection:
            while not self._over.wait(0.05):
                self.seen.append(leaders(connection))
                accepted = connection.execute(ACCEPTED).fetchone()
                leading = self.seen[-1][LOCK_KEYS[self.network]]
                if not self.worker and leading and accepted and accepted[0] >= busy_at:
                    (self.worker,), self.accepted_before = leading, accepted[0]
                    self._kill()

    def _kill(self) -> None:
        for process in (self.worker, self.web):
            self._tell("kill", process=process)
            self._stack.processes.kill(process)
            self._over.wait(self._chance.uniform(0.2, 1.0))

    def stop(self) -> None:
        """End the watch; the dead stay dead."""
        self._over.set()
        self.join()


def leaders(connection: psycopg.Connection) -> dict[int, set[str]]:
    """Give the processes that hold each network's lock."""
    found: dict[int, set[str]] = {key: set() for key in LOCK_KEYS.values()}
    for key, process in connection.execute(LEADING, [list(found)]).fetchall():
        found[key].add(process)
    return found


@dataclass
class Told:
    """What a run left: the verdict on both worlds, who died, who led when, how much was accepted before and in all, who served."""

    verdict: Verdict
    loss: Loss
    accepted: int
    last: dict[int, set[str]]
    served: list[int] = field(default_factory=list)


@pytest.fixture(scope="module")
def told(postgres: EmbeddedServer, template_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """One run with both deaths."""
    address = database(postgres, template_database, "several")
    ports = [free_port(), free_port()]
    losses: list[Loss] = []

    def lose(stack: Stack, seed: str, tell: Tell) -> Loss:
        losses.append(Loss(stack, seed, tell))
        return losses[0]

    log = Log(tmp_path_factory.mktemp("several") / "several.jsonl")
    with (
        closing(log),
        Front(ports) as front,
        running(address, environment=ENVIRONMENT, app_port=front.port, web_port=ports[0]) as stack,
    ):
        stack.start_web(WEBS[1], port=ports[1])
        stack.start_worker("worker-3")
        (verdict,) = run(stack, seed=SEED, rounds=1, people=4, log=log, disturb=lose)
        with psycopg.connect(address, autocommit=True) as connection:
            accepted = connection.execute(ACCEPTED).fetchone()
            last = leaders(connection)
        assert accepted
        yield Told(verdict, losses[0], accepted[0], last, [front.served[port] for port in ports])
    postgres.drop_database(own("several"))


def test_people_notice_nothing_of_the_deaths(told: Told) -> None:
    """Conversations and a lot go through: nothing twice, nothing out of order, nothing lost, although both died in the middle."""
    assert told.verdict.holds, told.verdict.table()
    assert told.verdict.effects > 20
    assert 0 < told.loss.accepted_before < told.accepted - AFTERWARDS


def test_one_worker_leads_a_network_and_another_takes_over(told: Told) -> None:
    """At no moment do two workers lead one network; after the leader's death a living one does."""
    assert all(len(names) <= 1 for seen in told.loss.seen for names in seen.values())
    assert all(len(names) == 1 and told.loss.worker not in names for names in told.last.values())


def test_both_web_processes_served(told: Told) -> None:
    """The run was one of two web processes: each took its share until one died."""
    assert min(told.served) > 5
