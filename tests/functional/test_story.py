"""The main story, once undisturbed and once with a worker that is killed again and again."""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from sandbox.stack import Stack
from sandbox.story import Story, play
from sandbox.telegram.demo import ABC_DIRECTOR, IVAN
from sandbox.traffic import faults_in
from sandbox.visitors import Failed, control
from sandbox.witness import Witness
from storage.embedded import EmbeddedServer
from tests.functional.stacks import running

PEOPLE = (IVAN, ABC_DIRECTOR)
KILLS = 5


@dataclass
class Told:
    """A story that was told: what was said of it, what both worlds held at its end, and every outgoing row's state."""

    lines: list[str] = field(default_factory=list)
    picture: dict[str, Any] = field(default_factory=dict)
    states: dict[str, int] = field(default_factory=dict)
    poison: int = 0


def database(postgres: EmbeddedServer, template: str, name: str) -> str:
    """Clone a migrated database for this test process; answers its address."""
    postgres.drop_database(own(name))
    postgres.create_database(own(name), template=template)
    return postgres.address(own(name))


def own(name: str) -> str:
    """Give the name as no other test process has it."""
    return f"{name}_{os.getpid()}"


def outcome(stack: Stack, told: Told) -> Told:
    """Wait until nothing is on its way any more, then note what there is."""
    engine = create_engine(stack.environment["DATABASE_URL"].replace("postgresql:", "postgresql+psycopg:", 1))
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with engine.connect() as connection:
            rows = connection.execute(text("SELECT state, count(*) FROM outbox GROUP BY state")).all()
            told.states = dict(rows)
            told.poison = connection.execute(text("SELECT count(*) FROM inbox WHERE state <> 'done'")).scalar_one()
        if not told.states.keys() & {"todo", "doing", "proving"} and not told.poison:
            break
        time.sleep(0.2)
    engine.dispose()
    told.picture = Witness(stack).picture(PEOPLE)
    return told


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the undisturbed story leaves what both worlds were asked."""
    return tmp_path_factory.mktemp("recordings")


@pytest.fixture(scope="module")
def undisturbed(postgres: EmbeddedServer, template_database: str, recordings: Path) -> Iterator[Told]:
    """The story as it goes when nothing fails."""
    address = database(postgres, template_database, "story_undisturbed")
    told = Told()
    with running(address, record=recordings) as stack:
        play(stack, told.lines.append)
        yield outcome(stack, told)
    postgres.drop_database(own("story_undisturbed"))


def test_the_main_story_holds(undisturbed: Told) -> None:
    """From an empty portal to an awarded order: every chapter finds in both worlds what it promises, and nothing is left over."""
    assert len([line for line in undisturbed.lines if not line.startswith(" " * 6)]) == len(chapters())
    assert (set(undisturbed.states), undisturbed.poison) == ({"done"}, 0)


def chapters() -> list[str]:
    """Give the titles of the story."""
    return [title for title, _ in Story.chapters(Story.__new__(Story))]


@pytest.mark.parametrize("world", ["portal", "telegram"])
def test_every_call_of_the_story_is_documented(undisturbed: Told, recordings: Path, world: str) -> None:
    """No call uses an unknown or deprecated method, leaves out a required parameter or sends an undocumented one."""
    assert undisturbed.picture
    assert faults_in(recordings / f"{world}.jsonl") == []


def test_the_story_holds_with_the_other_readings(
    undisturbed: Told, postgres: EmbeddedServer, template_database: str
) -> None:
    """Where the documentation is open, the portal reads all of it the other way: the story still ends the same."""
    address = database(postgres, template_database, "story_readings")
    told = Told()
    with running(address) as stack:
        known = control("GET", f"{stack.portal_url}/sandbox/readings")
        others = {name: reading["choices"][-1] for name, reading in known.items()}
        assert all(choice != known[name]["chosen"] for name, choice in others.items())
        control("POST", f"{stack.portal_url}/sandbox/readings", others)
        play(stack, told.lines.append)
        outcome(stack, told)
    postgres.drop_database(own("story_readings"))
    assert (set(told.states), told.poison) == ({"done"}, 0)
    assert told.picture == undisturbed.picture


class Killer(threading.Thread):
    """Kills the worker a moment after a chapter began, and starts another."""

    def __init__(self, stack: Stack, seed: int) -> None:
        super().__init__()
        self._stack, self._chance = stack, random.Random(seed)
        self._begun, self._over = threading.Event(), threading.Event()
        self.kills = 0

    def begin(self) -> None:
        """Tell that a chapter begins."""
        self._begun.set()

    def stop(self) -> None:
        """End; a worker is running afterwards."""
        self._over.set()
        self._begun.set()
        self.join()

    def run(self) -> None:
        """Kill once for each chapter begun, at most KILLS times."""
        while not self._over.is_set() and self.kills < KILLS:
            self._begun.wait()
            self._begun.clear()
            if self._over.is_set():
                return
            time.sleep(self._chance.uniform(0.02, 0.5))
            self._stack.kill_worker()
            self.kills += 1
            self._stack.start_worker()


class AttentiveManager(threading.Thread):
    """Watches what is shown as unconfirmed, looks into the chat whether it arrived, and presses the button that is true."""

    def __init__(self, stack: Stack) -> None:
        super().__init__()
        self._stack, self._over = stack, threading.Event()
        self.decided = 0

    def stop(self) -> None:
        """End after the next look."""
        self._over.set()
        self.join()

    def run(self) -> None:
        """Decide every unconfirmed row once."""
        engine = create_engine(self._stack.environment["DATABASE_URL"].replace("postgresql:", "postgresql+psycopg:", 1))
        while not self._over.wait(0.3):
            with engine.connect() as connection:
                rows = connection.execute(text("SELECT id, payload FROM outbox WHERE state = 'uncertain'")).all()
            for row_id, payload in rows:
                self._decide(int(row_id), payload)
        engine.dispose()

    def _decide(self, row_id: int, payload: dict[str, Any]) -> None:
        seen = Witness(self._stack).bot_texts(int(payload["chat_id"]))
        plain = "".join(c for c in str(payload.get("text", "")) if c.isalnum())[-40:]
        arrived = any("".join(c for c in text if c.isalnum()).endswith(plain) for text in seen)
        frame = self._stack.employee().open("LEFT_MENU")
        answer = frame.post(f"/placements/act/{'confirm' if arrived else 'retry'}_delivery", {"row_id": row_id})
        if answer.status == 200:
            self.decided += 1


def test_a_killed_worker_loses_nothing_and_repeats_nothing(
    undisturbed: Told, postgres: EmbeddedServer, template_database: str
) -> None:
    """Killed in the middle of five chapters and started again, the story ends with both worlds holding exactly the same."""
    address = database(postgres, template_database, "story_killed")
    told = Told()
    with running(address) as stack:
        Story(stack).install()
        killer, manager = Killer(stack, seed=7), AttentiveManager(stack)
        killer.start()
        manager.start()
        try:
            story = Story(stack)
            for title, chapter in story.chapters()[1:]:
                killer.begin()
                told.lines.append(f"{title}: {chapter()}")
        except Failed as error:
            pytest.fail(f"{error}\n{stack.processes.log_end('worker')}")
        finally:
            killer.stop()
            manager.stop()
        outcome(stack, told)
    postgres.drop_database(own("story_killed"))
    assert killer.kills == KILLS
    assert told.picture == undisturbed.picture
