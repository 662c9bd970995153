"""crm.activity.layout.blocks.* and crm.timeline.layout.blocks.*: additional blocks of an application on records.

They belong to one application and vanish with it.
"""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Call
from sandbox.portal.errors import RestError
from sandbox.portal.hooks import listen
from sandbox.portal.portal import Portal
from sandbox.portal.registry import method
from sandbox.portal.store import Row
from sandbox.portal.timeline import activities, configurable, layout, owners, records


def _activity(call: Call) -> Row:
    number, item_id = call.integer("entityTypeId"), call.integer("entityId")
    owners.require(call, number, item_id)
    row = activities.find(call.portal, call.integer("activityId"))
    if row is None or [number, str(item_id)] not in row["_bindings"]:
        raise RestError("NOT_FOUND", "Activity not found")
    return row


def _record(call: Call) -> Row:
    number, item_id = call.integer("entityTypeId"), call.integer("entityId")
    owners.require(call, number, item_id)
    row = records.find(call.portal, None, call.integer("timelineId"))
    if row is None or [number, str(item_id)] not in row["bindings"]:
        raise RestError("NOT_FOUND", "Timeline record not found")
    if row["kind"] == "logmessage":
        raise RestError("UNSUITABLE_TIMELINE_ITEM_TYPE_ERROR", "The type of this record is not suitable")
    return row


def _set(call: Call, row: Row) -> dict[str, Any]:
    if layout.empty(call.get("layout")):
        raise RestError("FIELD_IS_REQUIRED", "Field `blocks` is required in `layout`")
    checked = layout.check(call.portal, "RestAppLayoutDto", call.get("layout"))
    row.setdefault("_blocks", {})[call.app["ID"]] = checked
    call.portal.store.touch()
    return {"success": True}


def _get(call: Call, row: Row) -> dict[str, Any]:
    return {"layout": row.get("_blocks", {}).get(call.app["ID"])}


def _delete(call: Call, row: Row) -> dict[str, Any]:
    row.get("_blocks", {}).pop(call.app["ID"], None)
    call.portal.store.touch()
    return {"success": True}


@method("crm.activity.layout.blocks.set")
def activity_blocks_set(call: Call) -> dict[str, Any]:
    """Replaces the caller's blocks on a foreign activity."""
    row = _activity(call)
    if row["PROVIDER_ID"] == configurable.PROVIDER:
        raise RestError("UNSUITABLE_ACTIVITY_TYPE_ERROR", "The type of this activity is not suitable")
    return _set(call, row)


@method("crm.activity.layout.blocks.get")
def activity_blocks_get(call: Call) -> dict[str, Any]:
    """The caller's blocks on an activity."""
    return _get(call, _activity(call))


@method("crm.activity.layout.blocks.delete")
def activity_blocks_delete(call: Call) -> dict[str, Any]:
    """Removes the caller's blocks from an activity."""
    return _delete(call, _activity(call))


@method("crm.timeline.layout.blocks.set")
def record_blocks_set(call: Call) -> dict[str, Any]:
    """Replaces the caller's blocks on a timeline record."""
    return _set(call, _record(call))


@method("crm.timeline.layout.blocks.get")
def record_blocks_get(call: Call) -> dict[str, Any]:
    """The caller's blocks on a timeline record."""
    return _get(call, _record(call))


@method("crm.timeline.layout.blocks.delete")
def record_blocks_delete(call: Call) -> dict[str, Any]:
    """Removes the caller's blocks from a timeline record."""
    return _delete(call, _record(call))


@listen("app_removed")
def forget_blocks(portal: Portal, app: Row, _clean: bool) -> None:
    """Blocks vanish with their application."""
    for table in (activities.TABLE, records.TABLE):
        for row in portal.store.rows(table):
            row.get("_blocks", {}).pop(app["ID"], None)
