"""Loads the documented interface of a world and answers questions about it.

The data in `contract_data/` were extracted from public documentation (see their `source` entry). Used to validate
calls and to generate the coverage table. It must not know how anything is simulated.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "contract_data"


@cache
def load(world: str) -> dict[str, Any]:
    """The whole contract of `bitrix24` or `telegram`; shared, not to be changed."""
    read: dict[str, Any] = json.loads((DATA / f"{world}.json").read_text(encoding="utf-8"))
    return read


@cache
def methods_lowered(world: str) -> dict[str, tuple[str, dict[str, Any]]]:
    """Lower-cased method name → (documented spelling, its description)."""
    return {name.lower(): (name, facts) for name, facts in load(world)["methods"].items()}


def method_facts(world: str, name: str) -> dict[str, Any]:
    """What is documented about one method; empty when it is not documented."""
    found = methods_lowered(world).get(name.lower())
    return found[1] if found else {}
