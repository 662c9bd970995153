"""The portal's own robots: change the stage, set a field, add a task, notify, comment, pause."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.portal import moments
from sandbox.portal.automation import documents
from sandbox.portal.automation.placeholders import as_text
from sandbox.portal.call import to_int
from sandbox.portal.crm import items
from sandbox.portal.crm.types import EntityType
from sandbox.portal.identity import Actor
from sandbox.portal.im import notifications
from sandbox.portal.portal import Portal
from sandbox.portal.store import Row
from sandbox.portal.tasks import board

ACTOR = Actor("1", automation=True)
Values = dict[str, Any]


def people(portal: Portal, value: Any, row: Row) -> list[str]:
    """User ids out of `user_5`, 5, `responsible` or a list of them."""
    found = []
    for item in value if isinstance(value, list) else str(value or "").split(","):
        text = str(item).strip().removeprefix("user_")
        user_id = str(row.get("assignedById")) if text.lower() in {"", "responsible"} else text
        if user_id in portal.users:
            found.append(user_id)
    return found


def change_stage(portal: Portal, kind: EntityType, row: Row, values: Values) -> str:
    """Moves the element to `stage`."""
    items.update(portal, kind, row, {"stageId": as_text(values.get("stage"))}, ACTOR)
    return f"stage {row['stageId']}"


def set_field(portal: Portal, kind: EntityType, row: Row, values: Values) -> str:
    """Writes `value` into `field`."""
    key = documents.key_of(portal, kind, as_text(values.get("field")))
    items.update(portal, kind, row, {key: values.get("value")}, ACTOR)
    return f"{key} = {as_text(values.get('value'))}"


def add_task(portal: Portal, kind: EntityType, row: Row, values: Values) -> str:
    """Makes a task bound to the element: `title`, `description`, `responsible`, `deadline_seconds`."""
    responsible = (people(portal, values.get("responsible"), row) or ["1"])[0]
    seconds = to_int(values.get("deadline_seconds"))
    short = {"LEAD": "L", "DEAL": "D", "CONTACT": "C", "COMPANY": "CO", "QUOTE": "Q", "SMART_INVOICE": "SI"}
    binding = f"{short.get(kind.name) or f'T{kind.id:x}'}_{row['id']}"
    task = {
        "TITLE": as_text(values.get("title")) or str(row.get("title") or ""),
        "DESCRIPTION": as_text(values.get("description")),
        "RESPONSIBLE_ID": responsible,
        "DEADLINE": moments.later(portal.stamp(), seconds=seconds) if seconds else None,
        "UF_CRM_TASK": [binding],
    }
    made = board.add(portal, ACTOR, task)
    return f"task {made['ID']}"


def notify(portal: Portal, _kind: EntityType, row: Row, values: Values) -> str:
    """Notifies `users` (the responsible one when empty) with `text`."""
    chosen = people(portal, values.get("users"), row)
    for user_id in chosen:
        notifications.add(portal, user_id, "0", notifications.SYSTEM, as_text(values.get("text")))
    return f"notified {', '.join(chosen)}"


ROBOTS: dict[str, Callable[[Portal, EntityType, Row, Values], str]] = {
    "change_stage": change_stage,
    "set_field": set_field,
    "add_task": add_task,
    "notify": notify,
    "pause": lambda _portal, _kind, _row, values: f"paused {to_int(values.get('seconds'))} s",
}
