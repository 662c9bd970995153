"""crm.timeline.note.*, crm.timeline.item.pin|unpin: remarks on timeline entries and entries kept on top."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Call
from sandbox.portal.errors import RestError
from sandbox.portal.registry import method
from sandbox.portal.store import Row
from sandbox.portal.timeline import activities, owners, records

RECORD, ACTIVITY = 1, 2


def _entry(call: Call) -> Row:
    number, item_id = call.integer("ownerTypeId"), call.integer("ownerId")
    owners.require(call, number, item_id, missing="NOT_FOUND")
    wanted, kind = [number, str(item_id)], call.integer("itemType")
    if kind == ACTIVITY:
        row, key = activities.find(call.portal, call.integer("itemId")), "_bindings"
    else:
        row, key = records.find(call.portal, None, call.integer("itemId")), "bindings"
    if row is None or kind not in {RECORD, ACTIVITY} or wanted not in row[key]:
        raise RestError("NOT_FOUND", "Not found")
    return row


@method("crm.timeline.note.save")
def note_save(call: Call) -> bool:
    """Puts a remark on an entry, or changes it."""
    row, now, user = _entry(call), call.portal.stamp(), int(call.user_id)
    made = row.get("_note") or {"createdById": user, "createdTime": now}
    row["_note"] = {**made, "text": call.text("text"), "updatedById": user, "updatedTime": now}
    call.portal.store.touch()
    return True


@method("crm.timeline.note.get")
def note_get(call: Call) -> dict[str, Any]:
    """The remark on an entry."""
    note: dict[str, Any] | None = _entry(call).get("_note")
    if not note:
        raise RestError("NOT_FOUND", "Not found")
    return note


@method("crm.timeline.note.delete")
def note_delete(call: Call) -> bool:
    """Removes the remark of an entry."""
    if _entry(call).pop("_note", None) is None:
        raise RestError("NOT_FOUND", "Not found")
    call.portal.store.touch()
    return True


@method("crm.timeline.item.pin", "crm.timeline.item.unpin")
def pin(call: Call) -> None:
    """Keeps a record on top of one element's timeline, or lets it go."""
    number, item_id = call.integer("ownerTypeId"), call.integer("ownerId")
    owners.require(call, number, item_id)
    row = records.find(call.portal, None, call.integer("id"))
    place = [number, str(item_id)]
    if row is None or place not in row["bindings"]:
        raise RestError("NOT_FOUND", "Not found")
    others = [held for held in row.get("_pinned", []) if held != place]
    row["_pinned"] = others if call.method.endswith("unpin") else [*others, place]
    call.portal.store.touch()
