"""The stand-in portal: simple calls a second beside a bare aiohttp server, and a hundred thousand deals listed.

All servers run in processes of their own, limits off; every figure names its peer or limit of the same run. Calls are
counted by the seconds that the server computes, which is what one core gives, whoever else the machine works for.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import aiohttp
import psutil

from benchmarks import load
from benchmarks.load import Request
from benchmarks.results import Figure

CALLS = 6000
DEALS = 100_000
IN_BATCH = 50
WRITERS = 4
BARE_CALLS_PER_CALL = 5
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


Follow = Callable[[dict[str, Any]], dict[str, Any] | None]
SIMPLE: dict[str, dict[str, Any]] = {"server.time": {}, "user.get": {"ID": "1"}, "crm.deal.get": {"id": 1}}


@contextmanager
def _running(*arguments: str) -> Iterator[tuple[str, psutil.Process]]:
    with subprocess.Popen([sys.executable, *arguments], stdout=subprocess.PIPE, text=True) as process:
        if process.stdout is None:
            raise RuntimeError("a server without output")
        try:
            yield process.stdout.readline().split()[-1], psutil.Process(process.pid)
        finally:
            process.terminate()


def _json(url: str, body: dict[str, Any]) -> Request:
    return Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})


def measure() -> list[Figure]:
    """Calls a second of both servers, then adding and reading through the deals."""
    with _running("-c", BARE) as (bare, process):
        peer = _per_cpu_second(process, f"{bare}/", {"n": 1})
    with _running("-m", "sandbox", "portal", "--port", "0", "--webhook", "1/KEY") as (portal, process):
        rest = f"{portal}/rest/1/KEY"
        load.per_second([_json(f"{rest}/crm.deal.add", {"fields": {"TITLE": "Lot"}})])
        simple = {name: _per_cpu_second(process, f"{rest}/{name}", body) for name, body in SIMPLE.items()}
        added = DEALS / asyncio.run(_fill(rest))
        pages, scan = _scanned(process, rest, {}, _by_start)
        found, chosen = _scanned(process, rest, {"filter": {"STAGE_ID": "PREPARATION"}}, _by_start)
        _, uncounted = _scanned(process, rest, {}, _by_number)
    how = f"computed for crm.deal.list by pages of 50 of {DEALS} deals"
    return [
        Figure(
            "standin.bare",
            peer,
            "1/s",
            f"calls a computed second of an aiohttp server without logic, {load.CONNECTIONS} connections",
        ),
        *(
            Figure(
                f"standin.{name}",
                calls,
                "1/s",
                "by webhook, wanted is a fifth of the bare server",
                at_least=peer / BARE_CALLS_PER_CALL,
            )
            for name, calls in simple.items()
        ),
        Figure("standin.adds", added, "1/s", f"deals added in batches of {IN_BATCH}"),
        Figure("standin.scan", scan, "s", f"{how}: {pages} pages"),
        Figure("standin.scan_filtered", chosen, "s", f"{how}, by stage: {found} pages"),
        Figure("standin.scan_uncounted", uncounted, "s", f"{how}, start=-1 and a filter by the last number"),
    ]


def _per_cpu_second(process: psutil.Process, url: str, body: dict[str, Any]) -> float:
    """Calls that a server answers in a second of its own computing."""
    before = _computed(process)
    load.per_second([_json(url, body) for _ in range(CALLS)])
    return CALLS / (_computed(process) - before)


def _computed(process: psutil.Process) -> float:
    spent = process.cpu_times()
    return float(spent.user + spent.system)


def _scanned(process: psutil.Process, rest: str, asked: dict[str, Any], follow: Follow) -> tuple[int, float]:
    """Pages of a list read to its end, and the seconds that the server computed for them."""
    before = _computed(process)
    pages = asyncio.run(_scan(rest, asked, follow))
    return pages, _computed(process) - before


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


def _by_start(read: dict[str, Any]) -> dict[str, Any] | None:
    return {"start": read["next"]} if "next" in read else None


def _by_number(read: dict[str, Any]) -> dict[str, Any] | None:
    if not read["result"]:
        return None
    return {"start": -1, "order": {"ID": "ASC"}, "filter": {">ID": read["result"][-1]["ID"]}}


async def _scan(rest: str, asked: dict[str, Any], follow: Follow) -> int:
    """Reads a list to its end; answers how many pages. `follow`: what to ask for after an answer."""
    pages = 0
    further = follow({"next": 0, "result": [{"ID": 0}]})
    async with aiohttp.ClientSession() as session:
        while further:
            body = {"select": ["ID", "TITLE"], **asked, **further}
            async with session.post(f"{rest}/crm.deal.list", json=body) as answer:
                further = follow(await answer.json())
            pages += 1
    return pages
