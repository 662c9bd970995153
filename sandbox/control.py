"""The control interface that both worlds share, under `/sandbox/`.

Called by functional tests, the story player, the chaos driver and the control panel page. JSON in and out; a mistake
is answered 400 `{"error": text}`.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, Protocol

from aiohttp import web

from sandbox.clock import Clock
from sandbox.faults import Faults, RuleError
from sandbox.record import Recorder


class World(Protocol):
    """What a world offers to the control interface."""

    clock: Clock
    faults: Faults
    recorder: Recorder
    snapshots: dict[str, Any]

    def health(self) -> dict[str, Any]:
        """A few counters for a person and for a readiness probe."""

    def reset(self) -> None:
        """Back to the state of a fresh start."""

    def dump(self) -> Any:
        """A deep copy of the whole state."""

    def load(self, dumped: Any) -> None:
        """Replaces the whole state by a copy of what `dump` returned."""

    def describe_limits(self) -> dict[str, Any]:
        """The limits in force."""

    def set_limits(self, wanted: dict[str, Any]) -> None:
        """Puts limits in force; ValueError when they cannot be understood."""


async def body(request: web.Request) -> dict[str, Any]:
    """The JSON object of a control request, {} when empty. Answers 400 to anything else."""
    if not request.can_read_body:
        return {}
    try:
        read = await request.json()
    except ValueError as error:
        raise bad_request(str(error)) from error
    if not isinstance(read, dict):
        raise bad_request("the body must be a JSON object")
    return read


def bad_request(text: str, status: int = 400) -> web.HTTPException:
    """A control error to raise."""
    kind = web.HTTPNotFound if status == 404 else web.HTTPBadRequest
    return kind(text=json.dumps({"error": text}), content_type="application/json")


def attach(app: web.Application, world: World) -> None:
    """Adds the shared control routes to `app`."""
    routes = _Routes(world)
    app.add_routes(
        [
            web.get("/sandbox/health", routes.health),
            web.post("/sandbox/reset", routes.reset),
            web.post("/sandbox/snapshot", routes.snapshot),
            web.post("/sandbox/restore", routes.restore),
            web.get("/sandbox/clock", routes.read_clock),
            web.post("/sandbox/clock", routes.set_clock),
            web.get("/sandbox/faults", routes.read_faults),
            web.post("/sandbox/faults", routes.set_faults),
            web.get("/sandbox/limits", routes.read_limits),
            web.post("/sandbox/limits", routes.set_limits),
            web.get("/sandbox/calls", routes.calls),
        ]
    )


class _Routes:
    def __init__(self, world: World) -> None:
        self.world = world

    async def health(self, _request: web.Request) -> web.StreamResponse:
        return web.json_response({"ok": True, "now": self.world.clock.now().isoformat(), **self.world.health()})

    async def reset(self, _request: web.Request) -> web.StreamResponse:
        self.world.faults.rules = []
        self.world.recorder.clear()
        self.world.clock.advance(-self.world.clock.offset.total_seconds())
        self.world.reset()
        return web.json_response({"ok": True})

    async def snapshot(self, request: web.Request) -> web.StreamResponse:
        name = str((await body(request)).get("name", "default"))
        self.world.snapshots[name] = self.world.dump()
        return web.json_response({"ok": True, "name": name})

    async def restore(self, request: web.Request) -> web.StreamResponse:
        name = str((await body(request)).get("name", "default"))
        if name not in self.world.snapshots:
            raise bad_request(f"no snapshot {name!r}", 404)
        self.world.load(self.world.snapshots[name])
        return web.json_response({"ok": True, "name": name})

    async def read_clock(self, _request: web.Request) -> web.StreamResponse:
        clock = self.world.clock
        return web.json_response({"now": clock.now().isoformat(), "offset_seconds": clock.offset.total_seconds()})

    async def set_clock(self, request: web.Request) -> web.StreamResponse:
        wanted = await body(request)
        try:
            if "now" in wanted:
                moment = datetime.fromisoformat(str(wanted["now"]))
                self.world.clock.set(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
            if "advance_seconds" in wanted:
                self.world.clock.advance(float(wanted["advance_seconds"]))
        except (ValueError, TypeError, OverflowError) as error:
            raise bad_request(str(error)) from error
        return await self.read_clock(request)

    async def read_faults(self, _request: web.Request) -> web.StreamResponse:
        return web.json_response({"rules": self.world.faults.describe()})

    async def set_faults(self, request: web.Request) -> web.StreamResponse:
        rules = (await body(request)).get("rules", [])
        try:
            self.world.faults.replace(rules)
        except (RuleError, AttributeError, TypeError) as error:
            raise bad_request(str(error)) from error
        return await self.read_faults(request)

    async def read_limits(self, _request: web.Request) -> web.StreamResponse:
        return web.json_response(self.world.describe_limits())

    async def set_limits(self, request: web.Request) -> web.StreamResponse:
        try:
            self.world.set_limits(await body(request))
        except (ValueError, TypeError) as error:
            raise bad_request(str(error)) from error
        return await self.read_limits(request)

    async def calls(self, request: web.Request) -> web.StreamResponse:
        since = request.query.get("since", "0")
        if not since.isdigit():
            raise bad_request("since must be a number")
        return web.json_response({"calls": self.world.recorder.since(int(since))}, dumps=_dumps)


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=repr)
