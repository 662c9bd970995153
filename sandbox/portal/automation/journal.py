"""The log of workflows: what happened, step by step. Read by people, pages and tests."""

from __future__ import annotations

from typing import Any

from sandbox.portal.portal import Portal
from sandbox.portal.store import Row

TABLE = "automation_log"
KEPT = 5000


def write(portal: Portal, workflow: Row, event: str, robot: Row | None = None, text: str = "", **more: Any) -> None:
    """One line; the oldest ones go when there are too many."""
    table = portal.store.table(TABLE)
    portal.store.insert(
        TABLE,
        {
            "at": portal.stamp(),
            "workflow_id": workflow["ID"],
            "document_id": workflow["document_id"][2],
            "stage": workflow["stage"],
            "event": event,
            "robot_id": robot["id"] if robot else None,
            "code": robot["code"] if robot else None,
            "text": text,
            **more,
        },
    )
    while len(table) > KEPT:
        del table[next(iter(table))]


def since(portal: Portal, number: int) -> list[Row]:
    """Lines after a number, oldest first."""
    return [row for row in portal.store.rows(TABLE) if int(row["ID"]) > number]
