"""Figures, their table and their file."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

RESULTS = Path(__file__).with_name("results.json")


@dataclass(frozen=True)
class Figure:
    """One measured value: its name, its unit, and how it was come by."""

    name: str
    value: float
    unit: str
    how: str


def table(figures: Sequence[Figure]) -> str:
    """Lay figures out for a terminal."""
    width = max(len(figure.name) for figure in figures)
    return "\n".join(f"{f.name:<{width}}  {f.value:>10.3f} {f.unit:<6} {f.how}" for f in figures)


def save(figures: Sequence[Figure]) -> None:
    """Write figures and what they were measured on; those of measures that did not run this time stay."""
    machine = {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "system": platform.system(),
        "load": os.getloadavg()[0],
    }
    kept = json.loads(RESULTS.read_text())["figures"] if RESULTS.exists() else []
    named = {figure["name"]: figure for figure in [*kept, *(asdict(figure) for figure in figures)]}
    content = {"machine": machine, "figures": list(named.values())}
    RESULTS.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")
