"""Calling the portal's REST: one method, or up to fifty in a batch with an outcome for each.

Built on fast-bitrix24 over a session of ours; its own throttle stands wide open, since the portal counts per address and
several processes share one. Called by the gateway, the installer and the check of visitors, never inside a database transaction.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import aiohttp
from fast_bitrix24 import BitrixAsync

from b24app.bitrix24 import query
from b24app.bitrix24.faults import command_error
from b24app.bitrix24.loop import LoopThread
from b24app.bitrix24.transport import open_session
from b24app.errors import GatewayError, Retryable, Uncertain

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
class Timing:
    """How long a call took, what its method has used of its budget by then, and in how many seconds that shrinks.

    `finished_at` is when it was answered by the portal's own clock, in seconds since 1970, 0 when it does not say.
    """

    seconds: float | None = None
    operating: float = 0.0
    reset_in_seconds: float = 0.0
    finished_at: float = 0.0


@dataclass(frozen=True)
class Answer:
    """What one method gave: its result, or the error that stands in its place; `total` and `next` of lists; what it cost."""

    result: Any = None
    error: GatewayError | None = None
    total: int | None = None
    next: int | None = None
    timing: Timing = Timing()

    def value(self) -> Any:
        """Give the result, or raise the error."""
        if self.error is not None:
            raise self.error
        return self.result


class Turn(Protocol):
    """The request limit that every call waits for."""

    def wait(self, *, urgent: bool) -> None:
        """Return when a call may go. Raises Retryable when that takes too long."""

    def used_up(self) -> None:
        """Hear that the portal refused a call for its limit."""


class RestClient:
    """Speaks REST for threads. One per process; safe to share between threads and to create before a fork.

    Every call waits for its `turn`; the `urgent`, for which a person waits, may use what is reserved for them.
    """

    def __init__(self, turn: Turn | None = None, longest_call_seconds: float = 60.0) -> None:
        self._turn = turn
        self._longest_call = longest_call_seconds
        self._loop = LoopThread()
        self._session: aiohttp.ClientSession | None = None
        self._session_pid = 0

    def call(
        self, access: Access, method: str, params: Mapping[str, Any] | None = None, *, urgent: bool = True
    ) -> Answer:
        """Call one method. Raises the GatewayError that the failure stands for; never sends twice."""
        body = self._sent(access, method, dict(params or {}), urgent)
        return Answer(
            body.get("result"), total=body.get("total"), next=body.get("next"), timing=_timing(body.get("time"))
        )

    def batch(
        self, access: Access, commands: Sequence[Command], *, halt: bool = False, urgent: bool = True
    ) -> list[Answer]:
        """Call up to fifty methods in order, each judged by itself; raises only when the batch as a whole failed.

        With `halt` the portal stops at the first error, and what came after it certainly did not happen.
        """
        if len(commands) > BATCH_LIMIT:
            raise ValueError(f"A batch holds at most {BATCH_LIMIT} commands.")
        if not commands:
            return []
        lines = {f"c{number}": _line(command) for number, command in enumerate(commands)}
        body = self._sent(access, "batch", {"halt": int(halt), "cmd": lines}, urgent)
        return [_answer(body.get("result"), key, halt=halt) for key in lines]

    def read_all(
        self, access: Access, method: str, params: Mapping[str, Any], key: str = "", *, urgent: bool = True
    ) -> list[Any]:
        """Read every page of a list method; `key` names the list inside the result, if it is inside one.

        The first page is asked for without `start`: the pages of short lists (`crm.status.list`) do not know it.
        """
        found: list[Any] = []
        asked = dict(params)
        while True:
            answer = self.call(access, method, asked, urgent=urgent)
            page = answer.result.get(key, []) if key and isinstance(answer.result, Mapping) else answer.result
            found.extend(page or [])
            if answer.next is None:
                return found
            asked["start"] = answer.next

    def close(self) -> None:
        """Close the connections and end the thread."""
        if self._session is not None and self._loop.pid == self._session_pid:
            self._loop.run(self._session.close())
            self._session = None
        self._loop.stop()

    def _sent(self, access: Access, method: str, params: dict[str, Any], urgent: bool) -> dict[str, Any]:
        if self._turn is not None:
            self._turn.wait(urgent=urgent)
        try:
            return self._loop.run(self._send(access, method, params))
        except Retryable as error:
            if self._turn is not None and error.code.upper() == "QUERY_LIMIT_EXCEEDED":
                self._turn.used_up()
            raise

    async def _send(self, access: Access, method: str, params: dict[str, Any]) -> dict[str, Any]:
        if self._session is None or self._session_pid != self._loop.pid:
            self._session = open_session(self._longest_call)
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


def _answer(batch: Any, key: str, *, halt: bool) -> Answer:
    # Empty maps arrive as empty lists.
    names = ("result", "result_error", "result_total", "result_next", "result_time")
    parts = {name: _map(_map(batch).get(name)) for name in names}
    timing = _timing(parts["result_time"].get(key))
    if key in parts["result_error"]:
        return Answer(error=command_error(parts["result_error"][key]), timing=timing)
    if key in parts["result"]:
        found = parts["result"][key]
        return Answer(found, total=parts["result_total"].get(key), next=parts["result_next"].get(key), timing=timing)
    if halt and parts["result_error"]:
        return Answer(error=Retryable("The batch stopped before this command.", code="HALTED", after_seconds=0.0))
    return Answer(error=Uncertain("The batch says nothing of this command.", code="ABSENT"))


def _timing(block: Any) -> Timing:
    """Read the `time` block; the moment of the reset is turned into seconds by the portal's own clock, which need not be ours."""
    block = _map(block)
    try:
        finish, reset = float(block.get("finish") or 0.0), float(block.get("operating_reset_at") or 0.0)
        seconds = float(block["duration"]) if "duration" in block else None
        return Timing(seconds, float(block.get("operating") or 0.0), max(0.0, reset - finish), finish)
    except (TypeError, ValueError):
        return Timing()


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
