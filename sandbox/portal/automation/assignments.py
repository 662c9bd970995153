"""`bizproc.task.*`: what processes ask of people. Nothing here makes such assignments, so there are none to work with."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Answer, Call, to_map
from sandbox.portal.errors import RestError
from sandbox.portal.registry import method

NONE_MADE = "Robots and templates make no assignments, so there are never any."
FIELDS = frozenset(
    [
        "ID",
        "ACTIVITY",
        "ACTIVITY_NAME",
        "WORKFLOW_ID",
        "DOCUMENT_NAME",
        "DOCUMENT_ID",
        "DOCUMENT_URL",
        "DESCRIPTION",
        "NAME",
        "MODIFIED",
        "WORKFLOW_STARTED",
        "WORKFLOW_STARTED_BY",
        "OVERDUE_DATE",
        "WORKFLOW_TEMPLATE_ID",
        "WORKFLOW_TEMPLATE_NAME",
        "WORKFLOW_TEMPLATE_AUTO_EXECUTE",
        "WORKFLOW_STATE",
        "STATUS",
        "USER_ID",
        "USER_STATUS",
        "MODULE_ID",
        "ENTITY",
        "PARAMETERS",
    ]
)


@method("bizproc.task.list", missing=NONE_MADE, ignores=("FILTER", "ORDER", "START"))
def assignments(call: Call) -> Answer:
    """No assignments; unknown names in SELECT are refused."""
    if not {str(name).upper() for name in to_map(call.get("SELECT")).values()} <= FIELDS:
        raise RestError("ERROR_SELECT_VALIDATION_FAILURE", "Wrong field in SELECT", 400)
    return Answer([], total=0)


@method("bizproc.task.complete", validate=False, missing=NONE_MADE)
def complete(call: Call) -> Any:
    """Refuses: the assignment does not exist."""
    if call.integer("TASK_ID") <= 0 or not call.get("STATUS"):
        raise RestError("ERROR_TASK_VALIDATION", "Empty TASK_ID or STATUS", 400)
    raise RestError("ERROR_TASK_NOT_FOUND", "Task not found", 400)


@method("bizproc.task.delegate", validate=False, missing=NONE_MADE)
def delegate(call: Call) -> Any:
    """Refuses: the assignments do not exist."""
    for name in ("FROM_USER_ID", "TO_USER_ID"):
        if call.text(name) not in call.portal.users:
            raise RestError("ERROR_INVALID_USER_ID", f"Wrong {name}", 400)
    raise RestError("ERROR_TASK_VALIDATION", "Wrong TASK_IDS", 400)
