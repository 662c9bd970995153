"""The timeline of one element as a person sees it. Used by pages and the control interface."""

from __future__ import annotations

from typing import Any

from sandbox.portal.disk import contents
from sandbox.portal.portal import Portal
from sandbox.portal.store import Row
from sandbox.portal.timeline import activities, records


def entries(portal: Portal, entity_type_id: int, item_id: Any) -> list[dict[str, Any]]:
    """Comments, log entries and activities, the newest first."""
    found = [_record(portal, row) for row in records.of_element(portal, None, entity_type_id, item_id)]
    found += [_activity(portal, row) for row in activities.of_element(portal, entity_type_id, item_id)]
    return sorted(found, key=lambda entry: (entry["created"], int(entry["id"])), reverse=True)


def _record(portal: Portal, row: Row) -> dict[str, Any]:
    files = [contents.describe(portal, file_id) for file_id in row.get("files", ())]
    keys = ("kind", "author", "created", "text", "title", "icon")
    kept: dict[str, Any] = {key: row[key] for key in keys if key in row}
    return {"id": row["ID"], **kept, "files": files, "blocks": row.get("_blocks", {})}


def _activity(portal: Portal, row: Row) -> dict[str, Any]:
    badge = portal.store.table("activity_badges").get(row.get("_badge", ""))
    return {
        "id": row["ID"],
        "kind": "activity",
        "created": row["CREATED"],
        "author": row["AUTHOR_ID"],
        "title": row["SUBJECT"],
        "text": row["DESCRIPTION"],
        "provider": row["PROVIDER_ID"],
        "type": row["PROVIDER_TYPE_ID"],
        "completed": row["COMPLETED"] == "Y",
        "deadline": row["DEADLINE"],
        "responsible": row["RESPONSIBLE_ID"],
        "incoming": row["IS_INCOMING_CHANNEL"] == "Y",
        "app_id": row["_app"],
        "badge": badge,
        "layout": row.get("_layout"),
        "blocks": row.get("_blocks", {}),
        "pressed": row.get("_pressed"),
        "origin": [row["ORIGINATOR_ID"], row["ORIGIN_ID"]],
    }
