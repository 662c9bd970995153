"""Tasks for employees: to-do activities on the timeline of the CRM item they are about. Pure; called by the gateway.

Documentation: crm.activity.todo.add, crm.activity.list. A to-do has no external id, so a marker at the end of its words proves it.
"""

from __future__ import annotations

from typing import Any

from b24app.bitrix24.client import Command
from b24app.bitrix24.surroundings import Surroundings
from b24app.domain.deliveries import AddTask
from b24app.domain.outcomes import Done, Outcome, TryLater

PROVIDER = "CRM_TODO"
LONGEST_TITLE = 250


def _words(delivery: AddTask) -> str:
    return f"{delivery.text}\n({delivery.external_id})"


def add(delivery: AddTask, around: Surroundings) -> Command:
    """Give crm.activity.todo.add."""
    link = around.link(delivery.ref)
    params = {
        "ownerTypeId": link.entity_type_id,
        "ownerId": link.entity_id,
        "deadline": delivery.deadline,
        "title": delivery.title[:LONGEST_TITLE],
        "description": _words(delivery),
    }
    if delivery.responsible_id:
        params["responsibleId"] = delivery.responsible_id
    return Command("crm.activity.todo.add", params)


def added(delivery: AddTask, result: Any, around: Surroundings) -> Outcome:
    """Read the id of a task."""
    return Done({"activity_id": str(result["id"])})


def lookup(delivery: AddTask, around: Surroundings) -> Command:
    """Give the call that lists the newest to-dos of the item."""
    link = around.link(delivery.ref)
    where = {"OWNER_TYPE_ID": link.entity_type_id, "OWNER_ID": link.entity_id, "PROVIDER_ID": PROVIDER}
    return Command(
        "crm.activity.list", {"filter": where, "order": {"ID": "DESC"}, "select": ["ID", "DESCRIPTION", "CREATED"]}
    )


def found(delivery: AddTask, result: Any, around: Surroundings) -> Outcome:
    """Tell whether one of them carries the marker."""
    for row in result or ():
        if f"({delivery.external_id})" in str(row.get("DESCRIPTION", "")):
            return Done({"activity_id": str(row["ID"]), "found": True})
    return TryLater("The task is not there.", after_seconds=0.0)


def last_moment(result: Any) -> str:
    """Give when the last task of a page was made. KeyError, IndexError or TypeError when it does not say."""
    return str(result[-1]["CREATED"])
