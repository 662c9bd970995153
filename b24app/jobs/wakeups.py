"""procrastinate's way to the database, made so that no wake-up is lost.

Used by the worker. The library forgets a notification that arrives while it fetches a job, and hears none when a lane's lock is let go:
a person in a conversation would then wait for its next look. Here both count as news. Knows nothing of what jobs do.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from typing import Any, LiteralString

import psycopg
from procrastinate import PsycopgConnector
from procrastinate.connector import Notify
from procrastinate.exceptions import ConnectorException
from procrastinate.sql import queries

from storage.engines import ALIVE

CHANNEL = "procrastinate_any_queue_v1"
NEWS = json.dumps({"type": "job_inserted", "job_id": 0})
"""What the database would say of a new job; the library looks at nothing of it but the type."""

FORGETFUL = "-c synchronous_commit=off"
"""A job is only a wake-up: what a database that falls may forget of the last half second, the sweep finds again. Nobody in a
conversation waits for the disk because of it."""

FINISH_TRIES = 20
FINISH_PAUSE_SECONDS = 0.5


class WakefulConnector(PsycopgConnector):
    """Tells of news once more after a fetch that they fell into, and after a job that another of its lane may wait for."""

    def __init__(self, address: str) -> None:
        super().__init__(conninfo=address, kwargs={"options": FORGETFUL, **ALIVE})
        self._tell: Notify | None = None
        self._fetching = False
        self._heard = False
        self._telling: set[asyncio.Future[None]] = set()

    async def listen_notify(self, on_notification: Notify, channels: Iterable[str]) -> None:
        """Listen until cancelled."""

        async def told(*, channel: str, payload: str) -> None:
            self._heard = self._heard or self._fetching
            await on_notification(channel=channel, payload=payload)

        self._tell = on_notification
        await super().listen_notify(told, channels)

    async def execute_query_one_async(self, query: LiteralString, **arguments: Any) -> dict[str, Any]:
        """Ask for one row; news that come while a job is fetched are told again when that is over."""
        fetching = query == queries["fetch_job"]
        self._fetching, self._heard = self._fetching or fetching, self._heard and not fetching
        try:
            row: dict[str, Any] = await super().execute_query_one_async(query, **arguments)
        finally:
            if fetching:
                self._fetching = False
                if self._heard:
                    self._tell_again()
        return row

    async def execute_query_async(self, query: LiteralString, **arguments: Any) -> None:
        """Execute a statement; the end of a job is news for whoever waits for its lane, and is noted whatever it takes.

        A job that stayed under way in a worker that lives would hold its lane for ever.
        """
        if query != queries["finish_job"]:
            await super().execute_query_async(query, **arguments)
            return
        for tries in range(FINISH_TRIES):
            try:
                await super().execute_query_async(query, **arguments)
                break
            except ConnectorException as error:
                if tries and isinstance(error.__cause__, psycopg.errors.RaiseException):
                    break  # Only the answer was lost: the job is over.
                if tries + 1 == FINISH_TRIES or not isinstance(error.__cause__, psycopg.OperationalError):
                    raise
                await asyncio.sleep(FINISH_PAUSE_SECONDS)
        self._tell_again()

    def _tell_again(self) -> None:
        """Have the worker look once more, after whoever called us has had his turn: he forgets what he is told before."""
        if self._tell is not None:
            task = asyncio.ensure_future(self._tell(channel=CHANNEL, payload=NEWS))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)
