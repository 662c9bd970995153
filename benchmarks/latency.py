"""How long a message takes from Telegram to the open line when nothing else goes on, read from the rows it left behind."""

from __future__ import annotations

import time
from statistics import quantiles

import psycopg

from benchmarks.results import Figure
from sandbox.stack import Stack
from sandbox.telegram.demo import IVAN
from sandbox.visitors import until

MESSAGES = 60
PAUSE_SECONDS = 0.5
QUERY = """
    SELECT extract(epoch FROM o.sent_at - i.received_at), extract(epoch FROM o.finished_at - i.received_at)
    FROM outbox o JOIN inbox i ON i.correlation_id = o.correlation_id
    WHERE o.kind = 'SendToOpenLine' AND o.state = 'done' AND o.payload ->> 'text' LIKE '%замер%'
"""


def measure(stack: Stack) -> list[Figure]:
    """Let one person say something every half second; p95 until the call leaves us, and until it was answered and recorded."""
    ivan = stack.telegrammer(IVAN)
    for _ in range(MESSAGES):
        ivan.act("send", text="Это замер времени")
        time.sleep(PAUSE_SECONDS)
    with psycopg.connect(stack.environment["DATABASE_URL"], autocommit=True) as connection:
        rows = until("all messages in the open line", lambda: _all(connection))
    how = f"{MESSAGES} messages, one every {PAUSE_SECONDS} s; both worlds, database and application on this machine"
    own, whole = ([float(row[index]) * 1000 for row in rows] for index in (0, 1))
    return [
        Figure("latency.own_share_p50", quantiles(own, n=100)[49], "ms", f"update stored → call leaves; {how}"),
        Figure("latency.own_share_p95", quantiles(own, n=100)[94], "ms", f"update stored → call leaves; {how}"),
        Figure("latency.whole_p95", quantiles(whole, n=100)[94], "ms", "update stored → answer of the portal recorded"),
    ]


def _all(connection: psycopg.Connection) -> list[tuple[float, float]] | None:
    rows = connection.execute(QUERY).fetchall()
    return rows if len(rows) >= MESSAGES else None
