"""crm.timeline.bindings.*: on which CRM elements a timeline record is shown."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Answer, Call, to_int, to_map
from sandbox.portal.errors import RestError
from sandbox.portal.listing import filtered
from sandbox.portal.registry import method
from sandbox.portal.store import Row
from sandbox.portal.timeline import owners, records


def _record(call: Call, values: dict[str, Any]) -> Row:
    row = records.find(call.portal, None, to_int(values.get("OWNER_ID")))
    if row is None:
        raise RestError("", "OWNER_ID is not defined or invalid.")
    return row


def _target(call: Call) -> tuple[Row, list[Any]]:
    fields = {key.upper(): value for key, value in call.mapping("fields").items()}
    row = _record(call, fields)
    item_id = to_int(fields.get("ENTITY_ID"))
    if item_id <= 0:
        raise RestError("", "ENTITY_ID is not defined or invalid.")
    number = owners.type_id(fields.get("ENTITY_TYPE"))
    if number is None:
        raise RestError("", "ENTITY_TYPE is not defined or invalid.")
    element = owners.find(call.portal, number, item_id)
    if element is None or not owners.allowed(call.portal, call.user_id, element):
        raise RestError("", "Access denied.")
    return row, [number, str(item_id)]


@method("crm.timeline.bindings.bind", validate=False)
def bind(call: Call) -> bool:
    """Shows a record on one more element; False when it is there already."""
    row, wanted = _target(call)
    if wanted in row["bindings"]:
        return False
    row["bindings"].append(wanted)
    call.portal.store.touch()
    return True


@method("crm.timeline.bindings.unbind", validate=False)
def unbind(call: Call) -> bool:
    """Takes a record off an element."""
    row, wanted = _target(call)
    if wanted not in row["bindings"]:
        raise RestError("", "Not found.")
    row["bindings"].remove(wanted)
    call.portal.store.touch()
    return True


@method("crm.timeline.bindings.list", validate=False)
def bindings_list(call: Call) -> Answer:
    """Where a record is shown."""
    conditions = {key.lstrip("=").upper(): value for key, value in to_map(call.get("filter")).items()}
    found = filtered(records.bindings_of(_record(call, conditions)), conditions)
    return Answer(found, total=len(found))


@method("crm.timeline.bindings.fields")
def bindings_fields(_call: Call) -> dict[str, Any]:
    """The description of a binding's fields."""
    plain = {"isRequired": True, "isReadOnly": False, "isImmutable": True, "isMultiple": False, "isDynamic": False}
    kinds = {"OWNER_ID": "integer", "ENTITY_ID": "integer", "ENTITY_TYPE": "string"}
    return {name: {"type": kind, **plain, "title": name} for name, kind in kinds.items()}
