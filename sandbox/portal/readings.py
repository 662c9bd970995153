"""Switches for what the documentation leaves open or contradicts.

A family declares its switch beside the code that reads it; the control interface and `--readings` choose.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reading:
    """One open point: its choices (the first is the default) and what it is about."""

    name: str
    choices: tuple[str, ...]
    about: str


DECLARED: dict[str, Reading] = {}


def declare(name: str, *choices: str, about: str) -> str:
    """Declares a switch and returns its name."""
    DECLARED[name] = Reading(name, choices, about)
    return name


class Readings:
    """The chosen readings of one portal."""

    def __init__(self) -> None:
        self.chosen: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        return self.chosen.get(name) or DECLARED[name].choices[0]

    def choose(self, wanted: dict[str, str]) -> None:
        """Chooses readings. ValueError for an unknown name or choice."""
        for name, choice in wanted.items():
            if name not in DECLARED or choice not in DECLARED[name].choices:
                raise ValueError(f"no reading {name}={choice}")
        self.chosen.update(wanted)

    def describe(self) -> dict[str, dict[str, object]]:
        """Every switch with its choices and the one in force."""
        return {
            name: {"choices": list(reading.choices), "chosen": self[name], "about": reading.about}
            for name, reading in sorted(DECLARED.items())
        }
