"""Builds the portal's aiohttp application and runs its background work.

Imports every module under `sandbox.portal`, so that each family registers itself; a module with a function
`attach(app)` adds its own routes.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import json
import pkgutil
from collections.abc import AsyncIterator, Awaitable, Callable
from types import ModuleType

from aiohttp import web

import sandbox.portal
from sandbox import control
from sandbox.options import Options
from sandbox.portal import guard, hooks
from sandbox.portal.disk_state import DiskState
from sandbox.portal.portal import PORTAL, Portal

TICK_SECONDS = 0.2
MAX_BODY = 200 * 1024 * 1024
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def portal_modules() -> list[ModuleType]:
    """Every module of the portal, imported."""
    found = pkgutil.walk_packages(sandbox.portal.__path__, "sandbox.portal.")
    return [importlib.import_module(info.name) for info in found]


def create_app(options: Options) -> web.Application:
    """A portal ready to serve: seeded, or as it was left in `options.data`."""
    modules = portal_modules()
    portal = Portal(options)
    disk = DiskState(portal, options.data) if options.data else None
    if not (disk and disk.read()):
        portal.reset()
    if options.readings:
        portal.readings.choose(json.loads(options.readings.read_text(encoding="utf-8")))
    app = web.Application(client_max_size=MAX_BODY, middlewares=[guard.crashes, guard.knobs, address])
    app[PORTAL] = portal
    control.attach(app, portal)
    for module in modules:
        if (attach := getattr(module, "attach", None)) is not None:
            attach(app)
    app.cleanup_ctx.append(lambda _app: background(portal, disk))
    return app


ELSEWHERE = ("/sandbox/", "/oauth/")


@web.middleware
async def address(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Learns the portal's address from the first request and sends callers of an old address to the new one.

    The authorization server and the control interface are other machines than the portal: they do not move with it.
    """
    portal = request.app[PORTAL]
    moved = request.host in portal.store.values.get("old_domains", ()) and request.host != portal.domain
    if moved and not request.path.startswith(ELSEWHERE):
        raise web.HTTPFound(f"http://{portal.domain}{request.raw_path}")
    if portal.seen_host.endswith(":0"):
        portal.seen_host = request.host
    return await handler(request)


async def background(portal: Portal, disk: DiskState | None) -> AsyncIterator[None]:
    """Delivery, ticking and saving while the server runs."""
    await portal.queue.start()
    tasks = [asyncio.create_task(_tick(portal))]
    if disk:
        tasks.append(asyncio.create_task(disk.keep_writing()))
    yield
    for task in tasks:
        task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.gather(*tasks)
    await portal.queue.stop()
    if disk:
        disk.write()
    portal.recorder.close()


async def _tick(portal: Portal) -> None:
    while True:
        await asyncio.sleep(TICK_SECONDS)
        hooks.call("tick", portal)
