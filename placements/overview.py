"""The page in the left menu: what waits for a decision, the health of the bridge, the settings.

Built for `registry`. This module is its first view; the others are `health` and `desk_settings`.
"""

from __future__ import annotations

from typing import Any

from b24app.i18n import texts
from b24app.services import portals
from placements import findings
from placements.calls import Call
from placements.queues import queues
from placements.subjects import Subject
from storage.unit_of_work import UnitOfWork


def today(uow: UnitOfWork, call: Call, _subject: Subject) -> dict[str, Any]:
    """Show every queue with its size, its age and the way to its oldest items."""
    found = queues(uow, call.language)
    return {
        "view": "today",
        "queues": found,
        "now": uow.now,
        "idle": not any(queue.count for queue in found),
        "trouble": findings.trouble(portals.current(uow), texts(call.language)),
    }
