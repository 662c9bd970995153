"""What the machine was about while something was measured. Linux tells more than others."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import Any

STAT = Path("/proc/stat")
IDLE, STOLEN = {3, 4}, 7
"""Places in the first line of /proc/stat, behind its name: proc(5)."""


def described() -> dict[str, Any]:
    """Give what kind of machine it is."""
    return {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.system()}


def wanted_and_stolen() -> tuple[int, int]:
    """Give how much processor time was asked for so far, and how much of it the machine's host gave to others; in ticks."""
    if not STAT.exists():
        return 0, 0
    ticks = [int(value) for value in STAT.read_text().splitlines()[0].split()[1:9]]
    return sum(value for place, value in enumerate(ticks) if place not in IDLE), ticks[STOLEN]


def stolen_since(before: tuple[int, int]) -> float:
    """Give the share of the processor time wanted since then that the host did not give."""
    wanted, stolen = (now - then for now, then in zip(wanted_and_stolen(), before, strict=True))
    return stolen / wanted if wanted else 0.0
