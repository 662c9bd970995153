"""Keeping what the application found when it looked at itself and at the other side, one latest report for each look.

Called by the jobs that look and by the health page. Sends nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy.dialects.postgresql import insert

from storage.models import Report
from storage.unit_of_work import UnitOfWork

SILENT = timedelta(minutes=5)
"""A look that says it is running and was not heard of for so long was interrupted."""


def write(uow: UnitOfWork, name: str, content: Mapping[str, Any], *, state: str = "done", begins: bool = True) -> None:
    """Keep a report; with `begins=False` it goes on with the one that is running."""
    values = {"state": state, "content": dict(content), "heard_at": uow.now}
    changed = values | ({"started_at": uow.now} if begins else {})
    statement = insert(Report).values(name=name, started_at=uow.now, **values)
    uow.session.execute(statement.on_conflict_do_update(index_elements=["name"], set_=changed))


def read(uow: UnitOfWork, name: str) -> Report | None:
    """Give the latest report, or None before the first. One that fell silent while it ran is given as failed."""
    found = uow.session.get(Report, name, populate_existing=True)
    if found is not None and found.state == "running" and uow.now - found.heard_at > SILENT:
        uow.session.expunge(found)
        found.state = "failed"
    return found
