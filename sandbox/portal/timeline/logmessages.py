"""crm.timeline.logmessage.*: entries of a log with an icon; deleted only by the application that added them."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Answer, Call, to_int
from sandbox.portal.errors import RestError
from sandbox.portal.listing import ordered
from sandbox.portal.registry import method
from sandbox.portal.store import Row
from sandbox.portal.timeline import owners, records

PAGE = 10


def shown(row: Row) -> dict[str, Any]:
    """An entry as methods return it."""
    return {
        "id": int(row["ID"]),
        "created": row["created"],
        "authorId": int(row["author"]),
        "title": row["title"],
        "text": row["text"],
        "iconCode": row["icon"],
    }


@method("crm.timeline.logmessage.add", missing="An icon code that does not exist is accepted.")
def logmessage_add(call: Call) -> dict[str, Any]:
    """Adds an entry."""
    fields = {key.lower(): value for key, value in call.mapping("fields").items()}
    for name in ("entityTypeId", "entityId", "title", "text", "iconCode"):
        if name.lower() not in fields:
            raise RestError("100", f"Could not find value for parameter {{{name}}}", 400)
    number = to_int(fields["entitytypeid"])
    owners.require(call, number, fields["entityid"])
    row = records.add(
        call,
        "logmessage",
        number,
        fields["entityid"],
        title=str(fields["title"]),
        text=str(fields["text"]),
        icon=str(fields["iconcode"]),
    )
    return {"logMessage": shown(row)}


def _find(call: Call) -> Row:
    row = records.find(call.portal, "logmessage", call.integer("id"))
    if row is None:
        raise RestError("NOT_FOUND", f"Timeline logmessage not found for id {call.integer('id')}")
    owners.require(call, *row["bindings"][0])
    return row


@method("crm.timeline.logmessage.get")
def logmessage_get(call: Call) -> dict[str, Any]:
    """One entry."""
    return {"logMessage": shown(_find(call))}


@method("crm.timeline.logmessage.delete")
def logmessage_delete(call: Call) -> bool:
    """Deletes an entry of the calling application."""
    row = _find(call)
    if row["app_id"] != call.identity.app_id:
        raise RestError("REMOVING_DISABLED", "The entry was created in the context of another application")
    del call.portal.store.table(records.TABLE)[row["ID"]]
    call.portal.store.touch()
    return True


@method("crm.timeline.logmessage.list")
def logmessage_list(call: Call) -> Answer:
    """The entries of one element in pages of 10, the newest first unless ordered."""
    owners.require(call, call.integer("entityTypeId"), call.integer("entityId"), missing="0")
    found = records.of_element(call.portal, "logmessage", call.integer("entityTypeId"), call.integer("entityId"))
    rows = ordered([shown(row) for row in found], call.get("order"), {"id": "desc"}, {"CREATED": "datetime"})
    start = max(call.integer("start"), 0)
    following = start + PAGE if start + PAGE < len(rows) else None
    return Answer(rows[start : start + PAGE], total=len(rows), next=following)
