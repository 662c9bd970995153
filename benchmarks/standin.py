"""The stand-in portal: simple calls a second beside a bare aiohttp server, and a hundred thousand deals listed.

All servers run in processes of their own, limits off; every figure names its peer or limit of the same run.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import aiohttp

from benchmarks import load
from benchmarks.load import Request
from benchmarks.results import Figure

CALLS = 6000
DEALS = 100_000
IN_BATCH = 50
WRITERS = 4
WANTED_CALLS = 2000
BARE = """
from aiohttp import web
async def answer(request):
    await request.read()
    return web.json_response({"result": "ok"})
app = web.Application()
app.router.add_post("/", answer)
async def main():
    import asyncio
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(f"bare on http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await asyncio.Event().wait()
import asyncio
asyncio.run(main())
"""


@contextmanager
def _running(*arguments: str) -> Iterator[str]:
    with subprocess.Popen([sys.executable, *arguments], stdout=subprocess.PIPE, text=True) as process:
        if process.stdout is None:
            raise RuntimeError("a server without output")
        try:
            yield process.stdout.readline().split()[-1]
        finally:
            process.terminate()


def _json(url: str, body: dict[str, Any]) -> Request:
    return Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})


def measure() -> list[Figure]:
    """Calls a second of both servers, then adding and reading through the deals."""
    with _running("-c", BARE) as bare:
        peer = load.per_second([_json(f"{bare}/", {"n": n}) for n in range(CALLS)])
    with _running("-m", "sandbox", "portal", "--port", "0", "--webhook", "1/KEY") as portal:
        rest = f"{portal}/rest/1/KEY"
        simple = load.per_second([_json(f"{rest}/server.time", {}) for _ in range(CALLS)])
        added = DEALS / asyncio.run(_fill(rest))
        pages, scan = asyncio.run(_scan(rest, {}))
        found, chosen = asyncio.run(_scan(rest, {"filter": {"STAGE_ID": "PREPARATION"}}))
    how = f"crm.deal.list by pages of 50 of {DEALS} deals, one caller"
    return [
        Figure("standin.bare", peer, "1/s", f"an aiohttp server without logic, {load.CONNECTIONS} connections"),
        Figure("standin.calls", simple, "1/s", "server.time through the webhook", at_least=WANTED_CALLS),
        Figure("standin.adds", added, "1/s", f"deals added in batches of {IN_BATCH}"),
        Figure("standin.scan", scan, "s", f"{how}: {pages} pages"),
        Figure("standin.scan_filtered", chosen, "s", f"{how}, by stage: {found} pages"),
    ]


async def _fill(rest: str) -> float:
    """Adds all deals; answers seconds. Raises RuntimeError when one is refused."""
    batches = iter(range(DEALS // IN_BATCH))
    async with aiohttp.ClientSession() as session:

        async def write() -> None:
            for number in batches:
                stage = ("NEW", "PREPARATION", "EXECUTING")[number % 3]
                commands = [
                    f"crm.deal.add?fields[TITLE]=Lot+{number}-{place}&fields[STAGE_ID]={stage}"
                    for place in range(IN_BATCH)
                ]
                async with session.post(f"{rest}/batch", json={"cmd": commands}) as answer:
                    if (await answer.json())["result"]["result_error"]:
                        raise RuntimeError("a deal was refused")

        started = time.perf_counter()
        await asyncio.gather(*(write() for _ in range(WRITERS)))
        return time.perf_counter() - started


async def _scan(rest: str, asked: dict[str, Any]) -> tuple[int, float]:
    """Reads a list to its end; answers how many pages and seconds."""
    pages, start = 0, 0
    began = time.perf_counter()
    async with aiohttp.ClientSession() as session:
        while True:
            body = {"select": ["ID", "TITLE"], "start": start, **asked}
            async with session.post(f"{rest}/crm.deal.list", json=body) as answer:
                read = await answer.json()
            pages += 1
            if "next" not in read:
                return pages, time.perf_counter() - began
            start = read["next"]
