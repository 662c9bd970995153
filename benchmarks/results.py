"""Figures, their targets, their table and their file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import machine

RESULTS = Path(__file__).with_name("results.json")


@dataclass(frozen=True)
class Figure:
    """One measured value: its name, its unit, how it was come by, and what is wanted of it, if anything is."""

    name: str
    value: float
    unit: str
    how: str
    at_least: float | None = None
    at_most: float | None = None

    @property
    def met(self) -> bool | None:
        """Tell whether the value is as wanted; None when nothing is."""
        if self.at_least is None and self.at_most is None:
            return None
        return (self.at_least is None or self.value >= self.at_least) and (
            self.at_most is None or self.value <= self.at_most
        )

    @property
    def target(self) -> str:
        """Say what is wanted."""
        wanted = (("≥", self.at_least), ("≤", self.at_most))
        return " ".join(f"{sign} {limit:g}" for sign, limit in wanted if limit is not None)


@dataclass(frozen=True)
class Run:
    """One measure as it was taken: how long it took, how busy the machine was, what it found or why it failed.

    `stolen` is the share of the processor time wanted meanwhile that the machine's host gave to others.
    """

    measure: str
    seconds: float
    load_before: float
    stolen: float = 0.0
    figures: Sequence[Figure] = field(default_factory=tuple)
    error: str = ""


VERDICTS = {True: "met", False: "MISSED", None: ""}


def table(runs: Sequence[Run]) -> str:
    """Lay all runs out for a terminal: a line for each figure, and for each measure that failed."""
    rows = [("figure", "value", "unit", "target", "verdict", "how")]
    for run in runs:
        for figure in run.figures:
            value = f"{figure.value:,.3f}"
            rows.append((figure.name, value, figure.unit, figure.target, VERDICTS[figure.met], figure.how))
        if run.error:
            rows.append((run.measure, "", "", "", "FAILED", run.error.splitlines()[-1]))
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    return "\n".join(_line(row, widths) for row in rows)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = [
        f"{cell:>{width}}" if column == 1 else f"{cell:<{width}}"
        for column, (cell, width) in enumerate(zip(row, widths, strict=False))
    ]
    return "  ".join([*cells, row[-1]]).rstrip()


def save(runs: Sequence[Run], path: Path = RESULTS) -> None:
    """Write what was found and on what machine; measures that did not run this time keep what they found before."""
    kept = json.loads(path.read_text()).get("measures", {}) if path.exists() else {}
    taken = {run.measure: _as_kept(run) for run in runs}
    content = {"machine": machine.described(), "measures": {**kept, **taken}}
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def _as_kept(run: Run) -> dict[str, Any]:
    return {
        "seconds": round(run.seconds, 1),
        "load_before": round(run.load_before, 2),
        "stolen": round(run.stolen, 3),
        "error": run.error,
        "figures": [{**asdict(figure), "met": figure.met} for figure in run.figures],
    }
