"""The queue server: posts events and robot calls to handler addresses in the background.

One worker per address keeps the order there, which the documentation does not promise: the fault `overtaken` lets later parcels pass
one. Nothing is ever retried. A handler that answers slowly is called less
often. Used by events and automation; it must not know what it carries.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections import deque
from dataclasses import dataclass
from typing import Any

import aiohttp

from sandbox.faults import Faults
from sandbox.portal.readings import Readings, declare
from sandbox.wire import encode_form

TIMEOUT_SECONDS = 30.0
SLOW_AFTER_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 10.0
KEPT = 2000
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
BODY = declare(
    "handler_call_body",
    "form",
    "json",
    about="What handlers receive: the page of events says an encoded form, samples of three tutorials read JSON.",
)


@dataclass(frozen=True, slots=True)
class Parcel:
    """One call to make: `label` names it for faults and for the log."""

    url: str
    fields: dict[str, Any]
    label: str


class DeliveryQueue:
    """Parcels on their way; `log` holds the last outcomes. `push` works from any handler, also before `start`."""

    def __init__(self, faults: Faults, readings: Readings) -> None:
        self.faults, self.readings = faults, readings
        self.log: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._lanes: dict[str, deque[Parcel]] = {}
        self._workers: dict[str, asyncio.Task[None]] = {}
        self._late: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None
        self._busy = 0

    async def start(self) -> None:
        """Opens the client; parcels pushed earlier leave now."""
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
        self._session = aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=0))
        for url in self._lanes:
            self._wake(url)

    async def stop(self) -> None:
        """Ends all workers; what is still queued is lost, as nothing is retried."""
        workers = [*self._workers.values(), *self._late]
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        if self._session:
            await self._session.close()
            self._session = None

    def push(self, url: str, fields: dict[str, Any], label: str) -> None:
        """Queues a POST of `fields`, as a bracketed form or as the reading in force has it."""
        self._lanes.setdefault(url, deque()).append(Parcel(url, fields, label))
        if self._session:
            self._wake(url)

    def waiting(self) -> int:
        """Parcels not yet delivered or lost."""
        return self._busy + sum(len(lane) for lane in self._lanes.values())

    def clear(self) -> None:
        """Forgets everything queued and the log."""
        for lane in self._lanes.values():
            lane.clear()
        self.log.clear()

    async def drain(self, seconds: float) -> bool:
        """Waits until nothing is on its way, at most `seconds`; whether it is so."""
        until = time.monotonic() + seconds
        while self.waiting() and time.monotonic() < until:
            await asyncio.sleep(0.01)
        return not self.waiting()

    def _wake(self, url: str) -> None:
        if url not in self._workers and self._lanes[url]:
            self._workers[url] = asyncio.get_running_loop().create_task(self._work(url))

    async def _work(self, url: str) -> None:
        lane = self._lanes[url]
        try:
            while lane:
                self._busy += 1
                try:
                    spent = await self._deliver(lane.popleft())
                finally:
                    self._busy -= 1
                if spent > SLOW_AFTER_SECONDS:
                    await asyncio.sleep(min(spent, LONGEST_PAUSE_SECONDS))
        finally:
            del self._workers[url]

    async def _deliver(self, parcel: Parcel) -> float:
        started = time.monotonic()
        rule = self.faults.pick(parcel.label, "out")
        action = rule.action if rule else None
        status: int | str = "lost"
        if rule and action == "overtaken":
            self._post_later(parcel, rule.seconds)
            return time.monotonic() - started
        if rule and action == "slow":
            await asyncio.sleep(rule.seconds)
        if action not in {"lose", "drop_before"}:
            status = await self._post(parcel)
        if action == "duplicate":
            await self._post(parcel)
        self._note(parcel, status)
        return time.monotonic() - started

    def _note(self, parcel: Parcel, status: int | str) -> None:
        self.log.append({"label": parcel.label, "url": parcel.url, "fields": parcel.fields, "status": status})

    def _post_later(self, parcel: Parcel, seconds: float) -> None:
        async def post() -> None:
            await asyncio.sleep(seconds)
            self._note(parcel, await self._post(parcel))

        self._busy += 1
        task = asyncio.get_running_loop().create_task(post())
        self._late.add(task)
        task.add_done_callback(self._arrived)

    def _arrived(self, task: asyncio.Task[None]) -> None:
        self._busy -= 1
        self._late.discard(task)

    async def _post(self, parcel: Parcel) -> int | str:
        if self._session is None:
            return "stopped"
        as_json = self.readings[BODY] == "json"
        headers = {"Content-Type": JSON if as_json else FORM, "User-Agent": "Bitrix24 Webhook Engine"}
        with contextlib.suppress(UnicodeError):
            body = (json.dumps(parcel.fields) if as_json else encode_form(parcel.fields)).encode()
            try:
                async with self._session.post(parcel.url, data=body, headers=headers, allow_redirects=False) as answer:
                    await answer.read()
                    return answer.status
            except (aiohttp.ClientError, TimeoutError, ValueError) as error:
                return type(error).__name__
        return "unencodable"
