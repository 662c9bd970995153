"""Remembers every incoming API call of a world.

The last calls stay in memory for the control interface; with a path each one is also appended to a JSON Lines file.
It must not know what a method means.
"""

from __future__ import annotations

import json
from collections import deque
from contextvars import ContextVar
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, TextIO

KEPT_IN_MEMORY = 20_000
PRIVATE_KEYS = frozenset({"auth", "access_token", "refresh_token", "client_secret"})

_arrived: ContextVar[datetime | None] = ContextVar("arrived", default=None)


def note_arrival(at: datetime) -> None:
    """Say when the request that is being answered came in; each request is answered in a context of its own."""
    _arrived.set(at)


class Recorder:
    """Numbered call log. Call `close` when the world stops."""

    def __init__(self, world: Literal["bitrix24", "telegram"], path: Path | None = None) -> None:
        self.world = world
        self.calls: deque[tuple[Any, ...]] = deque(maxlen=KEPT_IN_MEMORY)
        self._last_id = 0
        self._file: TextIO | None = path.open("a", encoding="utf-8", buffering=1) if path else None

    def add(
        self,
        *,
        at: datetime,
        method: str,
        params: dict[str, Any],
        via: Literal["single", "batch"],
        status: int,
        error: str | None,
    ) -> None:
        """Stores one call: when it was executed, decoded parameters without credentials, HTTP status, error code or None."""
        kept = {key: value for key, value in params.items() if key not in PRIVATE_KEYS}
        self._last_id += 1
        call = (self._last_id, _arrived.get() or at, at, method, kept, via, status, error)
        self.calls.append(call)
        if self._file:
            line = self._described(call)
            del line["id"]
            self._file.write(json.dumps(line, ensure_ascii=False, default=repr) + "\n")

    def _described(self, call: tuple[Any, ...]) -> dict[str, Any]:
        number, arrived, at, method, params, via, status, error = call
        return {
            "id": number,
            "arrived": arrived.isoformat(),
            "at": at.isoformat(),
            "world": self.world,
            "method": method,
            "params": params,
            "via": via,
            "status": status,
            "error": error,
        }

    def since(self, call_id: int) -> list[dict[str, Any]]:
        """Calls numbered above `call_id`, oldest first."""
        newer: list[dict[str, Any]] = []
        for call in reversed(self.calls):
            if call[0] <= call_id:
                break
            newer.append(self._described(call))
        return newer[::-1]

    def clear(self) -> None:
        """Forgets the calls held in memory; the file keeps its lines."""
        self.calls.clear()

    def close(self) -> None:
        """Closes the file."""
        if self._file:
            self._file.close()
            self._file = None
