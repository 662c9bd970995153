"""`event.offline.*`: reading, reserving, clearing and parking records of the offline queue."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Answer, Call, to_map
from sandbox.portal.filters import UnknownFieldError, compile_filter, sort_rows
from sandbox.portal.readings import declare
from sandbox.portal.registry import method
from sandbox.portal.store import Row

KINDS = {
    "ID": "integer",
    "TIMESTAMP_X": "datetime",
    "EVENT_NAME": "string",
    "MESSAGE_ID": "string",
    "PROCESS_ID": "string",
    "ERROR": "integer",
}
OUTPUT = ("ID", "TIMESTAMP_X", "EVENT_NAME", "EVENT_DATA", "EVENT_ADDITIONAL", "MESSAGE_ID")
EVENT_DATA = declare(
    "offline_event_data",
    "data",
    "false",
    about="EVENT_DATA of offline records: samples show false, the queue is said to hold the data of the event.",
)


def _rows(call: Call, order: dict[str, Any]) -> list[Row]:
    connector = call.text("auth_connector")
    rows = [
        row
        for row in call.portal.store.rows("offline_events")
        if row["app_id"] == call.app["ID"] and row["auth_connector"] == connector
    ]
    try:
        test = compile_filter(call.get("filter"), KINDS.get)
        return sort_rows(filter(test, rows) if test else rows, to_map(call.get("order")) or order, KINDS.get)
    except UnknownFieldError:
        return rows


def _print(call: Call, row: Row, *extra: str) -> dict[str, Any]:
    printed = {key: row[key] for key in (*OUTPUT, *extra)}
    if call.portal.readings[EVENT_DATA] == "false":
        printed["EVENT_DATA"] = printed["EVENT_ADDITIONAL"] = False
    return printed


@method("event.offline.list", scopes=())
def list_events(call: Call) -> Answer:
    """The queue as it stands; reserves nothing."""
    return call.page([_print(call, row, "PROCESS_ID", "ERROR") for row in _rows(call, {"ID": "ASC"})])


@method("event.offline.get", scopes=())
def get(call: Call) -> dict[str, Any]:
    """Takes records off the queue, or with clear=0 reserves them under a process id."""
    process_id, parked = call.text("process_id"), "1" if call.integer("error") else "0"
    limit = call.integer("limit", 50) or 50
    rows = [row for row in _rows(call, {"TIMESTAMP_X": "ASC"}) if row["ERROR"] == parked]
    if parked == "0":
        rows = [row for row in rows if row["PROCESS_ID"] == process_id]
    rows = rows[:limit]
    table = call.portal.store.table("offline_events")
    if call.integer("clear", 1):
        for row in rows:
            del table[row["ID"]]
    elif rows and not process_id:
        process_id = call.portal.store.secret(32)
        for row in rows:
            row["PROCESS_ID"], row["ERROR"] = process_id, "0"
    call.portal.store.touch()
    return {"process_id": process_id or None, "events": [_print(call, row) for row in rows]}


def _reserved(call: Call) -> list[Row]:
    process_id = call.text("process_id")
    rows = [
        row
        for row in call.portal.store.rows("offline_events")
        if row["app_id"] == call.app["ID"] and row["PROCESS_ID"] == process_id
    ]
    for name, key in (("id", "ID"), ("message_id", "MESSAGE_ID")):
        chosen = call.get(name)
        if isinstance(chosen, list | dict):
            wanted = set(map(str, to_map(chosen).values()))
            return [row for row in rows if row[key] in wanted]
    return rows


@method("event.offline.clear", scopes=())
def clear(call: Call) -> bool:
    """Drops reserved records."""
    for row in _reserved(call):
        del call.portal.store.table("offline_events")[row["ID"]]
    call.portal.store.touch()
    return True


@method("event.offline.error", scopes=())
def error(call: Call) -> bool:
    """Parks reserved records as erroneous."""
    for row in _reserved(call):
        row["ERROR"] = "1"
    call.portal.store.touch()
    return True
