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
from collections.abc import AsyncIterator
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
    app = web.Application(client_max_size=MAX_BODY, middlewares=[guard.door])
    app[PORTAL] = portal
    control.attach(app, portal)
    for module in modules:
        if (attach := getattr(module, "attach", None)) is not None:
            attach(app)
    app.cleanup_ctx.append(lambda _app: background(portal, disk))
    return app


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
