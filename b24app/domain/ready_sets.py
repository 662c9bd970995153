"""The ready-made sets of automation: what each consists of, where it belongs, what can be chosen. Pure.

A set is offered twice: as one robot of the same code, to be put on a stage by hand, and as a rule of ours that is switched on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

LONGEST_HOURS = 24 * 60


@dataclass(frozen=True)
class Number:
    """A whole number that is chosen: its usual value and its bounds, both included."""

    usual: int
    least: int
    most: int


@dataclass(frozen=True)
class ReadySet:
    """`noun` is what its deal stands for, `stages` where it makes sense, the usual one first; `numbers` what is chosen, by name."""

    code: str
    noun: str
    pipeline: str
    stages: tuple[str, ...]
    numbers: Mapping[str, Number] = field(default_factory=dict)


SETS: dict[str, ReadySet] = {
    one.code: one
    for one in (
        ReadySet(
            "announce_lot",
            "lot",
            "orders",
            ("published", "offers"),
            {"hours": Number(24, 1, LONGEST_HOURS), "limit": Number(0, 0, 1000), "minimum_score": Number(0, 0, 100)},
        ),
        ReadySet("close_order", "order", "orders", ("shipped", "done")),
    )
}


def faults(code: str, stage: str, chosen: Mapping[str, int]) -> list[str]:
    """Name what cannot be switched on: set, stage, or the name of a number out of its bounds."""
    one = SETS.get(code)
    if one is None:
        return ["set"]
    wrong = [] if stage in one.stages else ["stage"]
    return wrong + [
        name
        for name, number in one.numbers.items()
        if not number.least <= chosen.get(name, number.usual) <= number.most
    ]


def settled(code: str, chosen: Mapping[str, int]) -> dict[str, int]:
    """Give every number of a set, the chosen ones and the usual of the others."""
    return {name: chosen.get(name, number.usual) for name, number in SETS[code].numbers.items()}
