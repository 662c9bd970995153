"""How much memory the web and the worker processes hold while a hundred thousand updates pass through both.

Most updates are edits by people we do not know, which are read, looked up and passed over; every fiftieth is said by somebody whom the bot
answers, so that the outbox and its senders take part.
"""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

from benchmarks.accept import webhook
from benchmarks.load import Request, per_second
from benchmarks.results import Figure
from sandbox.stack import Stack
from sandbox.visitors import control, until

UPDATES = 100_000
MARKS = (0.1, 0.25, 0.5, 0.75, 1.0)
"""Parts of the whole at which memory is read, when everything so far is worked."""
AT_ONCE = 2500
PEOPLE = 100
FIRST_ACCOUNT = 5_300_000_000
CHATS = 200
ONE_IN = 50
LARGEST_GROWTH = 1.1
WAITING = """
    SELECT (SELECT count(*) FROM inbox WHERE state = 'todo')
         + (SELECT count(*) FROM outbox WHERE state IN ('todo', 'doing', 'proving'))
"""
_numbers = itertools.count(20_000_000)


def measure(stack: Stack, updates: int = UPDATES) -> list[Figure]:
    """Read the memory of both processes at each mark; the growth from the first mark to the last."""
    people = [FIRST_ACCOUNT + number for number in range(PEOPLE)]
    for person in people:
        control("POST", f"{stack.telegram_url}/sandbox/users", {"id": person, "first_name": "Sayer"})
        stack.telegrammer(person).act("send", text="/start")
    curves: dict[str, list[float]] = {"web": [], "worker": []}
    started, sent = time.monotonic(), 0
    with psycopg.connect(stack.environment["DATABASE_URL"], autocommit=True) as connection:
        for mark in MARKS:
            while sent < updates * mark:
                per_second(list(_updates(stack, people, AT_ONCE)))
                sent += AT_ONCE
                until("all updates to be worked", lambda: _waiting(connection) == 0, 600)
            for name, curve in curves.items():
                curve.append(_megabytes(stack.processes.pid(name)))
    rate = sent / (time.monotonic() - started)
    how = f"{sent:,} updates, {rate:.0f} a second"
    points = " · ".join(f"{int(updates * mark):,}" for mark in MARKS)
    found = []
    for name, curve in curves.items():
        seen = f"at {points}: {' · '.join(f'{value:.1f}' for value in curve)} MB; {how}"
        found += [
            Figure(f"memory.{name}.growth", curve[-1] / curve[0], "ratio", seen, at_most=LARGEST_GROWTH),
            Figure(f"memory.{name}", curve[-1], "MB", "proportional set size of all its processes at the end"),
        ]
    return found


def _updates(stack: Stack, people: list[int], count: int) -> Iterator[Request]:
    address, secret = webhook(stack)
    headers = {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": secret}
    for _ in range(count):
        number = next(_numbers)
        said = number % ONE_IN == 0
        sender = people[number // ONE_IN % len(people)] if said else 900_000_000 + number % CHATS
        message = {
            "message_id": number,
            "date": 1_760_000_000,
            "chat": {"id": sender, "type": "private", "first_name": "Load"},
            "from": {"id": sender, "is_bot": False, "first_name": "Load", "language_code": "ru"},
            "text": f"Здравствуйте, сколько стоит партия номер {number}?",
        }
        update = {"update_id": number, **({"message": message} if said else {"edited_message": message})}
        yield Request(address, json.dumps(update).encode(), headers)


def _megabytes(leader: int) -> float:
    """Add up what the processes of a group hold, shared pages counted once."""
    held = 0
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdigit() and int((folder / "stat").read_text().rsplit(")", 1)[1].split()[2]) == leader:
                lines = (folder / "smaps_rollup").read_text().splitlines()
                held += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        except OSError:
            # It ended while we were looking.
            continue
    return held / 1024


def _waiting(connection: psycopg.Connection) -> int:
    row = connection.execute(WAITING).fetchone()
    return int(row[0]) if row else 0
