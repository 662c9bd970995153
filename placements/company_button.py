"""The button above the timeline of a company: write to anybody who speaks for it on Telegram without leaving the history.

Built for `registry`; what is written goes into the person's conversation with the platform.
"""

from __future__ import annotations

from typing import Any

from placements import conversation_pages
from placements.calls import Call
from placements.subjects import Subject
from storage.unit_of_work import UnitOfWork


def write(uow: UnitOfWork, call: Call, subject: Subject) -> dict[str, Any]:
    """Show the form for writing, or whom a conversation can be begun with."""
    return conversation_pages.writing_to_people(uow, call, subject)
