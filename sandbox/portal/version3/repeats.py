"""`Idempotency-Key` of REST 3.0: what succeeded once is not done again for a day, its answer is given anew.

Used by the door; it knows neither HTTP nor what an operation does.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.portal.identity import Identity
from sandbox.portal.portal import Portal
from sandbox.portal.version3.errors import RefusedError
from sandbox.portal.version3.operations import OPERATIONS

KEY, REPLAYED = "Idempotency-Key", "Idempotent-Replayed"
TABLE = "rest3_answers"
KEPT_SECONDS = 24 * 3600
WELL_FORMED = re.compile(r"[\x20-\x7e]{1,255}")


@dataclass(frozen=True, slots=True)
class Asked:
    """A call with the key that its caller gave it, if any."""

    portal: Portal
    identity: Identity
    name: str
    key: str | None

    def once(self, params: Any, act: Callable[[], Any]) -> tuple[Any, dict[str, str]]:
        """The result of `act`, or that of the same call before, and headers of the answer. Raises RefusedError."""
        found = OPERATIONS.get(self.name)
        if self.key is None or not (found and found.changes):
            return act(), {}
        if not WELL_FORMED.fullmatch(self.key):
            raise RefusedError("INVALIDIDEMPOTENCYKEY", "The idempotency key is invalid")
        table, now = self.portal.store.table(TABLE), self.portal.clock.timestamp()
        place = f"{self.identity.key}|{self.identity.user_id}|{self.name}|{self.key}"
        said = {name: value for name, value in params.items() if name != "auth"}
        held = table.get(place)
        if held and held["at"] + KEPT_SECONDS > now:
            if held["params"] != said:
                raise RefusedError("IDEMPOTENCYKEYREUSED", "The key was used with another request body", 422)
            return held["result"], {KEY: self.key, REPLAYED: "true"}
        result = act()
        table[place] = {"at": now, "params": said, "result": result}
        self.portal.store.touch()
        return result, {KEY: self.key}
