"""task.commentitem.* and task.elapseditem.*: comments and spent time of tasks."""

from __future__ import annotations

from typing import Any

from sandbox.portal import moments
from sandbox.portal.call import Answer, Call, to_int
from sandbox.portal.errors import RestError
from sandbox.portal.events import emit
from sandbox.portal.filters import split_operator
from sandbox.portal.im import chats
from sandbox.portal.listing import filtered, ordered, selected
from sandbox.portal.readings import declare
from sandbox.portal.registry import method
from sandbox.portal.store import Row
from sandbox.portal.tasks import board
from sandbox.portal.tasks.task_methods import may_see

COMMENTS, ELAPSED = "task_comments", "task_elapsed"
SPENT = declare(
    "elapsed_item_result",
    "object",
    "list",
    about="task.elapseditem.get: the table of its answer calls the entry an object, its example is a list with one.",
)
KINDS = {"POST_DATE": "datetime", "CREATED_DATE": "datetime", "SECONDS": "integer", "MINUTES": "integer"}


COMMENT_COLUMNS = frozenset({"ID", "AUTHOR_ID", "AUTHOR_NAME", "AUTHOR_EMAIL", "POST_DATE", "POST_MESSAGE"})
NOT_ALLOWED = "4; Action is not allowed; 4/TE/ACTION_NOT_ALLOWED"
CLASSES = {"commentitem": ("ctaskcommentitem", "ERROR_CORE"), "elapseditem": ("ctaskelapseditem", "0x000001")}
ARGUMENTS = {"TASKID": "#0 (taskId)", "ITEMID": "#1 (itemId)"}


def _number(call: Call, name: str) -> str:
    """A whole number; the refusal is that of the class behind the method, which numbers its arguments."""
    if not call.text(name).lstrip("-").isdigit():
        _task_word, family, verb = call.method.split(".")
        cls, code = CLASSES[family]
        text = (
            f'{ARGUMENTS[name]} for method {cls}::{verb}() expected to be of type "integer", but given something else'
        )
        if call.get(name) is None and family == "commentitem":
            text = f"{ARGUMENTS[name]} expected by method {cls}::{verb}(), but not given"
        raise RestError(code, f"TASKS_ERROR_EXCEPTION_#256; Param {text}.; 256/TE/WRONG_ARGUMENTS")
    return call.text(name)


def _task(call: Call, code: str = "ERROR_CORE") -> Row:
    row = call.portal.store.table(board.TABLE).get(_number(call, "TASKID"))
    if row is None or not may_see(call, row):
        raise RestError(code, "TASKS_ERROR_EXCEPTION_#8; Task not found or not accessible.; 8/TE/TASK_NOT_FOUND")
    return row


def _fields(call: Call, name: str) -> dict[str, Any]:
    return {key.upper(): value for key, value in call.mapping(name).items()}


@method("task.commentitem.add", validate=False, missing="Files are not attached.")
def comment_add(call: Call) -> int:
    """A comment on a task."""
    task, fields = _task(call), _fields(call, "FIELDS")
    if not str(fields.get("POST_MESSAGE") or "").strip():
        raise RestError("ERROR_CORE", "Comment text is not specified<br>")
    author = str(fields.get("AUTHOR_ID") or call.user_id)
    row = {
        "TASK_ID": task["ID"],
        "AUTHOR_ID": author,
        "AUTHOR_NAME": chats.full_name(call.portal, author),
        "AUTHOR_EMAIL": call.portal.users.get(author, {}).get("EMAIL", ""),
        "POST_DATE": call.portal.stamp(),
        "POST_MESSAGE": str(fields["POST_MESSAGE"]),
        "POST_MESSAGE_HTML": None,
        "ATTACHED_OBJECTS": [],
    }
    call.portal.store.insert(COMMENTS, row)
    task["COMMENTS_COUNT"] = str(to_int(task["COMMENTS_COUNT"]) + 1)
    after = {"ID": row["ID"], "MESSAGE_ID": row["ID"], "TASK_ID": task["ID"]}
    data = {
        "FIELDS_BEFORE": "undefined",
        "FIELDS_AFTER": after,
        "IS_ACCESSIBLE_BEFORE": "N",
        "IS_ACCESSIBLE_AFTER": "Y",
    }
    emit(call.portal, "OnTaskCommentAdd", data, call.actor)
    return int(row["ID"])


def _comment(call: Call) -> Row:
    task = _task(call)
    row = call.portal.store.table(COMMENTS).get(_number(call, "ITEMID"))
    if row is None or row["TASK_ID"] != task["ID"]:
        text = "512; Check listitem not found or not accessible; 512/TE/ITEM_NOT_FOUND_OR_NOT_ACCESSIBLE"
        if not call.method.endswith(".get"):
            text = NOT_ALLOWED
        raise RestError("ERROR_CORE", f"TASKS_ERROR_EXCEPTION_#{text}")
    return row


def _check_keys(call: Call, place: str, name: str) -> None:
    """Refuses what cannot be sorted or filtered by; operators stand in filters only."""
    for key in call.mapping(name):
        plain = split_operator(key)[1] if name == "FILTER" else key
        if plain.upper() not in COMMENT_COLUMNS:
            text = f'Param {place} for method ctaskcommentitem::getlist() must not contain key "{key}".'
            raise RestError("ERROR_CORE", f"TASKS_ERROR_EXCEPTION_#256; {text}; 256/TE/WRONG_ARGUMENTS")


