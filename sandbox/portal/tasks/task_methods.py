"""tasks.task.*: tasks in camelCase, their list and changes of status."""

from __future__ import annotations

from typing import Any

from sandbox.contract import method_facts
from sandbox.portal import moments
from sandbox.portal.call import Call, to_map
from sandbox.portal.disk.objects import FILE, OBJECTS
from sandbox.portal.disk.sharing_methods import attach_to_task
from sandbox.portal.errors import RestError
from sandbox.portal.registry import method
from sandbox.portal.store import Row
from sandbox.portal.tasks import board
from sandbox.portal.tasks.view import actions, shown
from sandbox.portal.validation import NO_VALUE, documented

NUMBERS = ("PARENT_ID", "GROUP_ID", "RESPONSIBLE_ID", "CREATED_BY", "CHANGED_BY", "CLOSED_BY", "PRIORITY", "STATUS")
FILES = "UF_TASK_WEBDAV_FILES"
DATES = ("DEADLINE", "START_DATE_PLAN", "END_DATE_PLAN", "CREATED_DATE", "CHANGED_DATE", "CLOSED_DATE", "DATE_START")
LISTS = ("ACCOMPLICES", "AUDITORS", "TAGS", "UF_CRM_TASK", FILES)
KINDS = {**dict.fromkeys(NUMBERS, "integer"), **dict.fromkeys(DATES, "datetime")}
STATUSES = frozenset({"1", "2", "3", "4", "5", "6", "7"})
WRITABLE = frozenset({*board.DEFAULTS, "RESPONSIBLE_ID", "CREATED_BY"}) - {"CLOSED_BY", "CLOSED_DATE", "COMMENTS_COUNT"}
Result = dict[str, Any]


def refused(text: str) -> RestError:
    """A mistake in the fields of a task."""
    return RestError("ERROR_CORE", f"{text}<br>")


def may_see(call: Call, row: Row) -> bool:
    """Whether the caller takes part in a task or administers the portal."""
    people = [row["RESPONSIBLE_ID"], row["CREATED_BY"], *row["ACCOMPLICES"], *row["AUDITORS"]]
    return call.admin or call.user_id in people


def seek(call: Call, name: str = "taskId") -> Row | None:
    """The task of a parameter, if the caller may see it. Raises RestError for what is no number of a task."""
    if call.get(name) in NO_VALUE:
        code, status = documented(method_facts("bitrix24", call.method), ("100", "0"), ("100", 400))
        raise RestError(code, "CTaskItem All parameters in the constructor must have real class type", status)
    if call.integer(name) <= 0:
        raise RestError("0", "wrong task id")
    row = call.portal.store.table(board.TABLE).get(call.text(name))
    return row if row and may_see(call, row) else None


def find(call: Call, name: str = "taskId") -> Row:
    """The task of a parameter. Raises RestError in the codes of the called method's page."""
    if (row := seek(call, name)) is None:
        raise not_allowed(call, "Task not found or not accessible")
    return row


def not_allowed(call: Call, text: str) -> RestError:
    """The refusal of an action: most pages name 1048582, some 0."""
    code, status = documented(method_facts("bitrix24", call.method), ("1048582", "0"), ("1048582", 400))
    return RestError(code, text, status)


def _columns(call: Call, held: Row | None) -> Row:
    row: Row = {}
    for name, value in call.mapping("fields").items():
        column = name.upper()
        if column not in WRITABLE:
            continue
        if column in DATES:
            row[column] = _moment(value)
        elif column in LISTS:
            row[column] = [str(item) for item in to_map(value).values()] if value else []
        else:
            row[column] = None if value is None else str(value)
    _check(call, row, held)
    return row


def _moment(value: Any) -> str | None:
    parsed = moments.parse(value) if value else None
    return moments.iso(parsed) if parsed else None


def _check(call: Call, row: Row, held: Row | None) -> None:
    if (held is None or "TITLE" in row) and not (row.get("TITLE") or "").strip():
        raise refused("Task title is not specified")
    if "RESPONSIBLE_ID" in row and row["RESPONSIBLE_ID"] not in call.portal.users:
        raise refused('The user specified in the "Responsible" field was not found')
    if "STATUS" in row and row["STATUS"] not in STATUSES:
        raise refused("Invalid status")
    parent = row.get("PARENT_ID")
    if parent and parent != "0" and parent not in call.portal.store.table(board.TABLE):
        raise refused('The task specified in the "Parent Task" field was not found')
    if held and parent == held["ID"]:
        raise refused("Cannot bind the node to itself")
    start, end = row.get("START_DATE_PLAN"), row.get("END_DATE_PLAN")
    if start and end and end < start:
        raise refused("The end date specified in the scheduling is earlier than the start date")


