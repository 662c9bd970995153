"""`make chaos RUNS=n SEED=s`: people talk and trade while everything around them breaks; nothing may be lost or come twice.

Starts both worlds, a web process and two workers, plays the story up to the first conversation undisturbed, then rounds of talk under
faults drawn from the seed. After each round the faults end, everything on its way arrives, and both worlds are compared with what was
said. The log of a run is kept in build/. The short run in the tests is the same program.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg

from sandbox.chaos_faults import WORKERS, Disturber
from sandbox.chaos_people import People
from sandbox.chaos_verdict import Verdict, judge
from sandbox.processes import StartFailed
from sandbox.stack import Options, Stack
from sandbox.story import Story
from sandbox.visitors import Failed, control, until

ACTIONS = 60
QUIET_SECONDS = 180.0
RECOVERY_SECONDS = 70.0
BEFORE_CHAOS = 10
OPEN = (
    "SELECT (SELECT count(*) FROM outbox WHERE state IN ('todo', 'doing', 'proving')),"
    " (SELECT count(*) FROM inbox WHERE state = 'todo')"
)


class Log:
    """The events of a run, a JSON object a line."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._started = time.monotonic()
        path.write_text("")

    def tell(self, event: str, **what: Any) -> None:
        """Add one event."""
        line = {"at": round(time.monotonic() - self._started, 3), "event": event, **what}
        with self._path.open("a") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


class Chaos:
    """One stack and its people through all rounds of a run."""

    def __init__(self, stack: Stack, seed: int, log: Log) -> None:
        self._stack, self._seed, self._log = stack, seed, log
        self._people: People | None = None

    def prepare(self) -> None:
        """Play the story until two people talk, and start the second worker."""
        for title, chapter in Story(self._stack).chapters()[:BEFORE_CHAOS]:
            self._log.tell("chapter", title=title)
            chapter()
        for name in WORKERS[1:]:
            self._stack.start_worker(name)

    def round(self, number: int, actions: int) -> Verdict:
        """Talk under faults, let everything arrive, compare."""
        self._log.tell("round", number=number)
        disturber = Disturber(self._stack, self._seed * 1000 + number, self._log.tell)
        people = self._people_for(disturber)
        disturber.start()
        try:
            people.act(random.Random(self._seed * 7919 + number), actions)
        finally:
            disturber.stop()
        self._wait_until_quiet()
        verdict = judge(self._stack, people.said)
        if verdict.lost:
            # What the portal told nobody while the web process was down is read back within a minute.
            self._log.tell("waits", lost=verdict.lost)
            time.sleep(RECOVERY_SECONDS)
            self._wait_until_quiet()
            verdict = judge(self._stack, people.said)
        self._log.tell("verdict", number=number, table=verdict.table())
        return verdict

    def _people_for(self, disturber: Disturber) -> People:
        address = f"{self._stack.portal_url}/sandbox/openlines"
        chat = str(control("GET", address)["dialogs"][0]["chat_id"])
        people = People(self._stack, chat, disturber.web, self._log.tell)
        if self._people is not None:
            people.said = self._people.said
        self._people = people
        return people

    def _wait_until_quiet(self) -> None:
        def quiet() -> bool:
            info = control("GET", f"{self._stack.telegram_url}/bot{self._stack.bot_token}/getWebhookInfo")
            with suppress(psycopg.Error), psycopg.connect(self._stack.environment["DATABASE_URL"]) as connection:
                return not info["result"]["pending_update_count"] and connection.execute(OPEN).fetchone() == (0, 0)
            return False

        until("everything to arrive", quiet, QUIET_SECONDS)


def run(stack: Stack, *, seed: int, rounds: int, actions: int, log: Log) -> list[Verdict]:
    """Play a whole run on a started stack; the verdict of each round, about everything said so far."""
    chaos = Chaos(stack, seed, log)
    chaos.prepare()
    return [chaos.round(number, actions) for number in range(1, rounds + 1)]


def main(arguments: list[str]) -> int:
    """Run the command; answers the exit status."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.chaos", description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="rounds of talk under faults")
    parser.add_argument("--seed", type=int, default=1, help="what everything is drawn from")
    parser.add_argument("--actions", type=int, default=ACTIONS, help="texts and lots in a round")
    parsed = parser.parse_args(arguments)
    log = Log(Path("build") / f"chaos-{parsed.seed}.jsonl")
    with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
        environment = {"STALLED_AFTER_SECONDS": "2"}
        options = Options(folder=Path(folder), database=f"chaos_{os.getpid()}", environment=environment)
        try:
            with Stack(options) as stack:
                verdicts = run(stack, seed=parsed.seed, rounds=parsed.runs, actions=parsed.actions, log=log)
        except (Failed, StartFailed) as error:
            sys.stderr.write(f"Chaos broke off: {error}\n")
            return 1
    sys.stdout.write(f"seed {parsed.seed}, {parsed.runs} rounds\n{verdicts[-1].table()}\n")
    return 0 if all(verdict.holds for verdict in verdicts) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
