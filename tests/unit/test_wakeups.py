"""A wake-up that falls into a fetch is heard after it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from procrastinate import PsycopgConnector
from procrastinate.sql import queries

from b24app.jobs.wakeups import WakefulConnector

Told = list[str]


class Database:
    """What the connector would find: a fetch during which something may be announced."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.during: Callable[[], Awaitable[None]] | None = None
        self.told: Told = []
        self.announce: Any = None
        monkeypatch.setattr(PsycopgConnector, "execute_query_one_async", self._one)
        monkeypatch.setattr(PsycopgConnector, "execute_query_async", self._none)
        monkeypatch.setattr(PsycopgConnector, "listen_notify", self._listen)

    async def _one(self, query: str, **_: Any) -> dict[str, Any]:
        if self.during is not None:
            await self.during()
        return {"id": None}

    async def _none(self, query: str, **_: Any) -> None:
        await asyncio.sleep(0)

    async def _listen(self, on_notification: Any, channels: Any) -> None:
        self.announce = on_notification

    async def hear(self, *, channel: str, payload: str) -> None:
        """Take a notification as the library's worker does."""
        self.told.append(json.loads(payload)["type"])


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch) -> Database:
    """A database whose announcements are made by hand."""
    return Database(monkeypatch)


async def _after(database: Database, query: str, *, announced: bool) -> Told:
    connector = WakefulConnector("")
    await connector.listen_notify(database.hear, ["any"])
    if announced:
        database.during = lambda: database.announce(channel="any", payload='{"type": "job_inserted"}')
    await (connector.execute_query_async if query == "finish_job" else connector.execute_query_one_async)(
        queries[query]
    )
    database.told.clear()
    await asyncio.sleep(0)
    return database.told


@pytest.mark.parametrize(
    ("query", "announced", "again"),
    [("fetch_job", True, 1), ("fetch_job", False, 0), ("finish_job", False, 1), ("defer_periodic_job", True, 0)],
)
def test_news_are_told_again_when_they_would_be_forgotten(
    database: Database, query: str, announced: bool, again: int
) -> None:
    """After a fetch during which something was announced, and after the end of a job; otherwise nothing is told twice."""
    told = asyncio.run(_after(database, query, announced=announced))
    assert told == ["job_inserted"] * again
