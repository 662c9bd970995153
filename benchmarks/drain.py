"""Draining thousands of waiting commands under the portal's real request limit, against the best schedule that limit allows.

The optimum: full batches of fifty, as many at once as the bucket holds without the reserve, then one whenever the rate lets one through.
"""

from __future__ import annotations

import math
import time

import psycopg

from b24app.app import build_engine
from b24app.config import Settings, read_settings
from b24app.domain.deliveries import AddLogMessage, AddTimelineComment, NotifyUser, SaveItem, SendToOpenLine
from b24app.domain.delivery import Delivery
from benchmarks.results import Figure
from sandbox.stack import Stack
from sandbox.visitors import control, until
from storage.unit_of_work import Transactions

ROWS = 10_000
LANES = 400
IN_A_BATCH = 50
PATIENCE_SECONDS = 400.0


def measure(stack: Stack) -> list[Figure]:
    """Store the rows while no worker runs, start one, wait for the end; count what the portal was asked meanwhile."""
    settings = read_settings(stack.environment)
    stack.processes.stop("worker")
    _store(settings)
    # An empty bucket on both sides, so that the schedule begins where the optimum begins.
    time.sleep(settings.bitrix_rate_burst / settings.bitrix_rate_per_second)
    before = _asked(stack)
    started = time.monotonic()
    stack.start_worker()
    with psycopg.connect(stack.environment["DATABASE_URL"], autocommit=True) as connection:
        until("the outbox to be empty", lambda: _drained(connection), PATIENCE_SECONDS)
    seconds = time.monotonic() - started
    commands, refused = (after - first for after, first in zip(_asked(stack), before, strict=True))
    best = optimum_seconds(commands, settings)
    how = f"{ROWS} rows in {LANES} lanes became {commands} commands; from the start of the worker process"
    return [
        Figure("drain.share_of_optimum", best / seconds, "ratio", how),
        Figure("drain.seconds", seconds, "s", how),
        Figure("drain.optimum_seconds", best, "s", "simulated schedule under rate, burst and reserve"),
        Figure("drain.limit_refusals", refused, "calls", "answers QUERY_LIMIT_EXCEEDED"),
    ]


def optimum_seconds(commands: int, settings: Settings) -> float:
    """Give the moment at which the last full batch may leave at the earliest."""
    calls = math.ceil(commands / IN_A_BATCH)
    at_once = settings.bitrix_rate_burst - settings.bitrix_interactive_reserve
    return max(0.0, (calls - at_once) / settings.bitrix_rate_per_second)


def _store(settings: Settings) -> None:
    engine = build_engine(settings)
    transactions = Transactions(engine)
    for start in range(0, ROWS, 500):
        with transactions() as uow:
            for number in range(start, start + 500):
                uow.send(_delivery(number), lane=f"bench:{number % LANES}")
    engine.dispose()


def _delivery(number: int) -> Delivery:
    kinds: list[Delivery] = [
        AddTimelineComment(ref="lot/1", text=f"Запись {number}", marker=f"bench-{number}"),
        NotifyUser(user_id="1", text=f"Извещение {number}", tag=f"bench/{number}"),
        AddLogMessage(ref="lot/1", title=f"Событие {number}", text="Проверено"),
        SaveItem(ref="lot/1", fields={"title": f"Лот {number}"}),
        SendToOpenLine(
            conversation_id=f"bench{number % LANES}",
            conversation_title="Замер",
            message_id=f"b{number}",
            speaker_id="bench",
            speaker_name="Замер",
            text=f"Сообщение {number}",
            sent_at_epoch=1_760_000_000 + number,
        ),
    ]
    return kinds[number // LANES % len(kinds)]


def _drained(connection: psycopg.Connection) -> bool:
    row = connection.execute("SELECT count(*) FROM outbox WHERE state IN ('todo', 'doing', 'proving')").fetchone()
    return row == (0,)


def _asked(stack: Stack) -> tuple[int, int]:
    """Give how many commands of batches the portal has executed so far, and how many calls it refused for its limit."""
    calls = control("GET", f"{stack.portal_url}/sandbox/calls")["calls"]
    commands = sum(1 for call in calls if call["via"] == "batch")
    return commands, sum(1 for call in calls if call["error"] == "QUERY_LIMIT_EXCEEDED")