def _without_task(row: Row) -> Row:
    return {key: value for key, value in row.items() if key != "TASK_ID"}


@method("task.commentitem.get", validate=False)
def comment_get(call: Call) -> Row:
    """One comment."""
    return _without_task(_comment(call))


@method("task.commentitem.getlist", validate=False)
def comment_list(call: Call) -> list[Row]:
    """The comments of a task."""
    task = _task(call)
    for place, name in (("#1 (arOrder)", "ORDER"), ("#2 (arFilter)", "FILTER")):
        _check_keys(call, place, name)
    rows = [_without_task(row) for row in call.portal.store.rows(COMMENTS) if row["TASK_ID"] == task["ID"]]
    return ordered(filtered(rows, call.get("FILTER"), KINDS), call.get("ORDER"), {"ID": "ASC"}, KINDS)


@method("task.commentitem.update", validate=False, admin_only=False)
def comment_update(call: Call) -> bool:
    """Changes an own comment."""
    row = _own(call, _comment(call), "AUTHOR_ID")
    row["POST_MESSAGE"] = str(_fields(call, "FIELDS").get("POST_MESSAGE") or row["POST_MESSAGE"])
    call.portal.store.touch()
    return True


@method("task.commentitem.delete", validate=False, admin_only=False)
def comment_delete(call: Call) -> bool:
    """Deletes an own comment."""
    row = _own(call, _comment(call), "AUTHOR_ID")
    del call.portal.store.table(COMMENTS)[row["ID"]]
    call.portal.store.touch()
    return True


def _own(call: Call, row: Row, column: str) -> Row:
    if row[column] != call.user_id and not call.admin:
        raise RestError("ERROR_CORE", "ACTION_NOT_ALLOWED")
    return row


@method("task.elapseditem.add", validate=False)
def elapsed_add(call: Call) -> int:
    """Spent time of a task."""
    task, fields = _task(call, "0x000001"), _fields(call, "ARFIELDS")
    seconds = to_int(fields.get("SECONDS"))
    if seconds <= 0:
        raise RestError("ERROR_CODE", "Wrong SECONDS")
    now = call.portal.stamp()
    created = moments.parse(fields.get("CREATED_DATE"))
    row = {
        "TASK_ID": task["ID"],
        "USER_ID": str(fields.get("USER_ID") or call.user_id),
        "COMMENT_TEXT": str(fields.get("COMMENT_TEXT") or ""),
        "SECONDS": str(seconds),
        "MINUTES": str(seconds // 60),
        "SOURCE": "2",
        "CREATED_DATE": moments.iso(created) if created else now,
        "DATE_START": now,
        "DATE_STOP": now,
    }
    call.portal.store.insert(ELAPSED, row)
    task["TIME_SPENT_IN_LOGS"] = str(to_int(task["TIME_SPENT_IN_LOGS"]) + seconds)
    return int(row["ID"])


def _elapsed(call: Call) -> Row:
    task = _task(call, "0x000001")
    row = call.portal.store.table(ELAPSED).get(_number(call, "ITEMID"))
    if row is None or row["TASK_ID"] != task["ID"]:
        raise RestError("ERROR_CORE", "ACTION_NOT_ALLOWED")
    return row


@method("task.elapseditem.get", validate=False)
def elapsed_get(call: Call) -> Row | list[Row]:
    """One entry of spent time."""
    row = _elapsed(call)
    return [row] if call.portal.readings[SPENT] == "list" else row


@method("task.elapseditem.update", validate=False)
def elapsed_update(call: Call) -> None:
    """Changes an own entry."""
    row, fields = _own(call, _elapsed(call), "USER_ID"), _fields(call, "ARFIELDS")
    if "SECONDS" in fields:
        row.update(SECONDS=str(to_int(fields["SECONDS"])), MINUTES=str(to_int(fields["SECONDS"]) // 60))
    if "COMMENT_TEXT" in fields:
        row["COMMENT_TEXT"] = str(fields["COMMENT_TEXT"])
    call.portal.store.touch()


@method("task.elapseditem.delete", validate=False)
def elapsed_delete(call: Call) -> None:
    """Deletes an own entry."""
    row = _own(call, _elapsed(call), "USER_ID")
    del call.portal.store.table(ELAPSED)[row["ID"]]
    call.portal.store.touch()


@method("task.elapseditem.getlist", validate=False, ignores=("PARAMS",))
def elapsed_list(call: Call) -> Answer:
    """Spent time of one task, or of all the caller sees."""
    tasks = call.portal.store.table(board.TABLE)
    wanted = _task(call, "0x100002")["ID"] if call.integer("TASKID") else None
    rows = [
        row
        for row in call.portal.store.rows(ELAPSED)
        if row["TASK_ID"] in tasks and may_see(call, tasks[row["TASK_ID"]]) and wanted in {None, row["TASK_ID"]}
    ]
    rows = ordered(filtered(rows, call.get("FILTER"), KINDS), call.get("ORDER"), {"ID": "ASC"}, KINDS)
    return call.page([selected(row, call.get("SELECT")) for row in rows])
