"""How far an installation is, kept where the page that shows it can read it. Called by `running` and the installation page."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from b24app.manifest import manifest
from storage.models.settings import Setting
from storage.unit_of_work import UnitOfWork

NAME = "installation_progress"
STALE = timedelta(minutes=2)
OPTIONAL = ("robot", "activity", "trigger", "process", "field_type")
"""Kinds that some plans refuse; the marketplace works without them, and without what hangs on a smart process."""


@dataclass(frozen=True)
class Line:
    """One step as people see it: `state` is waiting, done or failed; `action` add, change, adopt or remove."""

    key: str
    title: str
    action: str
    state: str = "waiting"
    error: str = ""


@dataclass(frozen=True)
class Progress:
    """An installation: `error` is what stopped it as a whole, `offers` what the portal has to choose from (see `offering`).

    `state` is looking (the worker reads the portal), asking (the administrator chooses; nothing was changed), waiting (for a worker),
    running, done or failed.
    """

    state: str = "looking"
    lines: tuple[Line, ...] = ()
    error: str = ""
    at: str = ""
    checks: tuple[dict[str, Any], ...] = field(default_factory=tuple)
    offers: dict[str, list[list[str]]] = field(default_factory=dict)

    def under_way(self, now: datetime) -> bool:
        """Whether a worker changes the portal, or is about to; one that said nothing for STALE is given up."""
        return self.state in {"waiting", "running"} and bool(self.at) and now - datetime.fromisoformat(self.at) < STALE

    def stalled(self, now: datetime) -> bool:
        """Whether nothing was heard for STALE of work that somebody waits for."""
        waited = self.state in {"looking", "waiting", "running"} and bool(self.at)
        return waited and now - datetime.fromisoformat(self.at) >= STALE

    @property
    def done_count(self) -> int:
        """How many steps are behind us."""
        return sum(line.state != "waiting" for line in self.lines)

    @property
    def failed(self) -> tuple[Line, ...]:
        """The steps that the portal refused."""
        return tuple(line for line in self.lines if line.state == "failed")

    @property
    def blocking(self) -> tuple[Line, ...]:
        """The refused steps without which we cannot work."""
        missing = {line.key.partition(":")[2] for line in self.failed if line.key.startswith("process:")}
        return tuple(line for line in self.failed if not _optional(line.key, missing))


def _optional(key: str, missing_processes: Collection[str]) -> bool:
    kind, _, name = key.partition(":")
    hanging = kind in {"stage", "field"} and name.partition(".")[0] in missing_processes
    # The portal may take fields that we draw only once the installation is finished, which it is behind us.
    drawn = kind == "field" and name.partition(".")[2] in manifest().field_types
    return kind in OPTIONAL or hanging or drawn or (kind == "placement" and bool(missing_processes))


def read(uow: UnitOfWork) -> Progress:
    """Give the latest known progress."""
    row = uow.session.get(Setting, NAME)
    if row is None or not row.value:
        return Progress()
    kept = json.loads(row.value)
    lines = tuple(Line(**line) for line in kept.pop("lines", ()))
    return Progress(**{**kept, "lines": lines, "checks": tuple(kept.get("checks", ()))})


def write(uow: UnitOfWork, progress: Progress, now: datetime) -> None:
    """Keep the progress as of now."""
    row = uow.session.get(Setting, NAME)
    if row is None:
        row = Setting(name=NAME, changed_by="automation")
        uow.session.add(row)
    row.value = json.dumps({**asdict(progress), "at": now.isoformat()}, ensure_ascii=False)
    row.changed_at = now
