"""tasks.task.get, list, add, update and delete of REST 3.0, over the same tasks as those of the other version."""

from __future__ import annotations

from typing import Any

from sandbox.portal import moments
from sandbox.portal.call import Call
from sandbox.portal.store import Row
from sandbox.portal.tasks import board
from sandbox.portal.tasks.task_methods import may_see
from sandbox.portal.version3 import expressions, task_items
from sandbox.portal.version3.errors import denied, invalid, missing, not_found, wrong_type
from sandbox.portal.version3.operations import fields, number, operation

SCOPE = "tasks"
SORTABLE = frozenset(
    {
        *("id", "title", "creatorId", "created", "responsibleId", "deadline", "startPlan", "endPlan", "groupId"),
        *("priority", "status", "started", "estimatedTime", "changed", "closed", "activity", "mark"),
        *("allowsChangeDeadline", "allowsTimeTracking"),
    }
)
REQUIRED = ("title", "creatorId", "responsibleId")
CODES: dict[str, dict[Any, str | None]] = {
    "status": {word: code for code, word in task_items.STATUSES.items()},
    "priority": {word: code for code, word in task_items.PRIORITIES.items()},
    "mark": {"positive": "P", "negative": "N", "none": None},
}
COLUMNS = {"status": "STATUS", "priority": "PRIORITY", "mark": "MARK", "crmItemIds": "UF_CRM_TASK", **task_items.CROWDS}
READ_ONLY = frozenset({"created", "statusChanged", "started", "changed", "closed", "activity", "guid"})
Result = dict[str, Any]


@operation("tasks.task.get", SCOPE, "id", "select", gaps="Objects behind a dot: people only.")
def task_get(call: Call) -> Result:
    """One task."""
    wanted, row = number(call), call.portal.store.table(board.TABLE).get(str(number(call)))
    if row is None:
        raise not_found(wanted)
    if not may_see(call, row):
        raise denied()
    select = expressions.names(call.params.get("select"))
    return {"item": task_items.chosen(call, row, select) if select else task_items.plain(call, row)}


@operation(
    "tasks.task.list", SCOPE, "select", "filter", "order", "pagination", gaps="Objects behind a dot: people only."
)
def task_list(call: Call) -> Result:
    """Tasks that the caller may see; only `id` unless more is selected."""
    rows = {row["ID"]: row for row in call.portal.store.rows(board.TABLE) if may_see(call, row)}
    items = [task_items.plain(call, row) for row in rows.values()]
    items = expressions.fitting(items, call.params.get("filter"), "TaskDto", {"id"})
    items = expressions.sorted_by(items, call.params.get("order"), SORTABLE)
    select = expressions.names(call.params.get("select"))
    page = expressions.page(items, call.params.get("pagination"))
    return {"items": [task_items.chosen(call, rows[str(item["id"])], select) for item in page]}


@operation("tasks.task.add", SCOPE, "fields", changes=True)
def task_add(call: Call) -> Result:
    """A new task."""
    given = fields(call)
    for name in REQUIRED:
        if not given.get(name):
            raise missing(name)
    row = board.add(call.portal, call.actor, _columns(call, given, None))
    return {"item": task_items.plain(call, row)}


@operation("tasks.task.update", SCOPE, "id", "fields", changes=True)
def task_update(call: Call) -> Result:
    """Changes a task."""
    row, given = _own(call), fields(call)
    if "creatorId" in given:
        text = "In DTO `TaskDto`, the field `creatorId` requires the presence of the `Editable` attribute for such a request"
        raise invalid("creatorId", text)
    board.change(call.portal, call.actor, row, _columns(call, given, row))
    return {"result": True}


@operation("tasks.task.delete", SCOPE, "id", changes=True)
def task_delete(call: Call) -> Result:
    """Deletes a task."""
    board.remove(call.portal, call.actor, _own(call))
    return {"result": True}


def _own(call: Call) -> Row:
    row: Row | None = call.portal.store.table(board.TABLE).get(str(number(call)))
    if row is None or not (call.admin or call.user_id in {row["CREATED_BY"], row["RESPONSIBLE_ID"]}):
        raise denied()
    return row


def _columns(call: Call, given: Result, held: Row | None) -> Row:
    row: Row = {}
    for name, value in given.items():
        if name in READ_ONLY:
            continue
        if name in task_items.DATES:
            row[task_items.DATES[name]] = _moment(name, value)
        elif name in task_items.FLAGS:
            row[task_items.FLAGS[name]] = "Y" if value in (True, "Y") else "N"
        elif name in CODES:
            if value not in CODES[name]:
                raise wrong_type(name, "string")
            row[COLUMNS[name]] = CODES[name][value]
        elif name in COLUMNS:
            row[COLUMNS[name]] = [str(item) for item in value] if isinstance(value, list) else []
        elif column := {**task_items.TEXTS, **task_items.NUMBERS}.get(name):
            row[column] = None if value is None else str(value)
    _check(call, row, held)
    return row


def _moment(name: str, value: Any) -> str | None:
    parsed = moments.parse(value) if value else None
    if value and parsed is None:
        raise wrong_type(name, "datetime")
    return moments.iso(parsed) if parsed else None


def _check(call: Call, row: Row, held: Row | None) -> None:
    for column, name, word in (
        ("RESPONSIBLE_ID", "responsibleId", "Responsible"),
        ("CREATED_BY", "creatorId", "Creator"),
    ):
        if column in row and row[column] not in call.portal.users:
            raise invalid(name, f'The user specified in the "{word}" field was not found')
    parent = row.get("PARENT_ID")
    if parent and parent not in call.portal.store.table(board.TABLE):
        raise invalid("parentId", 'The task specified in the "Parent Task" field was not found')
    if held and parent == held["ID"]:
        raise invalid("parentId", "Cannot bind a node to itself")
    start, end = row.get("START_DATE_PLAN"), row.get("END_DATE_PLAN")
    if start and end and end < start:
        raise invalid("endPlan", "The specified end date is earlier than the start date in the planning")
