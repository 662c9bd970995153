"""The button above the timeline of a deal: write to the buyer, the factory or both without leaving the history.

Built for `registry`; shows the form of the deal tab alone.
"""

from __future__ import annotations

from typing import Any

from placements import conversation_pages
from placements.calls import Call
from placements.subjects import Subject
from storage.unit_of_work import UnitOfWork


def write(uow: UnitOfWork, call: Call, subject: Subject) -> dict[str, Any]:
    """Show the form for writing into one of the deal's conversations."""
    return conversation_pages.writing(uow, call, subject)
