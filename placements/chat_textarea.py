"""The panel above the input field of an open-line chat: write to one side, or send a template.

Built for `registry`. Its buttons are those of the transcript; what is written here goes out exactly as from the deal tab.
"""

from __future__ import annotations

from typing import Any

from placements import conversation_pages
from placements.calls import Call
from placements.subjects import Subject
from storage.unit_of_work import UnitOfWork


def write(uow: UnitOfWork, call: Call, subject: Subject) -> dict[str, Any]:
    """Show the form for writing."""
    return conversation_pages.writing(uow, call, subject)
