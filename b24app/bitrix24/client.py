"""Calling the portal's REST: one method, or up to fifty in a batch with an outcome for each.

Built on fast-bitrix24 over a session of ours; its own throttle stands wide open, since the portal counts per address and
several processes share one. Called by the gateway, the installer and the check of visitors, never inside a database transaction.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
from fast_bitrix24 import BitrixAsync

from b24app.bitrix24 import query
from b24app.bitrix24.faults import command_error
from b24app.bitrix24.loop import LoopThread
from b24app.bitrix24.transport import open_session
from b24app.errors import GatewayError, Uncertain

BATCH_LIMIT = 50
WIDE_OPEN = 1_000_000

# The library logs whole calls, which hold what people wrote.
logging.getLogger("fast_bitrix24").setLevel(logging.WARNING)


@dataclass(frozen=True)
class Access:
    """Where to call and as whom: the portal's REST address and an access token."""

    endpoint: str
    token: str

    def __repr__(self) -> str:
        """Show the address only."""
        return f"Access({self.endpoint!r})"


@dataclass(frozen=True)
class Command:
    """One method with its parameters."""

    method: str
    params: Mapping[str, Any]


@dataclass(frozen=True)
class Answer:
    """What one method gave: its result, or the error that stands in its place; `total` and `next` of lists."""

    result: Any = None
    error: GatewayError | None = None
    total: int | None = None
    next: int | None = None

    def value(self) -> Any:
        """Give the result, or raise the error."""
        if self.error is not None:
            raise self.error
        return self.result


class RestClient:
    """Speaks REST for threads. One per process; safe to share between threads and to create before a fork."""

    def __init__(self) -> None:
        self._loop = LoopThread()
        self._session: aiohttp.ClientSession | None = None
        self._session_pid = 0

    def call(self, access: Access, method: str, params: Mapping[str, Any] | None = None) -> Answer:
        """Call one method. Raises the GatewayError that the failure stands for; never sends twice."""
        body = self._loop.run(self._send(access, method, dict(params or {})))
        return Answer(body.get("result"), total=body.get("total"), next=body.get("next"))

    def batch(self, access: Access, commands: Sequence[Command]) -> list[Answer]:
        """Call up to fifty methods in order, each judged by itself; raises only when the batch as a whole failed."""
        if len(commands) > BATCH_LIMIT:
            raise ValueError(f"A batch holds at most {BATCH_LIMIT} commands.")
        if not commands:
            return []
        lines = {f"c{number}": _line(command) for number, command in enumerate(commands)}
        body = self._loop.run(self._send(access, "batch", {"halt": 0, "cmd": lines}))
        return [_answer(body.get("result"), key) for key in lines]

    def read_all(self, access: Access, method: str, params: Mapping[str, Any], key: str = "") -> list[Any]:
        """Read every page of a list method; `key` names the list inside the result, if it is inside one."""
        found: list[Any] = []
        start: int | None = 0
        while start is not None:
            answer = self.call(access, method, {**params, "start": start})
            page = answer.result.get(key, []) if key and isinstance(answer.result, Mapping) else answer.result
            found.extend(page or [])
            start = answer.next
        return found

    def close(self) -> None:
        """Close the connections and end the thread."""
        if self._session is not None and self._loop.pid == self._session_pid:
            self._loop.run(self._session.close())
            self._session = None
        self._loop.stop()

    async def _send(self, access: Access, method: str, params: dict[str, Any]) -> dict[str, Any]:
        if self._session is None or self._session_pid != self._loop.pid:
            self._session = open_session()
            self._session_pid = self._loop.pid

        async def token() -> str:
            return access.token

        portal = BitrixAsync(
            access.endpoint,
            token_func=token,
            verbose=False,
            client=self._session,
            request_pool_size=WIDE_OPEN,
            requests_per_second=float(WIDE_OPEN),
            operating_time_limit=WIDE_OPEN,
        )
        body = await portal.call(method, params, raw=True)
        return dict(body)


def _line(command: Command) -> str:
    encoded = query.encode(command.params)
    return f"{command.method}?{encoded}" if encoded else command.method


def _answer(batch: Any, key: str) -> Answer:
    # Empty maps arrive as empty lists.
    parts = {name: _map(batch.get(name)) for name in ("result", "result_error", "result_total", "result_next")}
    if key in parts["result_error"]:
        return Answer(error=command_error(parts["result_error"][key]))
    if key not in parts["result"]:
        return Answer(error=Uncertain("The batch says nothing of this command.", code="ABSENT"))
    return Answer(parts["result"][key], total=parts["result_total"].get(key), next=parts["result_next"].get(key))


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
