"""What the outside tells us is kept once and worked in order, whatever dies."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import procrastinate
import psycopg
import pytest
from procrastinate import PsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.sql import queries
from sqlalchemy import func, select, text
from sqlalchemy.exc import InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from b24app.jobs import process_inbox
from b24app.jobs.worker import Work, Worker
from sandbox.chaos.faults import CUT
from sandbox.visitors import until
from storage import inbox
from storage.models import InboxRow
from storage.unit_of_work import Transactions, UnitOfWork


def accept(transactions: Transactions, key: str, lane: str = "telegram:1", **payload: Any) -> bool:
    """Accept one fact the way an edge does."""
    with transactions.engine.begin() as connection:
        return inbox.accept(connection, source="telegram", key=key, lane=lane, payload=payload, position=int(key))


def waiting_jobs(transactions: Transactions) -> int:
    """Count the lanes that were woken and not yet worked."""
    with transactions() as uow:
        return uow.session.execute(text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'")).scalar_one()


def states(transactions: Transactions) -> list[tuple[str, str]]:
    """Give (key, state) of every row in order."""
    with transactions() as uow:
        return [(row.key, row.state) for row in uow.session.scalars(select(InboxRow).order_by(InboxRow.id))]


def test_a_repeated_fact_is_kept_once(transactions: Transactions) -> None:
    """Telegram sends an update again when it missed our answer; the second changes nothing."""
    assert [accept(transactions, "1"), accept(transactions, "1")] == [True, False]
    assert (states(transactions), waiting_jobs(transactions)) == ([("1", "todo")], 1)


def test_many_facts_of_one_lane_wake_it_once(transactions: Transactions) -> None:
    """A burst in one conversation costs one job, not one for each message."""
    for number in range(20):
        accept(transactions, str(number))
    assert waiting_jobs(transactions) == 1


def test_a_lane_is_worked_in_the_senders_order(transactions: Transactions) -> None:
    """Updates that overtook each other on their way are worked in the order in which they were made."""
    for key in ("3", "1", "2"):
        accept(transactions, key, number=key)
    seen: list[str] = []
    process_inbox.drain("telegram:1", transactions, {"telegram": lambda uow, payload: seen.append(payload["number"])})
    assert seen == ["1", "2", "3"]


def test_what_overtook_another_waits_for_it(transactions: Transactions, monkeypatch: pytest.MonkeyPatch) -> None:
    """An update whose number shows that the one before it is still on its way is not worked before that one arrives."""
    monkeypatch.setattr(inbox, "EARLY_SECONDS", 10.0)
    seen: list[str] = []
    handlers = {"telegram": lambda uow, payload: seen.append(payload["number"])}
    accept(transactions, "1", number="1")
    process_inbox.drain("telegram:1", transactions, handlers)
    accept(transactions, "3", number="3")
    with ThreadPoolExecutor(1) as other:
        draining = other.submit(process_inbox.drain, "telegram:1", transactions, handlers)
        with pytest.raises(TimeoutError):
            draining.result(0.1)
        accept(transactions, "2", number="2")
        draining.result(5)
    assert seen == ["1", "2", "3"]


def test_a_gap_further_back_is_waited_for_too(transactions: Transactions, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between an update and the one it overtook others of other people may have arrived."""
    monkeypatch.setattr(inbox, "EARLY_SECONDS", 10.0)
    seen: list[str] = []
    handlers = {"telegram": lambda uow, payload: seen.append(payload["number"])}
    accept(transactions, "1", number="1")
    process_inbox.drain("telegram:1", transactions, handlers)
    accept(transactions, "3", "telegram:2")
    accept(transactions, "4", number="4")
    with ThreadPoolExecutor(1) as other:
        draining = other.submit(process_inbox.drain, "telegram:1", transactions, handlers)
        with pytest.raises(TimeoutError):
            draining.result(0.1)
        accept(transactions, "2", number="2")
        draining.result(5)
    assert seen == ["1", "2", "4"]


def test_nobody_waits_for_ever_for_a_number_that_does_not_come(transactions: Transactions) -> None:
    """What never arrives, or belongs to another lane and is older, holds the next ones up for half a second, once."""
    seen: list[str] = []
    handlers = {"telegram": lambda uow, payload: seen.append(payload["number"])}
    accept(transactions, "1", "telegram:2")
    accept(transactions, "2", number="2")
    for number in range(4, 14):
        accept(transactions, str(number), number=str(number))
    began = time.monotonic()
    process_inbox.drain("telegram:1", transactions, handlers)
    assert seen == ["2", *map(str, range(4, 14))]
    assert time.monotonic() - began < 5 * inbox.EARLY_SECONDS


