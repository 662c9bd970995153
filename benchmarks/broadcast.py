"""What a broadcast of ten thousand messages adds to the waiting of people who talk meanwhile, under Telegram's real limits."""

from __future__ import annotations

import psycopg

from b24app.config import read_settings
from b24app.domain.deliveries import BroadcastMessage
from b24app.parts import build_engine
from benchmarks import latency, tails
from benchmarks.results import Figure
from sandbox.stack import Stack
from sandbox.visitors import control, until
from storage.unit_of_work import Transactions

MESSAGES = 10_000
PEOPLE = 300
FIRST_ACCOUNT = 5_300_000_000
SAID = 60
TARGET_MS = 1000.0
PLACES = {"line": "b", "chat": "o"}
"""Where words are looked for, by the end that marks whose they are: the buyer's, the operator's."""
LEFT = "SELECT count(*) FROM outbox WHERE kind = 'BroadcastMessage' AND state = 'todo'"
BUSY = """
    SELECT (SELECT count(*) FROM inbox WHERE state = 'todo')
         + (SELECT count(*) FROM outbox WHERE state IN ('todo', 'doing', 'proving'))
"""


def measure(stack: Stack) -> list[Figure]:
    """Let two talk before and during a broadcast; the difference of the p95 of each direction."""
    with psycopg.connect(stack.environment["DATABASE_URL"], autocommit=True) as connection:
        chats = _people(stack, connection)
        before = _talk(stack, connection, "q")
        _broadcast(stack, chats)
        during = _talk(stack, connection, "d")
        left = _count(connection, LEFT)
    how = (
        f"median of the p95 of {tails.STRETCHES} stretches of {SAID // tails.STRETCHES} messages, minus that of as many before, while"
        f" {MESSAGES - left:,} of {MESSAGES:,} went to {PEOPLE} chats; {left:,} still waiting at the end"
    )
    figures = []
    for place, name in (("line", "to_line"), ("chat", "to_telegram")):
        quiet, busy = _p95(before, place), _p95(during, place)
        figures += [
            Figure(f"broadcast.{name}.p95", busy, "ms", "during the broadcast"),
            Figure(f"broadcast.{name}.added", busy - quiet, "ms", how, at_most=TARGET_MS),
        ]
    if not left:
        raise RuntimeError("the broadcast was over before the talk was")
    return figures


def _people(stack: Stack, connection: psycopg.Connection) -> list[str]:
    """Let people begin with the bot, each with a chat of their own, and wait until everybody was greeted."""
    chats = []
    for number in range(PEOPLE):
        account = {"id": FIRST_ACCOUNT + number, "first_name": f"Reader {number}"}
        person = control("POST", f"{stack.telegram_url}/sandbox/users", account)
        stack.telegrammer(person["id"]).act("send", text="/start")
        chats.append(str(person["id"]))
    until("everybody to be greeted", lambda: _count(connection, BUSY) == 0, 300)
    control("POST", f"{stack.telegram_url}/sandbox/limits", {"mode": "real"})
    return chats


def _broadcast(stack: Stack, chats: list[str]) -> None:
    engine = build_engine(read_settings(stack.environment))
    with Transactions(engine)() as uow:
        for number in range(MESSAGES):
            uow.send(BroadcastMessage(chat_id=chats[number % len(chats)], text=f"Новость {number}"))
    engine.dispose()


def _talk(stack: Stack, connection: psycopg.Connection, mark: str) -> dict[latency.Way, latency.Taken]:
    words = latency.talk(stack, SAID, mark)
    taken = until("every message on the other side", lambda: latency.arrived(stack, connection, words), 120)
    return {(word, place): taken[word, place] for word in words for place in PLACES if (word, place) in taken}


def _p95(taken: dict[latency.Way, latency.Taken], place: str) -> float:
    speaker = PLACES[place]
    return tails.p95([time.whole for (word, at), time in taken.items() if at == place and word.endswith(speaker)])


def _count(connection: psycopg.Connection, question: str) -> int:
    row = connection.execute(question.encode()).fetchone()
    return int(row[0]) if row else 0
