"""The portal as one object: state, clock, faults, limits, record, event queue.

Made by the server, handed to every method handler and page. It knows no method and no page.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from aiohttp import web

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.options import Options
from sandbox.portal import hooks
from sandbox.portal.delivery import DeliveryQueue
from sandbox.portal.limits import Limits
from sandbox.portal.readings import Readings
from sandbox.portal.store import Row, Store
from sandbox.record import Recorder

ZONE = timezone(timedelta(hours=3))


class Portal:
    """One Bitrix24 with everything in it."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.clock = Clock()
        self.faults = Faults()
        self.limits = Limits(options.limits)
        self.readings = Readings()
        self.recorder = Recorder("bitrix24", options.record)
        self.store = Store(options.seed)
        self.queue = DeliveryQueue(self.faults, self.readings)
        self.snapshots: dict[str, str] = {}
        self._caches: dict[str, dict[Any, Any]] = {}
        self._caches_of = self.store.generation
        self._stamp = 0, ""
        self.seen_host = f"{options.host}:{options.port}"
        self.clock.listeners.append(lambda: hooks.call("tick", self))

    @property
    def users(self) -> dict[str, Row]:
        """Users by id."""
        return self.store.table("users")

    @property
    def apps(self) -> dict[str, Row]:
        """Installed applications by id; a removed one is gone from here."""
        return self.store.table("apps")

    @property
    def domain(self) -> str:
        """Host and port that the portal goes by now."""
        return str(self.store.values.get("domain") or self.seen_host)

    @property
    def client_endpoint(self) -> str:
        """Where REST methods of the portal are called."""
        return f"http://{self.domain}/rest/"

    @property
    def server_endpoint(self) -> str:
        """Where the authorization server answers app.info."""
        return f"http://{self.domain}/oauth/rest/"

    @property
    def member_id(self) -> str:
        """The identifier of the portal that never changes."""
        return str(self.store.values["member_id"])

    def cache(self, name: str) -> dict[Any, Any]:
        """A dict for what can be derived from the state; emptied when the state is replaced."""
        if self._caches_of != self.store.generation:
            self._caches_of, self._caches = self.store.generation, {}
        return self._caches.setdefault(name, {})

    def now(self) -> datetime:
        """The present in the portal's time zone."""
        return self.clock.now().astimezone(ZONE)

    def stamp(self) -> str:
        """The present as methods print it: seconds and zone."""
        second = int(self.clock.timestamp())
        if self._stamp[0] != second:
            self._stamp = second, datetime.fromtimestamp(second, ZONE).isoformat()
        return self._stamp[1]

    def health(self) -> dict[str, Any]:
        """A few counters for the control interface."""
        sizes = {name: len(rows) for name, rows in sorted(self.store.tables.items())}
        return {"world": "bitrix24", "domain": self.domain, "tables": sizes, "waiting": self.queue.waiting()}

    def reset(self) -> None:
        """Back to the demo world of a fresh start."""
        self.store.clear()
        self.queue.clear()
        hooks.call("seed", self)

    def dump(self) -> str:
        """A copy of the whole state, the clock included."""
        self.store.values["clock_offset_seconds"] = self.clock.offset.total_seconds()
        return self.store.dump()

    def load(self, dumped: str) -> None:
        """Replaces the whole state by a dumped one; what was queued for delivery is forgotten."""
        self.queue.clear()
        self.store.load(dumped)
        self.clock.offset = timedelta(seconds=self.store.values.get("clock_offset_seconds", 0))

    def describe_limits(self) -> dict[str, Any]:
        """The limits in force."""
        return self.limits.describe()

    def set_limits(self, wanted: dict[str, Any]) -> None:
        """Puts limits in force."""
        self.limits.set(wanted)


PORTAL: web.AppKey[Portal] = web.AppKey("portal", Portal)
