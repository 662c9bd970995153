"""Timeline records (comments and log entries): one table, bound to one or more CRM elements.

A row: ID, kind (`comment`, `logmessage`), author, created, bindings [[entityTypeId, id]…], app_id, and the fields of
its kind.
"""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Call
from sandbox.portal.portal import Portal
from sandbox.portal.store import Row
from sandbox.portal.timeline import owners

TABLE = "timeline"


def add(call: Call, kind: str, entity_type_id: int, item_id: Any, **fields: Any) -> Row:
    """A new record on one element."""
    row = {
        "kind": kind,
        "author": call.user_id,
        "created": call.portal.stamp(),
        "bindings": [[entity_type_id, str(item_id)]],
        "app_id": call.identity.app_id,
        **fields,
    }
    return call.portal.store.insert(TABLE, row)


def find(portal: Portal, kind: str | None, record_id: Any) -> Row | None:
    """A record by id and kind (None: of any)."""
    row = portal.store.table(TABLE).get(str(record_id))
    return row if row and kind in {None, row["kind"]} else None


def of_element(portal: Portal, kind: str | None, entity_type_id: int | None, item_id: Any) -> list[Row]:
    """All records bound to an element, oldest first."""
    wanted = [entity_type_id, str(item_id)]
    return [row for row in portal.store.rows(TABLE) if wanted in row["bindings"] and kind in {None, row["kind"]}]


def bindings_of(row: Row) -> list[dict[str, str]]:
    """Where a record is shown, as `crm.timeline.bindings.list` prints it."""
    return [
        {"OWNER_ID": row["ID"], "ENTITY_ID": item_id, "ENTITY_TYPE": owners.type_code(number)}
        for number, item_id in row["bindings"]
    ]
