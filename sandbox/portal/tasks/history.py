"""The history of tasks: what changed, from what to what, by whom; read by tasks.task.history.list."""

from __future__ import annotations

from typing import Any

from sandbox.portal.identity import Actor
from sandbox.portal.portal import Portal
from sandbox.portal.store import Row

TABLE = "task_history"
TRACKED = (
    "TITLE",
    "DESCRIPTION",
    "STATUS",
    "PRIORITY",
    "MARK",
    "PARENT_ID",
    "GROUP_ID",
    "STAGE_ID",
    "CREATED_BY",
    "RESPONSIBLE_ID",
    "ACCOMPLICES",
    "AUDITORS",
    "DEADLINE",
    "START_DATE_PLAN",
    "END_DATE_PLAN",
    "TIME_ESTIMATE",
    "TAGS",
    "UF_TASK_WEBDAV_FILES",
    "ADD_IN_REPORT",
    "TASK_CONTROL",
    "ALLOW_TIME_TRACKING",
    "ALLOW_CHANGE_DEADLINE",
    "FLOW_ID",
)


def record(portal: Portal, actor: Actor, task_id: str, field: str, change: tuple[Any, Any] = (None, None)) -> None:
    """One line of the history; `change` is (before, after)."""
    before, after = change
    row = {"TASK_ID": task_id, "createdDate": portal.stamp(), "field": field, "userId": actor.user_id}
    portal.store.insert(TABLE, {**row, "value": {"from": before, "to": after}})


def record_changes(portal: Portal, actor: Actor, held: Row, values: Row) -> None:
    """One line for each tracked column that `values` changes."""
    for name in TRACKED:
        if name in values and values[name] != held.get(name):
            record(portal, actor, held["ID"], name, (_text(held.get(name)), _text(values[name])))


def _text(value: Any) -> Any:
    return ",".join(map(str, value)) if isinstance(value, list) else value
