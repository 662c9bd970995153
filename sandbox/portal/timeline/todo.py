"""crm.activity.todo.*: universal activities with a deadline."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Call, to_int, to_map
from sandbox.portal.errors import RestError
from sandbox.portal.registry import method
from sandbox.portal.store import Row
from sandbox.portal.timeline import activities, owners

PROVIDER = "CRM_TODO"
COLORS = frozenset({"", "default", *map(str, range(1, 8))})
Result = dict[str, Any]


def _color(value: Any) -> str:
    if str(value) not in COLORS:
        raise RestError("CAN_NOT_UPDATE_WRONG_COLOR_TODO", "Wrong color")
    return str(value)


def _columns(call: Call) -> Row:
    row: Row = {"DEADLINE": activities.moment(call.get("deadline"))}
    row["START_TIME"] = row["END_TIME"] = row["DEADLINE"]
    for name, column in (("title", "SUBJECT"), ("description", "DESCRIPTION")):
        if call.get(name) is not None:
            row[column] = call.text(name)
    if call.get("responsibleId") is not None:
        row["RESPONSIBLE_ID"] = activities.responsible(call, call.get("responsibleId"), "ACCESS_DENIED")
    if call.get("pingOffsets") is not None:
        row["_pings"] = [to_int(value) for value in to_map(call.get("pingOffsets")).values()]
    if call.get("colorId") is not None:
        row["_color"] = _color(call.get("colorId"))
    if call.get("parentActivityId") is not None:
        row["_parent"] = call.text("parentActivityId")
    return row


@method("crm.activity.todo.add", missing="Reminders are kept, not sent.")
def todo_add(call: Call) -> Result:
    """Adds an activity."""
    number, item_id = call.integer("ownerTypeId"), call.integer("ownerId")
    owners.require(call, number, item_id)
    values = {"PROVIDER_ID": PROVIDER, "PROVIDER_TYPE_ID": "TODO", **_columns(call)}
    return {"id": int(activities.add(call.portal, call.actor, number, item_id, values)["ID"])}


def _find(call: Call, completed_code: str = "CAN_NOT_UPDATE_COMPLETED_TODO") -> Row:
    number, item_id = call.integer("ownerTypeId"), call.integer("ownerId")
    owners.require(call, number, item_id)
    row = activities.find(call.portal, call.integer("id"))
    if row is None or row["PROVIDER_ID"] != PROVIDER or [number, str(item_id)] not in row["_bindings"]:
        raise RestError("NOT_FOUND", "Not found.")
    if row["COMPLETED"] == "Y":
        raise RestError(completed_code, "Completed activity can not be changed")
    return row


def _change(call: Call, row: Row, values: Row) -> Result:
    activities.change(call.portal, call.actor, row, values)
    return {"id": int(row["ID"])}


@method("crm.activity.todo.update", missing="Closed parent activities are not refused.")
def todo_update(call: Call) -> Result:
    """Changes an activity."""
    return _change(call, _find(call), _columns(call))


@method("crm.activity.todo.updateDeadline")
def todo_update_deadline(call: Call) -> Result:
    """Changes the deadline."""
    return _change(call, _find(call), {"DEADLINE": activities.moment(call.get("value"))})


@method("crm.activity.todo.updateDescription")
def todo_update_description(call: Call) -> Result:
    """Changes the description."""
    return _change(call, _find(call), {"DESCRIPTION": call.text("value")})


@method("crm.activity.todo.updateColor")
def todo_update_color(call: Call) -> Result:
    """Changes the color."""
    row = _find(call, "CAN_NOT_UPDATE_COLOR_COMPLETED_TODO")
    return _change(call, row, {"_color": _color(call.get("colorId"))})


@method("crm.activity.todo.updateResponsibleUser")
def todo_update_responsible(call: Call) -> Result:
    """Changes the responsible user."""
    row = _find(call, "CAN_NOT_UPDATE_RESPONSIBLE_USER_COMPLETED_TODO")
    chosen = activities.responsible(call, call.get("responsibleId"), "INVALID_ARG_VALUE")
    return _change(call, row, {"RESPONSIBLE_ID": chosen})
