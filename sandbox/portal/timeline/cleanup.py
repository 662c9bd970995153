"""Records and activities go with the last CRM element that shows them."""

from __future__ import annotations

from typing import Any

from sandbox.portal.hooks import listen
from sandbox.portal.portal import Portal
from sandbox.portal.timeline import activities, records


@listen("crm_change")
def forget_deleted(portal: Portal, change: Any) -> None:
    """Takes a deleted element off everything bound to it."""
    if change.kind != "delete":
        return
    gone = [change.entity_type_id, str(change.item_id)]
    for table, key in ((records.TABLE, "bindings"), (activities.TABLE, "_bindings")):
        rows = portal.store.table(table)
        for row_id in [row_id for row_id, row in rows.items() if gone in row[key]]:
            rows[row_id][key].remove(gone)
            if not rows[row_id][key]:
                del rows[row_id]
