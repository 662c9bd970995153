"""Draining thousands of waiting messages under the portal's real request limit, against the best schedule that its limits allow.

Beside it the very same commands through the client library alone, as a program without an outbox would send them.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import psycopg
from fast_bitrix24 import BitrixAsync

from b24app.bitrix24.oauth import AuthorizationServer, TokenKeeper
from b24app.config import Settings, read_settings
from b24app.domain.deliveries import AddLogMessage, AddTimelineComment, NotifyUser, SaveItem, SendToOpenLine
from b24app.domain.delivery import Delivery
from b24app.parts import build_engine
from benchmarks.results import Figure
from benchmarks.schedule import Rules, Work, best_seconds
from sandbox.stack import Stack
from sandbox.visitors import control, until
from storage.sealing import keyring
from storage.unit_of_work import Transactions

ROWS = 12_500
"""A fifth of them are saves of one item, which become one command: about ten thousand are left."""
LANES = 400
PATIENCE_SECONDS = 400.0
CAREFUL_POOL = 40
"""What somebody would set who knows that the library's own pool of fifty overshoots the portal's brim of fifty."""
SECONDS_EACH = {
    "crm.timeline.comment.add": 0.05,
    "crm.timeline.logmessage.add": 0.05,
    "im.notify.system.add": 0.02,
    "crm.item.update": 0.15,
    "imconnector.send.messages": 0.1,
}
"""What the portal is told to charge for one command of a method."""
DRAINED = """
    SELECT extract(epoch FROM max(finished_at) - min(sent_at)) FROM outbox WHERE lane LIKE 'bench:%'
    HAVING count(*) FILTER (WHERE state IN ('todo', 'doing', 'proving')) = 0
"""
Call = dict[str, Any]


def measure(stack: Stack) -> list[Figure]:
    """Let a worker drain what was stored; then send the same commands without us."""
    settings = read_settings(stack.environment)
    stack.processes.stop("worker")
    _store(settings)
    calls, seconds = _ours(stack, settings)
    sent = [call for call in calls if call["via"] == "batch" and call["method"] in SECONDS_EACH]
    work = {name: Work(count, SECONDS_EACH[name]) for name, count in Counter(_methods(sent)).items()}
    rules = Rules(settings.bitrix_rate_per_second, settings.bitrix_rate_burst, settings.bitrix_interactive_reserve)
    best, bold = best_seconds(work, rules), best_seconds(work, replace(rules, reserve=0.0))
    how = f"{ROWS:,} rows in {LANES} lanes became {len(sent):,} commands of {len(work)} methods; first taken → last recorded"
    return [
        Figure("drain.share_of_optimum", best / seconds, "ratio", how, at_least=0.95),
        Figure("drain.seconds", seconds, "s", how),
        Figure("drain.optimum", best, "s", "simulated schedule under rate, burst, reserve, operating and 60 s"),
        Figure(
            "drain.optimum_without_reserve",
            bold,
            "s",
            "the same, with nothing kept for people who wait: what the library may reach",
        ),
        Figure("drain.commands_in_a_call", len(sent) / len(_requests(calls, carrying=True)), "", "50 at most"),
        Figure(
            "drain.other_calls",
            len(_requests(calls, carrying=False)),
            "calls",
            "that carried none of them: fields, and the worker's rounds",
        ),
        Figure("drain.limit_refusals", len(_refused(calls)), "calls", "QUERY_LIMIT_EXCEEDED", at_most=0.0),
        *_library(stack, settings, sent, "as_it_is", {}),
        *_library(stack, settings, sent, "careful", {"request_pool_size": CAREFUL_POOL}),
    ]


def _ours(stack: Stack, settings: Settings) -> tuple[list[Call], float]:
    _rest(stack, settings)
    before = _last(stack)
    stack.start_worker()
    with psycopg.connect(stack.environment["DATABASE_URL"], autocommit=True) as connection:
        row = until("the outbox to be empty", lambda: connection.execute(DRAINED).fetchone(), PATIENCE_SECONDS)
    stack.processes.stop("worker")
    return _calls(stack, before), float(row[0])


def _library(stack: Stack, settings: Settings, sent: list[Call], name: str, options: Mapping[str, Any]) -> list[Figure]:
    """Send the same commands through the library's `call`, method by method, until the end or until it gives up."""
    keyring.use(settings.secret_keys)
    engine = build_engine(settings)
    access = TokenKeeper(Transactions(engine), AuthorizationServer(settings)).current(_portal_id(stack))
    engine.dispose()
    _rest(stack, settings)
    before, started, end = _last(stack), time.monotonic(), "to the end"
    try:
        asyncio.run(_send_plainly(access.endpoint, access.token, sent, options))
    except RuntimeError as error:
        end = f"until it gave up: {error}"
    seconds, calls = time.monotonic() - started, _calls(stack, before)
    how = f"fast-bitrix24's call() {dict(options) or 'with its own settings'}, {end}; refusals {len(_refused(calls))}"
    done = sum(1 for call in calls if call["via"] == "batch" and call["error"] is None)
    return [
        Figure(f"drain.library_{name}.seconds", seconds, "s", how),
        Figure(f"drain.library_{name}.share_sent", done / len(sent), "ratio", how),
    ]


async def _send_plainly(endpoint: str, token: str, sent: list[Call], options: Mapping[str, Any]) -> None:
    async def keep() -> str:
        return token

    portal = BitrixAsync(endpoint, token_func=keep, verbose=False, **options)
    for method in dict.fromkeys(_methods(sent)):
        await portal.call(method, [call["params"] for call in sent if call["method"] == method])


def _rest(stack: Stack, settings: Settings) -> None:
    """Wait for an empty bucket on both sides, so that the schedule begins where the optimum begins."""
    control("POST", f"{stack.portal_url}/sandbox/limits", {"seconds_per_call": SECONDS_EACH})
    time.sleep(settings.bitrix_rate_burst / settings.bitrix_rate_per_second)


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


def _portal_id(stack: Stack) -> int:
    with psycopg.connect(stack.environment["DATABASE_URL"], autocommit=True) as connection:
        row = connection.execute("SELECT id FROM portals WHERE state = 'active'").fetchone()
    return int(row[0]) if row else 0


def _last(stack: Stack) -> int:
    return int(max((call["id"] for call in control("GET", f"{stack.portal_url}/sandbox/calls")["calls"]), default=0))


def _calls(stack: Stack, since: int) -> list[Call]:
    found: list[Call] = control("GET", f"{stack.portal_url}/sandbox/calls?since={since}")["calls"]
    return found


def _methods(calls: Iterable[Call]) -> list[str]:
    return [str(call["method"]) for call in calls]


def _requests(calls: Iterable[Call], *, carrying: bool) -> list[Call]:
    """Give the answered requests that carried something of what was stored, or the others."""
    answered = [call for call in calls if call["via"] == "single" and call["error"] is None]
    return [
        call
        for call in answered
        if any(method in str(call["params"].get("cmd")) for method in SECONDS_EACH) == carrying
    ]


def _refused(calls: Iterable[Call]) -> list[Call]:
    return [call for call in calls if call["error"] == "QUERY_LIMIT_EXCEEDED"]
