"""One worker process: drains woken lanes, sweeps, and stands ready to dispatch for both networks.

Started by the command line; any number may run on any number of machines. The dispatchers and the sweep run in threads
beside procrastinate's event loop. Knows handlers and gateways only as it is given them.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import procrastinate
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import DeleteJobCondition

from b24app.jobs import process_inbox, sweep
from b24app.jobs.dispatching import Dispatcher
from b24app.jobs.wakeups import WakefulConnector
from storage import jobs
from storage.away import AWAY
from storage.inbox import LANE_QUEUE, LANE_TASK
from storage.unit_of_work import Transactions

logger = logging.getLogger(__name__)

# A lane whose lock was let go by another process is found by looking.
POLL_SECONDS = 0.5
SWEEP_SECONDS = 2.0
FORGET_EVERY = 1800
AGAIN_SECONDS = 1.0
CHORES = "chores"
EVERY_MINUTE = "* * * * *"
Task = Callable[..., object]


@dataclass(frozen=True, kw_only=True)
class Work:
    """What is done beside the lanes: `tasks` are jobs by name, on the queue `jobs`; `schedule` names those that the clock starts too, as
    cron lines in UTC; `chores` are done every minute by one worker of all."""

    tasks: Mapping[str, Task] = field(default_factory=dict)
    schedule: Mapping[str, str] = field(default_factory=dict)
    chores: Sequence[Task] = ()


class Worker:
    """Everything one worker process runs. `address` is a libpq address; `give_ups` are told of a row that is set aside."""

    def __init__(
        self,
        address: str,
        transactions: Transactions,
        handlers: Mapping[str, process_inbox.Handler],
        dispatchers: Sequence[Dispatcher],
        work: Work,
        *,
        give_ups: Mapping[str, process_inbox.Handler] | None = None,
        concurrency: int = 4,
        stalled_after_seconds: float = 30.0,
    ) -> None:
        self._address = address
        self._transactions = transactions
        self._handlers = handlers
        self._dispatchers = dispatchers
        self._give_ups = give_ups or {}
        self._work = work
        self._concurrency = concurrency
        self._stalled_after = stalled_after_seconds
        self._stop = threading.Event()
        self._leaving = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def run(self) -> None:
        """Work until SIGTERM or SIGINT; then finish what is under way and leave. To be called by the main thread."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.leave())
        self.work()

    def leave(self) -> None:
        """Ask it to finish. Safe in a signal handler and from any thread."""
        if self._loop is None:
            self._leaving.set()
        else:
            self._loop.call_soon_threadsafe(self._leaving.set)

    def work(self) -> None:
        """Work until asked to leave; a database that goes away is waited for."""
        threads = [
            threading.Thread(
                target=dispatcher.run, args=(self._address, self._stop), name=f"dispatch-{dispatcher.network}"
            )
            for dispatcher in self._dispatchers
        ]
        for thread in threads:
            thread.start()
        try:
            asyncio.run(self._run_queue())
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()

    def build_queue(self) -> procrastinate.App:
        """Give procrastinate's app with our tasks on it."""
        queue = procrastinate.App(connector=WakefulConnector(self._address))

        @queue.task(name=LANE_TASK, queue=LANE_QUEUE)
        def drain_lane(lane: str) -> None:
            process_inbox.drain(lane, self._transactions, self._handlers, self._give_ups)

        for name, task in self._work.tasks.items():
            self._offer(queue, name, task, self._work.schedule.get(name, ""))
        self._offer(queue, CHORES, self._do_chores, EVERY_MINUTE)
        return queue

    @staticmethod
    def _offer(queue: procrastinate.App, name: str, task: Task, cron: str) -> None:
        @queue.task(name=name, queue=jobs.QUEUE, queueing_lock=name)
        def run(timestamp: int = 0) -> None:
            task()

        if cron:
            queue.periodic(cron=cron)(run)

    def _do_chores(self) -> None:
        for chore in self._work.chores:
            try:
                chore()
            except Exception:
                # The others must not wait for it, and in a minute it is tried again.
                logger.exception("a chore failed")

    async def _run_queue(self) -> None:
        self._loop = asyncio.get_running_loop()
        try:
            while not self._leaving.is_set():
                try:
                    await self._work_queue()
                except Exception as error:
                    if not _is_away(error):
                        raise
                    logger.warning("the job queue lost the database: %s", type(error.__cause__ or error).__name__)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._leaving.wait(), AGAIN_SECONDS)
        finally:
            self._loop = None

    async def _work_queue(self) -> None:
        """Work until asked to leave, or until the library gives up: it does when the database cuts one of its connections."""
        queue = self.build_queue()
        # What was missed while no worker ran is looked for at once, not at the next full minute.
        with self._transactions.engine.begin() as connection:
            jobs.defer(connection, CHORES)
        async with queue.open_async():
            worker = asyncio.create_task(
                queue.run_worker_async(
                    concurrency=self._concurrency,
                    delete_jobs=DeleteJobCondition.SUCCESSFUL,
                    fetch_job_polling_interval=POLL_SECONDS,
                    install_signal_handlers=False,
                    update_heartbeat_interval=self._stalled_after / 3,
                    stalled_worker_timeout=self._stalled_after,
                    shutdown_graceful_timeout=20,
                )
            )
            others = [asyncio.create_task(self._sweep(queue)), asyncio.create_task(self._leaving.wait())]
            try:
                await asyncio.wait([worker, others[1]], return_when=asyncio.FIRST_COMPLETED)
                worker.cancel()
                with suppress(asyncio.CancelledError):
                    await worker
            finally:
                for task in others:
                    task.cancel()
                await asyncio.gather(*others, return_exceptions=True)

    async def _sweep(self, queue: procrastinate.App) -> None:
        rounds = 0
        while True:
            try:
                await sweep.rescue_stalled(queue, self._stalled_after)
                await asyncio.to_thread(sweep.wake_forgotten, self._transactions)
                if rounds % FORGET_EVERY == 0:
                    await asyncio.to_thread(sweep.forget_old, self._transactions)
            except Exception:
                # The database may be away for a moment; the next sweep finds the same work.
                logger.exception("a sweep failed")
            rounds += 1
            await asyncio.sleep(SWEEP_SECONDS)


def _is_away(error: Exception) -> bool:
    """Tell a database that is away, or cut our connection, from a fault."""
    cause = error.__cause__ if isinstance(error, ConnectorException) else error
    return isinstance(cause, AWAY)
