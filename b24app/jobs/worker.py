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

import procrastinate
from procrastinate.jobs import DeleteJobCondition

from b24app.jobs import process_inbox, sweep
from b24app.jobs.dispatching import Dispatcher
from b24app.jobs.wakeups import WakefulConnector
from storage import jobs
from storage.inbox import LANE_QUEUE, LANE_TASK
from storage.unit_of_work import Transactions

logger = logging.getLogger(__name__)

# A lane whose lock was let go by another process is found by looking.
POLL_SECONDS = 0.5
SWEEP_SECONDS = 2.0
FORGET_EVERY = 1800
CHORES = "chores"
EVERY_MINUTE = "* * * * *"
Task = Callable[..., object]


class Worker:
    """Everything one worker process runs. `address` is a libpq address; `tasks` are further jobs by name, on the queue `jobs`;
    `schedule` names those that the clock starts too, as cron lines in UTC; `chores` are done every minute by one worker of all."""

    def __init__(
        self,
        address: str,
        transactions: Transactions,
        handlers: Mapping[str, process_inbox.Handler],
        dispatchers: Sequence[Dispatcher],
        *,
        give_ups: Mapping[str, process_inbox.Handler] | None = None,
        tasks: Mapping[str, Task] | None = None,
        schedule: Mapping[str, str] | None = None,
        chores: Sequence[Task] = (),
        concurrency: int = 4,
        stalled_after_seconds: float = 30.0,
    ) -> None:
        self._address = address
        self._transactions = transactions
        self._handlers = handlers
        self._dispatchers = dispatchers
        self._give_ups = give_ups or {}
        self._tasks = tasks or {}
        self._schedule = schedule or {}
        self._chores = chores
        self._concurrency = concurrency
        self._stalled_after = stalled_after_seconds
        self._stop = threading.Event()

    def run(self) -> None:
        """Work until SIGTERM or SIGINT; then finish what is under way and leave."""
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

        for name, task in self._tasks.items():
            self._offer(queue, name, task, self._schedule.get(name, ""))
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
        for chore in self._chores:
            try:
                chore()
            except Exception:
                # The others must not wait for it, and in a minute it is tried again.
                logger.exception("a chore failed")

    async def _run_queue(self) -> None:
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
            sweeper = asyncio.create_task(self._sweep(queue))
            loop = asyncio.get_running_loop()
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(number, worker.cancel)
            with suppress(asyncio.CancelledError):
                await worker
            sweeper.cancel()
            with suppress(asyncio.CancelledError):
                await sweeper

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
