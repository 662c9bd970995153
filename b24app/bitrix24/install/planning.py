"""Comparing what is wanted with what the portal has. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from b24app.bitrix24.install.wanted import Element

REGISTRATIONS = ("robot", "activity", "trigger", "field_type", "placement", "event", "offline")
"""Kinds that are taken away when the manifest no longer names them. The others hold data of people and stay."""


class Action(StrEnum):
    """What a step does."""

    ADD = "add"
    CHANGE = "change"
    ADOPT = "adopt"
    REMOVE = "remove"


@dataclass(frozen=True)
class Applied:
    """What was applied before: the fingerprint then, the portal's id, and what is needed to take it away."""

    fingerprint: str
    outside_id: str


@dataclass(frozen=True)
class Snapshot:
    """What we remember to have applied, and what the portal shows of it now: element key → the portal's id.

    `stale` are registrations of ours that point elsewhere (an older address): element key → what to take away.
    """

    applied: Mapping[str, Applied] = field(default_factory=dict)
    present: Mapping[str, str] = field(default_factory=dict)
    stale: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """One change to be made. `element` is missing only when something is removed; `outside_id` is the portal's id if known."""

    action: Action
    key: str
    title: str
    element: Element | None = None
    outside_id: str = ""
    details: Mapping[str, str] = field(default_factory=dict)


def plan(wanted: Sequence[Element], snapshot: Snapshot) -> list[Step]:
    """Give the steps that bring the portal to what is wanted; none when it is there already."""
    steps = [step for element in wanted if (step := _step_for(element, snapshot)) is not None]
    return [*steps, *_removals(wanted, snapshot)]


def _step_for(element: Element, snapshot: Snapshot) -> Step | None:
    applied = snapshot.applied.get(element.key)
    if element.key not in snapshot.present:
        return Step(Action.ADD, element.key, element.title, element)
    outside_id = snapshot.present[element.key]
    if applied is None:
        return Step(Action.ADOPT, element.key, element.title, element, outside_id)
    if applied.fingerprint != element.fingerprint or applied.outside_id != outside_id:
        return Step(Action.CHANGE, element.key, element.title, element, outside_id)
    return None


def _removals(wanted: Sequence[Element], snapshot: Snapshot) -> list[Step]:
    keys = {element.key for element in wanted}
    gone = [
        Step(Action.REMOVE, key, key, outside_id=applied.outside_id)
        for key, applied in snapshot.applied.items()
        if key not in keys and key.partition(":")[0] in REGISTRATIONS
    ]
    moved = [Step(Action.REMOVE, key, key, details=details) for key, details in snapshot.stale.items()]
    return [*gone, *moved]
