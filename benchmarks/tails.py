"""How slow the slow ones are, on a machine whose host may take its processors away for a second.

Used by the measures that promise a p95.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median, quantiles

STRETCHES = 3
"""A host that stalls spoils one of them; what is slow by itself is slow in most."""


def p95(taken: Sequence[float]) -> float:
    """Give the median of the p95 of three stretches, one after the other, in the unit of the samples; 60 samples at least."""
    length = len(taken) // STRETCHES
    return median(quantiles(taken[start : start + length], n=20)[-1] for start in range(0, length * STRETCHES, length))


def told(taken: Sequence[float]) -> str:
    """Say how the figure of `p95` was come by, and what all samples together give."""
    whole = quantiles(taken, n=20)[-1]
    return f"median of the p95 of {STRETCHES} stretches of {len(taken) // STRETCHES}; of all together {whole:.0f} ms"
