"""crm.automation.trigger.*: triggers of applications that move elements to the stage they stand on."""

from __future__ import annotations

import re
from typing import Any

from sandbox.portal.automation import conditions, documents, own_robots, plans
from sandbox.portal.call import Call
from sandbox.portal.crm import items, stages, types
from sandbox.portal.crm.types import EntityType
from sandbox.portal.errors import RestError
from sandbox.portal.portal import Portal
from sandbox.portal.registry import method
from sandbox.portal.store import Row

TABLE = "automation_triggers"
CODE = re.compile(r"[a-z0-9.\-_]+")
KINDS = frozenset({types.LEAD, types.DEAL, types.QUOTE, types.INVOICE})


def _code(call: Call) -> str:
    code = call.text("CODE")
    if not code:
        raise RestError("", "Empty trigger code!")
    if not CODE.fullmatch(code):
        raise RestError("", "Wrong trigger code!")
    return code


@method("crm.automation.trigger.add", validate=False)
def trigger_add(call: Call) -> bool:
    """Adds a trigger, or renames the one with this code."""
    code = _code(call)
    if not call.text("NAME"):
        raise RestError("", "Empty trigger name!")
    row = {"app_id": call.app["ID"], "CODE": code, "NAME": call.text("NAME")}
    call.portal.store.table(TABLE)[f"{call.app['ID']}:{code}"] = row
    call.portal.store.touch()
    return True


@method("crm.automation.trigger.list")
def trigger_list(call: Call) -> list[dict[str, str]]:
    """The application's triggers."""
    own = [row for row in call.portal.store.rows(TABLE) if row["app_id"] == call.app["ID"]]
    return [{"NAME": row["NAME"], "CODE": row["CODE"]} for row in own]


@method("crm.automation.trigger.delete", validate=False)
def trigger_delete(call: Call) -> bool:
    """Removes a trigger of the application."""
    if call.portal.store.table(TABLE).pop(f"{call.app['ID']}:{_code(call)}", None) is None:
        raise RestError("", "Trigger not found")
    call.portal.store.touch()
    return True


@method("crm.automation.trigger.execute", validate=False)
def trigger_execute(call: Call) -> bool:
    """Pulls the trigger for an element; True also when no stage uses it or the element does not exist."""
    code = _code(call)
    if f"{call.app['ID']}:{code}" not in call.portal.store.table(TABLE):
        raise RestError("", f"Trigger with code {code} is not registered.")
    kind = types.find(call.portal, call.integer("OWNER_TYPE_ID"))
    if kind is None or not (kind.id in KINDS or kind.dynamic):
        raise RestError("", "Incorrect parameter OWNER_TYPE_ID.")
    if call.integer("OWNER_ID") <= 0:
        raise RestError("", "Incorrect parameter OWNER_ID.")
    row = items.find(call.portal, kind, call.integer("OWNER_ID"))
    if row is not None:
        pull(call.portal, kind, row, code, app_id=call.app["ID"])
    return True


@method("crm.automation.trigger", app_only=False, validate=False)
def webhook_trigger(call: Call) -> bool:
    """The trigger "Webhook": `target` is `DEAL_12`, `code` chooses among several."""
    name, _, number = call.text("target").rpartition("_")
    kind = types.by_name(call.portal, name)
    row = items.find(call.portal, kind, int(number)) if kind and number.isdigit() else None
    if kind is None or row is None:
        raise RestError("", "Target is not found.")
    pull(call.portal, kind, row, call.text("code"), app_id=None)
    return True


def pull(portal: Portal, kind: EntityType, row: Row, code: str, *, app_id: str | None) -> str | None:
    """Moves an element to the first later stage whose trigger fits; the stage, None when nothing moves."""
    known = stages.of_pipeline(portal, kind, row.get("categoryId") or 0)
    order = [str(stage["STATUS_ID"]) for stage in known]

    def read(source: str, name: str) -> Any:
        return documents.value(portal, kind, row, name) if source == "Document" else None

    here = order.index(row["stageId"]) if row["stageId"] in order else -1
    for place, stage_id in enumerate(order):
        plan = plans.on_stage(portal, kind, stage_id)
        for trigger in plan["triggers"] if plan else ():
            if not _fits(trigger, code, app_id) or place == here:
                continue
            if place < here and not trigger["allow_backwards"]:
                continue
            if conditions.hold(read, trigger["condition"]):
                items.update(portal, kind, row, {"stageId": stage_id}, own_robots.ACTOR)
                return stage_id
    return None


def _fits(trigger: Row, code: str, app_id: str | None) -> bool:
    if trigger["webhook"]:
        return app_id is None and trigger["code"] in {"", code}
    return trigger["code"] == code and app_id is not None and trigger["app_id"] in {None, app_id}
