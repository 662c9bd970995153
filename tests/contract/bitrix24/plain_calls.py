"""One plain valid call for each method that needs nobody else to act, in an order in which each finds what it needs.

Kept in `plain_calls.json`, the chief methods, and in `further_calls.json`, which begins anew: method, parameters and
what later calls need of the result: name → path in it. In parameters `$name` stands for what was kept. Used by the
tests that compare answers with the documentation.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Plain:
    """One call."""

    method: str
    params: dict[str, Any] = field(default_factory=dict)
    saved: dict[str, str] = field(default_factory=dict)


def _read(name: str) -> list[Plain]:
    return [Plain(*row) for row in json.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))]


CALLS = _read("plain_calls.json")
FURTHER = _read("further_calls.json")
