"""`bizproc.task.*`: the assignments that workflows give to people."""

from __future__ import annotations

from typing import Any

from sandbox.portal.automation import assignments, plans, workflows
from sandbox.portal.call import Answer, Call, to_int, to_map
from sandbox.portal.errors import RestError
from sandbox.portal.filters import split_operator
from sandbox.portal.listing import Kinds, filtered, ordered
from sandbox.portal.portal import Portal
from sandbox.portal.registry import method
from sandbox.portal.store import Row

DEFAULT = ("ENTITY", "DOCUMENT_ID", "ID", "WORKFLOW_ID", "DOCUMENT_NAME", "NAME", "DOCUMENT_URL")
KINDS: Kinds = {
    **dict.fromkeys(("WORKFLOW_STARTED_BY", "WORKFLOW_TEMPLATE_ID", "STATUS", "USER_ID", "USER_STATUS"), "integer"),
    **dict.fromkeys(("MODIFIED", "WORKFLOW_STARTED", "OVERDUE_DATE"), "datetime"),
}
WORDS = {"yes": 1, "no": 2, "ok": 3, "cancel": 4}
STATES = {assignments.APPROVE: "Waiting for approval", assignments.REVIEW: "Waiting for acknowledgment"}


def _workflow(portal: Portal, row: Row) -> Row | None:
    number = row["workflow"]
    return portal.store.table(workflows.TABLE).get(number) or portal.store.table(workflows.PAST).get(number)


def _shown(portal: Portal, row: Row, workflow: Row, user_id: str) -> Row:
    """An assignment as one of its people has it."""
    template = portal.store.table(plans.TEMPLATES).get(workflow["template"]) or {}
    module, entity, document = workflow["document_id"]
    found = workflows.element_of(portal, workflow)
    return {
        "ID": row["ID"],
        "WORKFLOW_ID": row["workflow"],
        "DOCUMENT_NAME": str(found[1].get("title") or document) if found else document,
        "DESCRIPTION": row["description"],
        "NAME": row["name"],
        "MODIFIED": row["modified"],
        "WORKFLOW_STARTED": workflow["started"],
        "WORKFLOW_STARTED_BY": workflow["started_by"],
        "OVERDUE_DATE": row["overdue"],
        "WORKFLOW_TEMPLATE_ID": workflow["template"],
        "WORKFLOW_TEMPLATE_NAME": template.get("NAME", ""),
        "WORKFLOW_TEMPLATE_AUTO_EXECUTE": template.get("AUTO_EXECUTE", "0"),
        "WORKFLOW_STATE": STATES.get(row["activity"], "Waiting for additional information"),
        "STATUS": str(row["status"]),
        "USER_ID": user_id,
        "USER_STATUS": str(row["people"][user_id]),
        "MODULE_ID": module,
        "ENTITY": entity,
        "DOCUMENT_ID": document,
        "ACTIVITY": row["activity"],
        "ACTIVITY_NAME": row["step"],
        "PARAMETERS": row["parameters"],
        "DOCUMENT_URL": _address(workflow),
    }


def _address(workflow: Row) -> str:
    kind = workflow["document_type"][2].lower()
    base = (
        f"/crm/{kind}/"
        if kind in {"lead", "deal", "contact", "company"}
        else f"/crm/type/{workflow['entity_type_id']}/"
    )
    return f"{base}details/{workflow['item_id']}/"


def _people_below(call: Call) -> set[str]:
    """The caller and those in the departments that he heads."""
    departments = call.portal.store.table("departments")
    headed = {number for number, row in departments.items() if str(row.get("UF_HEAD") or "") == call.user_id}
    while more := {n for n, row in departments.items() if str(row.get("PARENT") or "") in headed} - headed:
        headed |= more
    return {call.user_id} | {
        user_id
        for user_id, user in call.portal.users.items()
        if headed & {str(number) for number in user.get("UF_DEPARTMENT") or ()}
    }


def _whose(call: Call) -> set[str] | None:
    """Whose assignments may be seen; None for everybody's. Refuses a filter by people who are not below."""
    if call.admin:
        return None
    asked = [value for key, value in call.mapping("FILTER").items() if split_operator(key)[1].upper() == "USER_ID"]
    if not asked:
        return {call.user_id}
    below = _people_below(call)
    wanted = {str(item) for value in asked for item in (to_map(value).values() or [value])}
    if not wanted <= below:
        raise RestError("ACCESS_DENIED", "Access denied!")
    return below


