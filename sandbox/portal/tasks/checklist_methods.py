"""task.checklistitem.*: the items of a task's checklists.

The refusals carry the texts of the class behind these methods, which numbers its arguments.
"""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Call, is_yes, to_map
from sandbox.portal.errors import RestError
from sandbox.portal.im import chats
from sandbox.portal.registry import method
from sandbox.portal.store import Row
from sandbox.portal.tasks import board, checklist, history
from sandbox.portal.tasks.task_methods import may_see

ARGUMENTS = {"TASKID": "taskId", "ITEMID": "itemId", "AFTERITEMID": "afterItemId", "ACTIONID": "actionId"}
FLAGS = frozenset({"IS_COMPLETE", "IS_IMPORTANT"})
COLUMNS = frozenset({"TITLE", "SORT_INDEX", "PARENT_ID", *FLAGS})
ACTIONS = range(1, 6)


def _refused(text: str) -> RestError:
    return RestError("ERROR_CORE", f"TASKS_ERROR_EXCEPTION_#{text}<br>")


def _number(call: Call, place: int, name: str) -> str:
    verb, argument = call.method.rpartition(".")[2], ARGUMENTS[name]
    value = call.get(name)
    if value is None or value == "":
        text = f"256; Param #{place} ({argument}) expected by method ctaskchecklistitem::{verb}(), but not given."
        raise _refused(f"{text}; 256/TE/WRONG_ARGUMENTS")
    if not str(value).lstrip("-").isdigit():
        text = (
            f'256; Param #{place} ({argument}) for method ctaskchecklistitem::{verb}() expected to be of type "integer"'
        )
        raise _refused(f"{text}, but given something else.; 256/TE/WRONG_ARGUMENTS")
    return str(int(value))


def _task(call: Call, act: str) -> Row:
    row = call.portal.store.table(board.TABLE).get(_number(call, 0, "TASKID"))
    if row is None or not may_see(call, row):
        raise _refused(f"8; {act}: action not allowed; 8/TE/ACTION_FAILED_TO_BE_PROCESSED")
    return row


def _item(call: Call, place: int = 1, name: str = "ITEMID") -> Row:
    task_id, item_id = _number(call, 0, "TASKID"), _number(call, place, name)
    if min(int(task_id), int(item_id)) <= 0:
        raise RestError("ERROR_CORE", "TASKS_ERROR_ASSERT_EXCEPTION<br>")
    task = call.portal.store.table(board.TABLE).get(task_id)
    row = call.portal.store.table(checklist.TABLE).get(item_id)
    if task is None or row is None or row["TASK_ID"] != task_id or not may_see(call, task):
        raise _refused("512; Check listitem not found or not accessible; 512/TE/ITEM_NOT_FOUND_OR_NOT_ACCESSIBLE")
    return row


def _fields(call: Call, place: int) -> Row:
    sent = {str(key).upper(): value for key, value in call.mapping("FIELDS").items()}
    if not sent:
        verb = call.method.rpartition(".")[2]
        text = f"256; Param #{place} (arFields) expected by method ctaskchecklistitem::{verb}(), but not given."
        raise _refused(f"{text}; 256/TE/WRONG_ARGUMENTS")
    read: Row = {}
    for name, value in sent.items():
        if name in FLAGS:
            read[name] = "Y" if is_yes(value) else "N"
        elif name in COLUMNS and value is not None:
            read[name] = str(value)
        elif name == "MEMBERS":
            read[name] = [_member(call, user_id, to_map(kind)) for user_id, kind in to_map(value).items()]
    return read


def _member(call: Call, user_id: str, kind: Row) -> Row:
    row = call.portal.users.get(user_id, {})
    return {
        "ID": user_id,
        "TYPE": str(kind.get("TYPE", "A")),
        "NAME": chats.full_name(call.portal, user_id),
        "PERSONAL_PHOTO": row.get("PERSONAL_PHOTO") or None,
        "PERSONAL_GENDER": row.get("PERSONAL_GENDER", ""),
        "IMAGE": "",
        "IS_COLLABER": False,
    }