def test_a_poison_row_is_set_aside_and_the_lane_goes_on(transactions: Transactions) -> None:
    """A malformed update stays visible with its error and never blocks the next one."""
    accept(transactions, "1", broken=True)
    accept(transactions, "2")
    seen: list[str] = []

    def handle(uow: UnitOfWork, payload: dict[str, Any]) -> None:
        if payload.get("broken"):
            raise KeyError("no such thing")
        seen.append("2")

    process_inbox.drain("telegram:1", transactions, {"telegram": handle})
    with transactions() as uow:
        uow.session.execute(text("UPDATE inbox SET retry_at = NULL"))
    process_inbox.drain("telegram:1", transactions, {"telegram": handle})
    assert (states(transactions), seen) == ([("1", "poison"), ("2", "done")], ["2"])


@pytest.mark.parametrize(
    "trouble",
    [
        NoFreeConnection("QueuePool limit reached"),
        OperationalError("SELECT 1", {}, psycopg.errors.TooManyConnections("sorry, too many clients already")),
        OperationalError("SELECT 1", {}, psycopg.errors.DeadlockDetected("deadlock detected")),
        OperationalError("SELECT 1", {}, psycopg.errors.DiskFull("could not extend file: No space left on device")),
        OperationalError("SELECT 1", {}, psycopg.errors.QueryCanceled("canceling statement due to statement timeout")),
        InternalError("SELECT 1", {}, psycopg.errors.ReadOnlySqlTransaction("cannot execute UPDATE")),
        OperationalError("SELECT 1", {}, psycopg.OperationalError("consuming input failed: could not receive data")),
    ],
)
def test_trouble_of_the_moment_sets_nothing_aside(transactions: Transactions, trouble: Exception) -> None:
    """A fact that met a crowded or quarrelling database is tried again however often, for the fault is not its own."""
    accept(transactions, "1")
    tries: list[int] = []

    def handle(uow: UnitOfWork, payload: dict[str, Any]) -> None:
        tries.append(1)
        if len(tries) < 12:
            raise trouble

    for _ in range(12):
        process_inbox.drain("telegram:1", transactions, {"telegram": handle})
        with transactions() as uow:
            uow.session.execute(text("UPDATE inbox SET retry_at = NULL"))
    assert (states(transactions), len(tries)) == ([("1", "done")], 12)