@method("bizproc.task.list")
def assignment_list(call: Call) -> Answer:
    """Assignments by filter, one row for each person; open ones and those of the last day."""
    names = [str(name).upper() for name in to_map(call.get("SELECT")).values()] or list(DEFAULT)
    everyone = _whose(call)
    rows = [
        _shown(call.portal, row, workflow, user_id)
        for row in assignments.known(call.portal)
        if (workflow := _workflow(call.portal, row))
        for user_id in row["people"]
        if everyone is None or user_id in everyone
    ]
    if not set(names) <= FIELDS:
        raise RestError("ERROR_SELECT_VALIDATION_FAILURE", "Invalid data in SELECT parameter", 400)
    rows = ordered(filtered(rows, call.get("FILTER"), KINDS), call.get("ORDER"), {"ID": "DESC"}, KINDS)
    return call.page([{name: row[name] for name in row if name in names} for row in rows])


FIELDS = frozenset({*DEFAULT, *KINDS, "DESCRIPTION", "WORKFLOW_TEMPLATE_NAME", "WORKFLOW_TEMPLATE_AUTO_EXECUTE"}) | {
    "WORKFLOW_STATE",
    "MODULE_ID",
    "ACTIVITY",
    "ACTIVITY_NAME",
    "PARAMETERS",
}


def _status(value: Any) -> int:
    return WORDS.get(str(value).lower(), to_int(value))


@method(
    "bizproc.task.complete",
    validate=False,
    missing="Answers with files are kept as they are sent.",
)
def complete(call: Call) -> bool:
    """The caller answers an assignment of his; the workflow goes on when it is decided."""
    if call.integer("TASK_ID") <= 0:
        raise RestError("ERROR_TASK_VALIDATION", "empty TASK_ID", 400)
    status = _status(call.get("STATUS"))
    if status not in WORDS.values():
        raise RestError("ERROR_TASK_VALIDATION", "incorrect STATUS", 400)
    row = call.portal.store.table(assignments.TABLE).get(str(call.integer("TASK_ID")))
    if row is None or call.user_id not in row["people"]:
        raise RestError("ERROR_TASK_NOT_FOUND", "Task not found", 400)
    if row["status"] != assignments.WAITING or row["people"][call.user_id] != assignments.WAITING:
        raise RestError("ERROR_TASK_COMPLETED", "Task already completed", 400)
    if status not in assignments.ALLOWED[row["activity"]]:
        raise RestError("ERROR_TASK_VALIDATION", "incorrect STATUS", 400)
    fields = call.mapping("FIELDS")
    if problem := assignments.lacking(row, status, call.text("COMMENT"), fields):
        raise RestError("ERROR_TASK_EXECUTION", problem, 400)
    if assignments.answer(call.portal, row, call.user_id, status):
        _go_on(call, row, fields)
    return True


def _go_on(call: Call, row: Row, fields: Row) -> None:
    known = {field["Id"] for field in row["parameters"].get("Fields", ())}
    said = {name: value for name, value in fields.items() if name in known}
    outcome = "N" if row["status"] == assignments.NO else "Y"
    values = {**said, "Approved": outcome, "Comments": call.text("COMMENT"), "LastApprover": f"user_{call.user_id}"}
    workflows.answered(call.portal, row["token"], values, "answered")


@method("bizproc.task.delegate", validate=False, missing="Delegation is allowed to all employees.")
def delegate(call: Call) -> bool:
    """Gives assignments of one person to another."""
    numbers = [str(to_int(number)) for number in to_map(call.get("TASK_IDS")).values()]
    if not numbers or "0" in numbers:
        raise RestError("ERROR_TASK_VALIDATION", "Invalid TASK_IDS", 400)
    giver, taker = call.text("FROM_USER_ID"), call.text("TO_USER_ID")
    for name, person in (("FROM_USER_ID", giver), ("TO_USER_ID", taker)):
        if person not in call.portal.users:
            raise RestError("ERROR_INVALID_USER_ID", f"Invalid {name}", 400)
    if not call.portal.users[taker].get("UF_DEPARTMENT"):
        raise _not_allowed("Task delegation is only available for intranet users")
    table = call.portal.store.table(assignments.TABLE)
    rows = [row for number in numbers if (row := table.get(number)) and row["people"].get(giver) == assignments.WAITING]
    if len(rows) < len(numbers) or (giver != call.user_id and not call.admin):
        raise _not_allowed("User is not responsible for the task")
    for row in rows:
        del row["people"][giver]
        row["people"].setdefault(taker, assignments.WAITING)
        row["modified"] = call.portal.stamp()
    call.portal.store.touch()
    return True


def _not_allowed(text: str) -> RestError:
    return RestError("ERROR_DELEGATION_NOT_ALLOWED", text, 400)
