"""Starts the robots of a stage when an element comes to it, and stops those of the stage it left.

Listens to changes of CRM and to the clock. Robots that move elements on start further workflows; they wait their turn
in a queue, so that no chain of moves nests.
"""

from __future__ import annotations

from sandbox.portal.automation import plans, workflows
from sandbox.portal.crm import items, types
from sandbox.portal.crm.changes import Change
from sandbox.portal.hooks import listen
from sandbox.portal.portal import Portal

MOST_AT_ONCE = 200


@listen("crm_change")
def on_change(portal: Portal, change: Change) -> None:
    """A new or moved element."""
    if change.kind == "delete":
        for row in workflows.running(portal, change.entity_type_id, change.item_id):
            workflows.stop(portal, row, "the element was deleted")
        return
    if not change.stage_moved or change.after is None or change.imported:
        return
    if change.before is not None:
        for row in workflows.running(portal, change.entity_type_id, change.item_id):
            if row["stage"] is not None:
                workflows.stop(portal, row, "the element left the stage")
    stage_id = str(change.after[change.stage_field])
    if plans.on_stage(portal, change.type, stage_id):
        pending = portal.store.values.setdefault("automation_pending", [])
        pending.append([change.entity_type_id, change.item_id, stage_id])
        start_pending(portal)


def start_pending(portal: Portal) -> None:
    """Starts what waits in the queue, unless this is called from inside of such a start."""
    state = portal.cache("automation")
    if state.get("busy"):
        return
    state["busy"] = True
    try:
        pending: list[list[int | str]] = portal.store.values.setdefault("automation_pending", [])
        for _ in range(MOST_AT_ONCE):
            if not pending:
                return
            _start(portal, *pending.pop(0))
    finally:
        state["busy"] = False


def _start(portal: Portal, entity_type_id: int | str, item_id: int | str, stage_id: int | str) -> None:
    kind = types.find(portal, int(entity_type_id))
    row = items.find(portal, kind, int(item_id)) if kind else None
    plan = plans.on_stage(portal, kind, str(stage_id)) if kind else None
    if kind and row and plan and plan["robots"] and row["stageId"] == stage_id:
        workflows.start(portal, kind, int(item_id), plan["robots"], stage=stage_id)


@listen("tick")
def on_tick(portal: Portal) -> None:
    """Delays and timeouts that are due, starts left over."""
    if workflows.running(portal):
        workflows.tick(portal)
    if portal.store.values.get("automation_pending"):
        start_pending(portal)