@method("task.checklistitem.add", validate=False)
def item_add(call: Call) -> int:
    """A new item; its number. Its members take part in the task from now on."""
    task, fields = _task(call, "Adding item"), _fields(call, 1)
    if not fields.get("TITLE", "").strip():
        raise _refused("8; Item name not specified; 8/TE/ACTION_FAILED_TO_BE_PROCESSED")
    row = checklist.add(call.portal, task["ID"], call.user_id, fields)
    for member in row["MEMBERS"]:
        people = task["ACCOMPLICES" if member["TYPE"] == "A" else "AUDITORS"]
        if member["ID"] not in people:
            people.append(member["ID"])
    history.record(call.portal, call.actor, task["ID"], "CHECKLIST_ITEM_CREATE", ("", row["TITLE"]))
    return int(row["ID"])


@method("task.checklistitem.get", validate=False)
def item_get(call: Call) -> Row:
    """One item."""
    return checklist.printed(_item(call))


@method("task.checklistitem.getlist", validate=False)
def item_list(call: Call) -> list[Row]:
    """The items of a task, the newest first when no order is given."""
    task = _task(call, "Reading items")
    order = {str(name).upper(): str(way).lower() for name, way in call.mapping("ORDER").items()} or {"ID": "desc"}
    rows = checklist.items_of(call.portal, task["ID"])
    for name, way in reversed(order.items()):
        rows.sort(key=lambda row: _sort_value(row.get(name)), reverse=way == "desc")
    return [checklist.printed(row) for row in rows]


def _sort_value(value: Any) -> tuple[bool, int, str]:
    text = "" if value is None else str(value)
    return (not text.isdigit(), int(text) if text.isdigit() else 0, text)


@method("task.checklistitem.update", validate=False)
def item_update(call: Call) -> None:
    """Changes an item."""
    row, fields = _item(call), _fields(call, 2)
    if "IS_COMPLETE" in fields:
        checklist.toggle(call.portal, row, call.user_id, done=fields.pop("IS_COMPLETE") == "Y")
    if fields.get("TITLE", row["TITLE"]) != row["TITLE"]:
        history.record(
            call.portal, call.actor, row["TASK_ID"], "CHECKLIST_ITEM_RENAME", (row["TITLE"], fields["TITLE"])
        )
    row.update(fields)
    call.portal.store.touch()


@method("task.checklistitem.delete", validate=False)
def item_delete(call: Call) -> bool:
    """Removes an item."""
    row = _item(call)
    history.record(call.portal, call.actor, row["TASK_ID"], "CHECKLIST_ITEM_REMOVE", (row["TITLE"], ""))
    checklist.remove(call.portal, row)
    return True


@method("task.checklistitem.complete", "task.checklistitem.renew", validate=False)
def item_toggle(call: Call) -> bool:
    """Marks an item completed or open again."""
    row, done = _item(call), call.method.endswith("complete")
    checklist.toggle(call.portal, row, call.user_id, done=done)
    kind = "CHECKLIST_ITEM_CHECK" if done else "CHECKLIST_ITEM_UNCHECK"
    history.record(call.portal, call.actor, row["TASK_ID"], kind, ("", row["TITLE"]))
    return True


@method("task.checklistitem.moveafteritem", validate=False)
def item_move(call: Call) -> None:
    """Puts an item behind another one."""
    row, other = _item(call), _item(call, 2, "AFTERITEMID")
    checklist.move_after(call.portal, row, other)


@method(
    "task.checklistitem.isactionallowed", validate=False, missing="Who sees a task may do everything with its items."
)
def item_allowed(call: Call) -> bool:
    """Whether the caller may do something with an item."""
    _item(call)
    return int(_number(call, 2, "ACTIONID")) in ACTIONS
