"""The tab of a dispute's item: a shell that says which steps there are and what the marketplace does not do about them yet.

Built for `registry`. Employees open such items by hand and move them by hand; no side is told and nothing is held back.
"""

from __future__ import annotations

from typing import Any

from b24app.manifest import manifest
from placements.calls import Call
from placements.subjects import Subject
from storage.unit_of_work import UnitOfWork

PROCESS = "dispute"


def shell(_uow: UnitOfWork, call: Call, _subject: Subject) -> dict[str, Any]:
    """Show the steps in order, as the portal's own bar of stages names them."""
    stages = manifest().processes[PROCESS].stages.values()
    return {
        "steps": [stage.title.of(call.language) for stage in stages if stage.semantics == "process"],
        "ends": [stage.title.of(call.language) for stage in stages if stage.semantics != "process"],
    }