def test_a_fact_that_breaks_the_database_each_time_is_set_aside(
    transactions: Transactions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What looks like trouble of the moment, and comes back for ever, holds its lane for a bounded time."""
    monkeypatch.setattr(process_inbox, "MOST_PASSING", 3)
    accept(transactions, "1", breaks=True)
    accept(transactions, "2")

    def handle(uow: UnitOfWork, payload: dict[str, Any]) -> None:
        if payload.get("breaks"):
            raise OperationalError("SELECT 1", {}, psycopg.errors.CrashShutdown("terminating connection"))

    for _ in range(3):
        process_inbox.drain("telegram:1", transactions, {"telegram": handle})
        with transactions() as uow:
            due = uow.session.scalars(select(InboxRow.retry_at)).all()
            assert all(at is None or at <= uow.now + inbox.LONGEST_PAUSE for at in due)
            uow.session.execute(text("UPDATE inbox SET retry_at = NULL"))
    assert states(transactions) == [("1", "poison"), ("2", "done")]


def test_effects_and_the_mark_are_one(transactions: Transactions) -> None:
    """A handler that fails leaves none of its writes behind."""
    accept(transactions, "1")

    def handle(uow: UnitOfWork, payload: dict[str, Any]) -> None:
        accept_row = InboxRow(source="x", key="x", lane="x", payload={})
        uow.session.add(accept_row)
        uow.session.flush()
        raise ValueError("after the write")

    process_inbox.drain("telegram:1", transactions, {"telegram": handle})
    assert states(transactions) == [("1", "todo")]


def test_two_workers_on_one_lane_work_each_row_once(transactions: Transactions) -> None:
    """A lane whose lock was lost and is worked twice at once still works every row once and in order."""
    for number in range(30):
        accept(transactions, str(number), number=number)
    seen: list[int] = []
    guard = threading.Lock()

    def handle(uow: UnitOfWork, payload: dict[str, Any]) -> None:
        with guard:
            seen.append(payload["number"])

    def work() -> None:
        for _ in range(40):
            process_inbox.drain("telegram:1", transactions, {"telegram": handle})

    with ThreadPoolExecutor(2) as pool:
        for future in [pool.submit(work) for _ in range(2)]:
            future.result()
    assert seen == list(range(30))


def test_a_lane_that_was_forgotten_is_woken(transactions: Transactions) -> None:
    """A row whose wake-up got lost is found by the sweep."""
    accept(transactions, "1")
    with transactions() as uow:
        uow.session.execute(text("DELETE FROM procrastinate_jobs"))
        inbox.wake_forgotten(uow.session, datetime.now(UTC))
    assert waiting_jobs(transactions) == 1


@pytest.mark.parametrize(("seconds", "is_due"), [(10, False), (3600, True)])
def test_a_clock_set_back_holds_no_lane(transactions: Transactions, seconds: int, is_due: bool) -> None:
    """A next try that lies further away than any pause was set by a clock that has gone back since: the lane goes on."""
    accept(transactions, "1")
    with transactions() as uow:
        uow.session.execute(text("DELETE FROM procrastinate_jobs"))
        uow.session.execute(text("UPDATE inbox SET retry_at = :at"), {"at": uow.now + timedelta(seconds=seconds)})
        inbox.wake_forgotten(uow.session, uow.now)
        assert (inbox.next_row(uow.session, "telegram:1", uow.now) is not None) is is_due
    assert waiting_jobs(transactions) == is_due


def test_the_worker_runs_what_accepting_woke(transactions: Transactions, database_url: str) -> None:
    """The job row written in one statement is one that procrastinate's worker takes and finishes."""
    for number in range(5):
        accept(transactions, str(number), lane=f"telegram:{number}")
    worker = Worker(database_url, transactions, {"telegram": lambda uow, payload: None}, [], Work())
    queue: procrastinate.App = worker.build_queue()
    with queue.open():
        queue.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
    with transactions() as uow:
        done = uow.session.scalar(select(func.count()).where(InboxRow.state == "done"))
    assert (done, waiting_jobs(transactions)) == (5, 0)


def test_a_worker_outlives_its_connections(transactions: Transactions, database_url: str) -> None:
    """A database that cuts everybody off ends no worker: what is accepted afterwards is worked, and it leaves when told."""
    worker = Worker(
        database_url, transactions, {"telegram": lambda uow, payload: None}, [], Work(), stalled_after_seconds=2.0
    )
    thread = threading.Thread(target=worker.work)
    thread.start()
    try:
        with psycopg.connect(database_url, autocommit=True) as cutting:
            for number in range(2):
                accept(transactions, str(number), lane=f"telegram:{number}")
                until("it to be worked", lambda: not waiting_rows(cutting), 30)
                cutting.execute(CUT)
                transactions.engine.dispose()
                assert thread.is_alive()
    finally:
        worker.leave()
        thread.join(30)
    assert not thread.is_alive()


@pytest.mark.parametrize("happened", [False, True])
def test_a_lane_is_let_go_though_the_database_did_not_hear(
    transactions: Transactions, database_url: str, monkeypatch: pytest.MonkeyPatch, happened: bool
) -> None:
    """When the connection breaks while the end of a job is noted, before or after it was, the lane is free all the same."""
    real, broken = PsycopgConnector.execute_query_async, [True]

    async def breaking(self: PsycopgConnector, query: Any, **arguments: Any) -> None:
        breaks = query == queries["finish_job"] and bool(broken) and broken.pop()
        if happened or not breaks:
            await real(self, query, **arguments)
        if breaks:
            raise ConnectorException from psycopg.OperationalError("the connection is lost")

    monkeypatch.setattr(PsycopgConnector, "execute_query_async", breaking)
    accept(transactions, "1")
    worker = Worker(database_url, transactions, {"telegram": lambda uow, payload: None}, [], Work())
    queue: procrastinate.App = worker.build_queue()
    with queue.open():
        queue.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
    with transactions() as uow:
        held = uow.session.execute(
            text("SELECT count(*) FROM procrastinate_jobs WHERE lock <> '' AND status = 'doing'")
        )
        assert held.scalar_one() == 0
    assert not broken


def waiting_rows(connection: psycopg.Connection) -> int:
    """Count what waits in the inbox."""
    found = connection.execute("SELECT count(*) FROM inbox WHERE state = 'todo'").fetchone()
    return int(found[0]) if found else 0


def test_every_acceptance_is_announced_to_the_worker(transactions: Transactions, database_url: str) -> None:
    """Also when its lane's job waits already: a worker that missed the first announcement hears the next."""
    with psycopg.connect(database_url, autocommit=True) as listener:
        listener.execute("LISTEN procrastinate_any_queue_v1")
        accept(transactions, "1")
        list(listener.notifies(timeout=5, stop_after=1))
        list(listener.notifies(timeout=0.2))
        accept(transactions, "2")
        assert len(list(listener.notifies(timeout=5, stop_after=1))) == 1


def test_hostile_text_is_stored(transactions: Transactions) -> None:
    """A NUL character, which the database refuses, does not lose the update that holds it."""
    odd: dict[str, Any] = {"k\x00": ["\x00"]}
    assert accept(transactions, "1", text="a\x00b", **odd)
    assert states(transactions) == [("1", "todo")]
