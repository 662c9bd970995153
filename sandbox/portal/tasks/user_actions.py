"""tasks.task.favorite.*, mute, pin, startwatch and their opposites, getaccess, counters.get, history.list, files.attach."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Answer, Call, to_map
from sandbox.portal.disk.objects import FILE, OBJECTS
from sandbox.portal.disk.sharing_methods import attach_to_task
from sandbox.portal.errors import RestError
from sandbox.portal.filters import moment
from sandbox.portal.listing import filtered, ordered
from sandbox.portal.registry import method
from sandbox.portal.store import Row
from sandbox.portal.tasks import board, history, marks
from sandbox.portal.tasks.task_methods import may_see
from sandbox.portal.tasks.view import actions, shown
from sandbox.portal.validation import NO_VALUE

SELF_MARKS = {
    "tasks.task.mute": (marks.MUTED, True),
    "tasks.task.unmute": (marks.MUTED, False),
    "tasks.task.pin": (marks.PINNED, True),
    "tasks.task.unpin": (marks.PINNED, False),
}
# These document code 0 for every wrong id, the others a code of its own for a missing one.
WITHOUT_CODE_100 = frozenset({f"tasks.task.{verb}" for verb in ("mute", "unmute", "unpin", "startwatch", "stopwatch")})
EXPIRED, NEW_COMMENTS = 6291456, 12582912
ROLES = {
    "view_all": ("RESPONSIBLE_ID", "CREATED_BY", "ACCOMPLICES", "AUDITORS"),
    "view_role_responsible": ("RESPONSIBLE_ID",),
    "view_role_accomplice": ("ACCOMPLICES",),
    "view_role_auditor": ("AUDITORS",),
    "view_role_originator": ("CREATED_BY",),
}


def _number(call: Call, name: str) -> str:
    if call.get(name) in NO_VALUE:
        if call.method in WITHOUT_CODE_100:
            raise RestError("0", "wrong task id")
        raise RestError("100", "CTaskItem All parameters in the constructor must have real class type")
    if call.integer(name) <= 0:
        raise RestError("0", "wrong task id")
    return str(call.integer(name))


def _visible(call: Call, name: str) -> Row | None:
    row = call.portal.store.table(board.TABLE).get(_number(call, name))
    return row if row is not None and may_see(call, row) else None


@method("tasks.task.favorite.add", "tasks.task.favorite.remove", validate=False)
def favorite(call: Call) -> bool:
    """Puts a task among the caller's favourites or takes it from there."""
    row = _visible(call, "taskId")
    if row is None:
        raise RestError("1", "Task not found or not accessible")
    marks.put(call.portal, row["ID"], marks.FAVORITE, call.user_id, on=call.method.endswith("add"))
    return True


@method(*SELF_MARKS, validate=False)
def mark(call: Call) -> Any:
    """Mutes or pins a task for the caller; nothing comes back for a task that he cannot see."""
    row = _visible(call, "id")
    if row is None:
        return []
    name, on = SELF_MARKS[call.method]
    marks.put(call.portal, row["ID"], name, call.user_id, on=on)
    return {"task": shown(call, row)}


@method("tasks.task.startwatch", "tasks.task.stopwatch", validate=False)
def watch(call: Call) -> dict[str, Any]:
    """Makes the caller an auditor of a task, or no longer."""
    row = _visible(call, "taskId")
    if row is None:
        raise RestError("1048584", "a:0:{}")
    others = [user_id for user_id in row["AUDITORS"] if user_id != call.user_id]
    wanted = [*others, call.user_id] if call.method.endswith("startwatch") else others
    if wanted != row["AUDITORS"]:
        board.change(call.portal, call.actor, row, {"AUDITORS": wanted})
    return {"task": shown(call, row)}


@method("tasks.task.getaccess", validate=False)
def access(call: Call) -> dict[str, Any]:
    """What people may do with a task."""
    users = call.get("users")
    if users is not None and not isinstance(users, list | dict):
        raise RestError(
            "100", f"Invalid value {{{users}}} to match with parameter {{users}}. Should be value of type array."
        )
    row = _visible(call, "taskId")
    if row is None:
        return {"allowedActions": []}
    asked = [str(user_id) for user_id in to_map(users).values()] or [call.user_id]
    return {"allowedActions": {user_id: _allowed(call, row, user_id) for user_id in asked}}