@method("tasks.task.add", validate=False, missing="Required user fields, groups and recurrence are not simulated.")
def task_add(call: Call) -> Result:
    """A new task."""
    if not call.mapping("fields"):
        raise RestError("100", "Could not find value for parameter {fields} (internal error)")
    columns = _columns(call, None)
    if not columns.get("RESPONSIBLE_ID"):
        raise refused("Responsible person not specified")
    files = columns.pop(FILES, [])
    row = board.add(call.portal, call.actor, columns)
    row[FILES] = _attached(call, row["ID"], files)
    return {"task": shown(call, row)}


def _attached(call: Call, task_id: str, files: list[str]) -> list[str]:
    """Numbers of attachments: `n` before a number makes one of a file of the Drive, a bare number is one already."""
    made = []
    for given in files:
        number = given.removeprefix("n")
        if given == number:
            made.append(given)
        elif (held := call.portal.store.table(OBJECTS).get(number)) and held.get("TYPE") == FILE:
            made.append(attach_to_task(call.portal, task_id, number, call.user_id))
    return made


@method("tasks.task.get", validate=False)
def task_get(call: Call) -> Result | list[Any]:
    """One task; nothing in a list when there is none that the caller may see."""
    row = seek(call)
    return {"task": shown(call, row, call.get("select"))} if row else []


@method("tasks.task.update", validate=False)
def task_update(call: Call) -> Result:
    """Changes a task."""
    row = find(call)
    if not call.mapping("fields"):
        raise RestError("100", "Could not find value for parameter {fields} (internal error)")
    if call.user_id not in {row["RESPONSIBLE_ID"], row["CREATED_BY"]} and not call.admin:
        raise RestError("0", "Action on the task is not allowed (internal error)")
    columns = _columns(call, row)
    if FILES in columns:
        columns[FILES] = _attached(call, row["ID"], columns[FILES])
    board.change(call.portal, call.actor, row, columns)
    return {"task": shown(call, row)}


@method("tasks.task.delete", validate=False)
def task_delete(call: Call) -> Result:
    """Deletes a task; its creator or an administrator may."""
    row = find(call)
    if call.user_id != row["CREATED_BY"] and not call.admin:
        raise not_allowed(call, "No access to delete the task")
    board.remove(call.portal, call.actor, row)
    return {"task": True}


STEPS = {
    "tasks.task.start": ("start", board.IN_PROGRESS),
    "tasks.task.pause": ("pause", board.WAITING),
    "tasks.task.defer": ("defer", board.DEFERRED),
    "tasks.task.renew": ("renew", board.WAITING),
    "tasks.task.complete": ("complete", board.COMPLETED),
    "tasks.task.approve": ("approve", board.COMPLETED),
    "tasks.task.disapprove": ("disapprove", board.WAITING),
}


@method(*STEPS, validate=False)
def task_step(call: Call) -> Result:
    """Changes the status where the task's state and the caller's part in it allow."""
    row = find(call)
    action, status = STEPS[call.method]
    if not actions(call, row, call.user_id)[action]:
        raise not_allowed(call, "Action on the task is not allowed")
    controlled = action == "complete" and row["TASK_CONTROL"] == "Y" and call.user_id != row["CREATED_BY"]
    board.change(call.portal, call.actor, row, {"STATUS": board.SUPPOSEDLY_COMPLETED if controlled else status})
    return {"task": shown(call, row)}


@method("tasks.task.delegate", validate=False)
def task_delegate(call: Call) -> Result:
    """Hands a task to another employee."""
    row = find(call)
    if call.text("userId") not in call.portal.users or not actions(call, row, call.user_id)["delegate"]:
        raise RestError("0", "Action on the task is not allowed (internal error)")
    board.change(call.portal, call.actor, row, {"RESPONSIBLE_ID": call.text("userId")})
    return {"task": shown(call, row)}
