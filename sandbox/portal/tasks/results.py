"""tasks.task.result.*: comments pinned as the result of a task."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Call
from sandbox.portal.errors import RestError
from sandbox.portal.registry import method
from sandbox.portal.store import Row
from sandbox.portal.tasks import board
from sandbox.portal.tasks.item_methods import COMMENTS
from sandbox.portal.tasks.task_methods import may_see

TABLE = "task_results"
OPEN, CLOSED = 0, 1


def _denied() -> RestError:
    return RestError("0", "Access denied.")


def _task(call: Call, number: str) -> Row:
    row = call.portal.store.table(board.TABLE).get(number)
    if row is None or not may_see(call, row):
        raise _denied()
    return row


def _comment(call: Call) -> tuple[Row, Row]:
    row = call.portal.store.table(COMMENTS).get(str(call.integer("commentId")))
    if row is None:
        raise RestError("0", "Comment not found.")
    task = _task(call, row["TASK_ID"])
    if row["AUTHOR_ID"] != call.user_id and not call.admin:
        raise _denied()
    return row, task


def _status(call: Call, row: Row) -> int:
    """A result closes when its task is completed after it and stays so when the task is taken up again."""
    done = call.portal.store.table(board.TABLE)[str(row["taskId"])]["STATUS"] == board.COMPLETED
    if done and row["status"] == OPEN:
        row["status"] = CLOSED
        call.portal.store.touch()
    return int(row["status"])


def _shown(call: Call, row: Row) -> dict[str, Any]:
    return {**row, "status": _status(call, row)}


@method("tasks.task.result.addFromComment")
def result_add(call: Call) -> dict[str, Any]:
    """Pins a comment as a result."""
    comment, task = _comment(call)
    held = [row for row in call.portal.store.rows(TABLE) if row["commentId"] == int(comment["ID"])]
    if any(_status(call, row) == OPEN for row in held):
        raise RestError("0", "Result already exists.")
    now, text = call.portal.stamp(), comment["POST_MESSAGE"]
    row: Row = {
        "id": int(call.portal.store.next_id(TABLE)),
        "taskId": int(task["ID"]),
        "commentId": int(comment["ID"]),
        "createdBy": int(call.user_id),
        "createdAt": now,
        "updatedAt": now,
        "status": OPEN,
        "text": text,
        "formattedText": text,
        "files": [],
    }
    call.portal.store.table(TABLE)[str(row["id"])] = row
    call.portal.store.touch()
    return {**row, "files": None}


@method("tasks.task.result.list", missing="Formatted texts keep their marks.")
def result_list(call: Call) -> list[dict[str, Any]]:
    """The results of a task, the newest first."""
    task = _task(call, str(call.integer("taskId")))
    rows = [row for row in call.portal.store.rows(TABLE) if row["taskId"] == int(task["ID"])]
    return [_shown(call, row) for row in reversed(rows)]


@method("tasks.task.result.deleteFromComment")
def result_delete(call: Call) -> None:
    """Unpins a comment; the comment stays."""
    comment, _task_of_it = _comment(call)
    table = call.portal.store.table(TABLE)
    for key in [key for key, row in table.items() if row["commentId"] == int(comment["ID"])]:
        del table[key]
    call.portal.store.touch()