def _allowed(call: Call, row: Row, user_id: str) -> dict[str, bool]:
    known = user_id in call.portal.users
    named = actions(call, row, user_id).items()
    return {_upper(name): allowed and known for name, allowed in named}


def _upper(name: str) -> str:
    return "".join(f"_{letter}" if letter.isupper() else letter.upper() for letter in name)


@method(
    "tasks.task.counters.get", ignores=("groupId",), missing="Comments count as read: only overdue tasks are counted."
)
def counters(call: Call) -> Answer:
    """Overdue tasks of a person in a role; nothing of others for those who do not administer the portal."""
    user_id, role = call.text("userId", call.user_id), call.text("type", "view_all")
    if user_id not in call.portal.users or (user_id != call.user_id and not call.admin):
        return Answer([], total=1)
    now = call.portal.clock.timestamp()
    late = [row for row in call.portal.store.rows(board.TABLE) if _late(row, now) and _takes_part(row, role, user_id)]
    expired = {"counter": len(late), "code": EXPIRED}
    return Answer({"expired": expired, "new_comments": {"counter": 0, "code": NEW_COMMENTS}}, total=1)


def _late(row: Row, now: float) -> bool:
    return bool(row["DEADLINE"]) and row["STATUS"] != board.COMPLETED and (moment(row["DEADLINE"]) or now) < now


def _takes_part(row: Row, role: str, user_id: str) -> bool:
    return any(
        user_id in row[name] if isinstance(row[name], list) else row[name] == user_id for name in ROLES.get(role, ())
    )


@method("tasks.task.history.list", validate=False)
def history_list(call: Call) -> dict[str, Any]:
    """What happened to a task."""
    number = _number(call, "taskId")
    row = call.portal.store.table(board.TABLE).get(number)
    if row is None:
        return {"list": []}
    if not may_see(call, row):
        raise RestError("0", "Access denied. (internal error)")
    lines = [_line(call, line) for line in call.portal.store.rows(history.TABLE) if line["TASK_ID"] == number]
    lines = filtered(lines, {str(key): value for key, value in call.mapping("filter").items()}, {"id": "integer"})
    return {"list": ordered(lines, call.get("order"), {"createdDate": "DESC"}, {"id": "integer"})}


def _line(call: Call, line: Row) -> dict[str, Any]:
    person = call.portal.users.get(line["userId"], {})
    names = {"name": "NAME", "lastName": "LAST_NAME", "secondName": "SECOND_NAME", "login": "EMAIL"}
    user = {"id": int(line["userId"]), **{name: person.get(column, "") for name, column in names.items()}}
    kept = {name: line[name] for name in ("createdDate", "field", "value")}
    return {"id": int(line["ID"]), **kept, "user": user}


@method("tasks.task.files.attach", validate=False)
def attach_file(call: Call) -> dict[str, int]:
    """Hangs a file of the Drive on a task."""
    number, file_id = _number(call, "taskId"), call.get("fileId")
    if file_id in NO_VALUE:
        raise RestError("100", "Could not find value for parameter {fileId} (internal error)")
    if not str(file_id).isdigit():
        text = f"Invalid value {{{file_id}}} to match with parameter {{fileId}}. Should be value of type int."
        raise RestError("100", f"{text} (internal error)")
    row = call.portal.store.table(board.TABLE).get(number)
    if row is None or not may_see(call, row):
        raise RestError("0", "Access denied (internal error)")
    held = call.portal.store.table(OBJECTS).get(str(int(file_id)))
    if held is None or held.get("TYPE") != FILE:
        raise RestError("ERROR_CORE", "Insufficient permissions.<br>")
    attachment = attach_to_task(call.portal, number, held["ID"], call.user_id)
    board.change(call.portal, call.actor, row, {"UF_TASK_WEBDAV_FILES": [*row["UF_TASK_WEBDAV_FILES"], attachment]})
    return {"attachmentId": int(attachment)}
