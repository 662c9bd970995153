"""Two web processes and three workers on one database, as on several machines: a short round of chaos, then one each dies for good.

Long rounds are run by hand, see docs/delivery.md.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field

import psycopg
import pytest

from b24app.jobs.dispatching import LOCK_KEYS
from sandbox.chaos.faults import Disturber, Tell
from sandbox.chaos.log import Log
from sandbox.chaos.run import ENVIRONMENT, Disturbance, run
from sandbox.chaos.verdict import Verdict
from sandbox.processes import free_port
from sandbox.stack import Stack
from storage.embedded import EmbeddedServer
from tests.functional.front import Front
from tests.functional.stacks import running
from tests.functional.test_story import database, own

pytestmark = pytest.mark.timeout(400)
SEED = 5
PEOPLE = 4
AFTERWARDS = 8
"""So much at least is said after the deaths began: they came in the middle."""
WEBS = ("web", "web-2")
LEADING = (
    "SELECT objid::int, application_name FROM pg_locks JOIN pg_stat_activity USING (pid)"
    " WHERE locktype = 'advisory' AND granted AND datname = current_database() AND objid = ANY(%s)"
)


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
        with psycopg.connect(self._stack.environment["DATABASE_URL"], autocommit=True) as connection:
            busy_at = accepted(connection) + self._chance.randint(6, 14)
            while not self._over.wait(0.05):
                self.seen.append(leaders(connection))
                leading = self.seen[-1][LOCK_KEYS[self.network]]
                if not self.worker and leading and (before := accepted(connection)) >= busy_at:
                    (self.worker,), self.accepted_before = leading, before
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


def accepted(connection: psycopg.Connection) -> int:
    """Count what was accepted so far."""
    found = connection.execute("SELECT count(*) FROM inbox").fetchone()
    return int(found[0]) if found else 0


def leaders(connection: psycopg.Connection) -> dict[int, set[str]]:
    """Give the processes that hold each network's lock."""
    found: dict[int, set[str]] = {key: set() for key in LOCK_KEYS.values()}
    for key, process in connection.execute(LEADING, [list(found)]).fetchall():
        found[key].add(process)
    return found


@dataclass
class Told:
    """What both rounds left: the verdicts on both worlds, who died, who led when, how much was accepted before and in all, who served."""

    broken: Verdict
    bereft: Verdict
    loss: Loss
    accepted: int
    last: dict[int, set[str]]
    served: list[int] = field(default_factory=list)


@pytest.fixture(scope="module")
def told(postgres: EmbeddedServer, template_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """A round in which everything breaks and comes back, and one with both deaths."""
    address = database(postgres, template_database, "several")
    ports = [free_port(), free_port()]
    losses: list[Loss] = []

    def disturb(stack: Stack, seed: str, tell: Tell) -> Disturbance:
        if seed == f"{SEED}/1":
            return Disturber(stack, seed, tell, lasting=False)
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
        broken, bereft = run(stack, seed=SEED, rounds=2, people=PEOPLE, log=log, disturb=disturb)
        with psycopg.connect(address, autocommit=True) as connection:
            in_all, last = accepted(connection), leaders(connection)
        yield Told(broken, bereft, losses[0], in_all, last, [front.served[port] for port in ports])
    postgres.drop_database(own("several"))


def test_a_round_of_chaos_loses_nothing_and_repeats_nothing(told: Told) -> None:
    """While processes are killed, connections cut and both worlds break, everything said arrives once, in order, or is shown."""
    assert told.broken.holds, told.broken.table()
    assert told.broken.effects > 20


def test_people_notice_nothing_of_the_deaths(told: Told) -> None:
    """Conversations and a lot go through: nothing twice, nothing out of order, nothing lost, although both died in the middle."""
    assert told.bereft.holds, told.bereft.table()
    assert told.bereft.effects > told.broken.effects + 20
    assert 0 < told.loss.accepted_before < told.accepted - AFTERWARDS


def test_one_worker_leads_a_network_and_another_takes_over(told: Told) -> None:
    """At no moment do two workers lead one network; after the leader's death a living one does."""
    assert all(len(names) <= 1 for seen in told.loss.seen for names in seen.values())
    assert all(len(names) == 1 and told.loss.worker not in names for names in told.last.values())


def test_both_web_processes_served(told: Told) -> None:
    """The run was one of two web processes: each took its share until one died."""
    assert min(told.served) > 5
