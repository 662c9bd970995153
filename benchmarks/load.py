"""A bounded load of POST requests over kept connections, from one process.

Called by the benchmarks; sends to addresses of this machine only and stops by itself.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import aiohttp

CONNECTIONS = 16


class Request(NamedTuple):
    """One POST: where, with which body and headers."""

    url: str
    body: bytes
    headers: Mapping[str, str]


def per_second(requests: Sequence[Request]) -> float:
    """Send all as fast as they are answered; answers requests a second. Raises RuntimeError on any answer but 200."""
    return asyncio.run(_send_all(requests))


async def _send_all(requests: Sequence[Request]) -> float:
    waiting = iter(requests)
    connector = aiohttp.TCPConnector(limit=CONNECTIONS)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def work() -> None:
            for request in waiting:
                async with session.post(request.url, data=request.body, headers=request.headers) as answer:
                    await answer.read()
                    if answer.status != 200:
                        raise RuntimeError(f"{request.url} answered {answer.status}")

        started = time.perf_counter()
        await asyncio.gather(*(work() for _ in range(CONNECTIONS)))
        return len(requests) / (time.perf_counter() - started)
