"""One plain valid call for each chief method, in an order in which each finds what it needs.

Kept in `plain_calls.json` as method, parameters and what later calls need of the result: name → path in it. In
parameters `$name` stands for what was kept. Used by the tests that compare answers with the documentation.
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


CALLS = [Plain(*row) for row in json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))]
