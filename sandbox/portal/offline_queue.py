"""The offline event queue: only the last state per object is kept, for each application."""

from __future__ import annotations

import json
from typing import Any

from sandbox.portal.portal import Portal
from sandbox.portal.store import Row


def put(portal: Portal, binding: Row, data: Any) -> None:
    """Adds a record or renews the one that waits for the same object."""
    key = json.dumps([binding["event"], binding["auth_connector"], data], sort_keys=True)
    row = _waiting(portal, binding["app_id"], key)
    if row is None:
        row = portal.store.insert(
            "offline_events",
            {
                "app_id": binding["app_id"],
                "key": key,
                "EVENT_NAME": binding["event"],
                "EVENT_DATA": data,
                "EVENT_ADDITIONAL": {"user_id": None},
                "PROCESS_ID": "",
                "ERROR": "0",
                "auth_connector": binding["auth_connector"],
            },
        )
    row["TIMESTAMP_X"] = portal.stamp()
    row["MESSAGE_ID"] = portal.store.hex_secret()
    portal.store.touch()


def _waiting(portal: Portal, app_id: str, key: str) -> Row | None:
    for row in portal.store.rows("offline_events"):
        if row["key"] == key and row["app_id"] == app_id and not row["PROCESS_ID"] and row["ERROR"] == "0":
            return row
    return None
