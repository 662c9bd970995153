"""One plain valid call of a method. Used by the lists of such calls."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Params = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Plain:
    """One call. `saved`: name → path in the result of what later calls need."""

    method: str
    params: Params = field(default_factory=dict)
    saved: dict[str, str] = field(default_factory=dict)
