"""crm.activity.binding.*: on which CRM elements an activity is shown."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Call
from sandbox.portal.errors import RestError
from sandbox.portal.registry import method
from sandbox.portal.store import Row
from sandbox.portal.timeline import activities, owners


def _find(call: Call) -> Row:
    row = activities.find(call.portal, call.integer("activityId"))
    if row is None:
        raise RestError("NOT_FOUND", "Activity not found")
    if not activities.may_work_with(call.portal, call.user_id, row):
        raise RestError("ACCESS_DENIED", "Access denied")
    return row


@method("crm.activity.binding.add")
def binding_add(call: Call) -> bool:
    """Shows an activity on one more element."""
    row, wanted = _find(call), [call.integer("entityTypeId"), str(call.integer("entityId"))]
    owners.require(call, call.integer("entityTypeId"), wanted[1])
    if wanted in row["_bindings"]:
        raise RestError("ACTIVITY_IS_ALREADY_BOUND", "Activity is already bound")
    row["_bindings"].append(wanted)
    call.portal.store.touch()
    return True


@method("crm.activity.binding.list")
def binding_list(call: Call) -> list[dict[str, Any]]:
    """Where an activity is shown."""
    return [{"entityTypeId": number, "entityId": int(item_id)} for number, item_id in _find(call)["_bindings"]]


@method("crm.activity.binding.delete")
def binding_delete(call: Call) -> bool:
    """Takes an activity off an element, not off the last one."""
    row, wanted = _find(call), [call.integer("entityTypeId"), str(call.integer("entityId"))]
    owners.require(call, call.integer("entityTypeId"), wanted[1])
    if wanted not in row["_bindings"]:
        raise RestError("BINDING_NOT_FOUND", "Binding not found")
    if len(row["_bindings"]) == 1:
        raise RestError("LAST_BINDING_CANNOT_BE_DELETED", "The last binding can not be deleted")
    row["_bindings"].remove(wanted)
    row["OWNER_TYPE_ID"], row["OWNER_ID"] = str(row["_bindings"][0][0]), row["_bindings"][0][1]
    call.portal.store.touch()
    return True


@method("crm.activity.binding.move")
def binding_move(call: Call) -> bool:
    """Moves an activity between two elements of one type."""
    source = [call.integer("sourceEntityTypeId"), str(call.integer("sourceEntityId"))]
    target = [call.integer("targetEntityTypeId"), str(call.integer("targetEntityId"))]
    if source[0] != target[0]:
        raise RestError("SOURCE_AND_TARGET_ENTITY_TYPES_ARE_NOT_EQUAL_ERROR", "Entity types are not equal")
    if source[1] == target[1]:
        raise RestError("SOURCE_AND_TARGET_ENTITY_ID_ARE_EQUAL_ERROR", "Entity ids are equal")
    row = _find(call)
    owners.require(call, call.integer("targetEntityTypeId"), target[1])
    if source not in row["_bindings"]:
        raise RestError("BINDING_NOT_FOUND", "Binding not found")
    if target in row["_bindings"]:
        raise RestError("ACTIVITY_IS_ALREADY_BOUND", "Activity is already bound")
    row["_bindings"][row["_bindings"].index(source)] = target
    if [row["OWNER_TYPE_ID"], row["OWNER_ID"]] == [str(source[0]), source[1]]:
        row["OWNER_ID"] = target[1]
    call.portal.store.touch()
    return True
