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
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session

from b24app.domain.deliveries import NotifyUser, SendChatMessage
from sandbox.stack import Stack
from sandbox.story import Story, play
from sandbox.telegram.demo import ABC_DIRECTOR, IVAN
from sandbox.traffic import faults_in
from sandbox.visitors import Failed, control, send
from sandbox.witness import Witness
from storage.embedded import EmbeddedServer
from storage.models import OutboxRow, Portal
from storage.sealing import keyring
from storage.unit_of_work import Transactions
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
    logs: str = ""
    errors: list[str] = field(default_factory=list)
    secrets: dict[str, str] = field(default_factory=dict)


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
    with running(address, record=recordings, environment={"LOG_LEVEL": "DEBUG"}) as stack:
        play(stack, told.lines.append)
        outcome(stack, told)
        told.secrets = secrets_of(stack)
        told.errors = lose_both_worlds(stack)
        told.logs = "".join(
            (stack.options.folder / f"{name}.log").read_text(errors="replace") for name in ("web", "worker")
        )
        yield told
    postgres.drop_database(own("story_undisturbed"))


def secrets_of(stack: Stack) -> dict[str, str]:
    """Give what must stay unknown to readers of logs, by its name; of what is renewed, the latest."""
    found = {name: stack.environment[name] for name in ("TELEGRAM_BOT_TOKEN", "SECRET_KEYS", "BITRIX_CLIENT_SECRET")}
    found["initData"] = stack.telegrammer(IVAN).act("open_webapp", menu=True)["init_data"]
    for shown in (found["initData"], found["initData"] + "0"):  # One that is accepted and one that is refused.
        send("POST", f"{stack.app_url}/app/session", body={"init_data": shown})
    found["initData's hash"] = found["initData"].partition("hash=")[2].partition("&")[0]
    keyring.use([stack.environment["SECRET_KEYS"]])
    engine = create_engine(stack.environment["DATABASE_URL"].replace("postgresql:", "postgresql+psycopg:", 1))
    with Session(engine) as session:
        portal = session.scalars(select(Portal)).one()
        for name in ("access_token", "refresh_token", "application_token"):
            found[name] = getattr(portal, name)
    engine.dispose()
    return found


def lose_both_worlds(stack: Stack) -> list[str]:
    """Let calls fail for want of a network, where a library's own words hold the address it called; answers what rows keep of it."""
    stack.processes.kill("portal")
    stack.processes.kill("telegram")
    engine = create_engine(stack.environment["DATABASE_URL"].replace("postgresql:", "postgresql+psycopg:", 1))
    with Transactions(engine)() as uow:
        keys = [
            uow.send(SendChatMessage(chat_id=str(IVAN), text="nobody listens")),
            uow.send(NotifyUser(user_id="1", text="nobody listens", tag="lost")),
        ]
    deadline = time.monotonic() + 20
    kept = select(OutboxRow.error).where(OutboxRow.key.in_(keys), OutboxRow.error.is_not(None))
    errors: list[str] = []
    while len(errors) < len(keys) and time.monotonic() < deadline:
        time.sleep(0.2)
        with Session(engine) as session:
            errors = [str(error) for error in session.scalars(kept)]
    engine.dispose()
    return errors


def test_no_secret_reaches_the_logs(undisturbed: Told) -> None:
    """Neither a log at its most talkative nor the reasons that the health page shows hold a token, a key or initData."""
    assert "refused launch data" in undisturbed.logs
    assert len(undisturbed.errors) == 2
    assert all(len(secret) > 15 for secret in undisturbed.secrets.values())
    written = undisturbed.logs + "".join(undisturbed.errors)
    assert [name for name, secret in undisturbed.secrets.items() if secret in written] == []


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
        others = {name: (set(reading["choices"]) - {reading["chosen"]}).pop() for name, reading in known.items()}
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
