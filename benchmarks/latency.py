"""How long a message takes between the two worlds while nothing else goes on.

Our own share: from the moment at which its update or event was stored until the call that carries it came in at the other world, by
that world's own record. What the other side then works on it is counted apart.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import datetime
from statistics import median
from typing import Any, NamedTuple

import psycopg

from benchmarks import tails
from benchmarks.results import Figure
from sandbox.stack import Stack
from sandbox.telegram.demo import IVAN
from sandbox.visitors import control, until
from sandbox.witness import Witness

MESSAGES = 75
PAUSE_SECONDS = 1.2
"""One chat may get one message a second: what waits for that limit would not be ours."""
REST_SECONDS = 5.0
"""A chat that was told a lot a moment ago lets three messages at once pass only after so long: the story before has just talked."""
TARGET_MS = 150.0
WAITING = """
    SELECT (SELECT count(*) FROM inbox WHERE state = 'todo')
         + (SELECT count(*) FROM outbox WHERE state IN ('todo', 'doing', 'proving'))
"""
WORD = re.compile(r"замер-\w+-[bo]")
STORED = """
    SELECT o.payload ->> 'text', o.kind, extract(epoch FROM i.received_at)
    FROM outbox o JOIN inbox i ON i.correlation_id = o.correlation_id
    WHERE o.kind IN ('SendToOpenLine', 'SendConversationMessage') AND o.payload ->> 'text' ~ 'замер-'
"""
Way = tuple[str, str]
"""The word that marks a message, and where it went: `line` or `chat`."""


class Taken(NamedTuple):
    """Milliseconds since a message was stored: until our call came in over there, and until it had been executed."""

    own: float
    whole: float


def measure(stack: Stack) -> list[Figure]:
    """Let a buyer and the operator say something in turn; p50 and p95 of each direction."""
    with psycopg.connect(stack.environment["DATABASE_URL"], autocommit=True) as connection:
        until("nothing to be under way", lambda: connection.execute(WAITING).fetchone() == (0,), 60)
        time.sleep(REST_SECONDS)
        words = talk(stack, MESSAGES, "m")
        taken = until("every message on the other side", lambda: arrived(stack, connection, words), 60)
    there = [taken[word, "line"] for word in words if word.endswith("b")]
    back = [taken[word, "chat"] for word in words if word.endswith("o")]
    return [
        *_figures("latency.to_line", there, "update stored → our call reaches the portal"),
        *_figures("latency.to_telegram", back, "event stored → our call for the last of two chats reaches Telegram"),
    ]


def talk(stack: Stack, count: int, mark: str) -> list[str]:
    """Say something in both directions `count` times; answers the words by which the messages are known."""
    ivan, words = stack.telegrammer(IVAN), []
    chat = Witness(stack).dialogues()[0]["chat_id"]
    for number in range(count):
        buyers, operators = f"замер-{number}{mark}-b", f"замер-{number}{mark}-o"
        ivan.act("send", text=f"Это {buyers}")
        time.sleep(PAUSE_SECONDS)
        control("POST", f"{stack.portal_url}/sandbox/openlines/{chat}/say", {"user_id": 1, "text": f"Это {operators}"})
        time.sleep(PAUSE_SECONDS)
        words += [buyers, operators]
    return words


def arrived(stack: Stack, connection: psycopg.Connection, words: list[str]) -> dict[Way, Taken] | None:
    """Give what each message took, the slower copy counting; None while one is still missing."""
    stored = {
        (word, "line" if kind == "SendToOpenLine" else "chat"): float(moment)
        for text, kind, moment in connection.execute(STORED)
        if (word := _word(text))
    }
    copies: dict[Way, list[Taken]] = {}
    for way, came, done in (*_seen(stack.portal_url, "line"), *_seen(stack.telegram_url, "chat")):
        if since := stored.get(way):
            copies.setdefault(way, []).append(Taken((came - since) * 1000, (done - since) * 1000))
    for word in words:
        way, wanted = ((word, "line"), 1) if word.endswith("b") else ((word, "chat"), 2)
        if len(copies.get(way, ())) < wanted:
            return None
    return {way: max(some) for way, some in copies.items()}


def _seen(world: str, place: str) -> Iterator[tuple[Way, float, float]]:
    methods = {"imconnector.send.messages", "sendMessage"}
    for call in control("GET", f"{world}/sandbox/calls")["calls"]:
        if call["method"] in methods and call["error"] is None:
            came, done = (datetime.fromisoformat(call[name]).timestamp() for name in ("arrived", "at"))
            for word in set(WORD.findall(str(call["params"]))):
                yield (word, place), came, done


def _word(text: Any) -> str:
    found = WORD.search(str(text))
    return found[0] if found else ""


def _figures(name: str, taken: list[Taken], what: str) -> list[Figure]:
    own, whole = [some.own for some in taken], [some.whole for some in taken]
    how = (
        f"{what}; {tails.told(own)}; {len(taken)} messages, one every {PAUSE_SECONDS} s, both worlds, database and application on this"
        f" machine; executed over there p50 {median(whole):.0f}, p95 {tails.p95(whole):.0f} ms"
    )
    return [
        Figure(f"{name}.p50", median(own), "ms", how),
        Figure(f"{name}.p95", tails.p95(own), "ms", how, at_most=TARGET_MS),
    ]
