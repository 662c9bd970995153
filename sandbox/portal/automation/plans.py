"""Which robots and triggers stand on which stage, and templates of workflows. Edited by the designer page and control.

A placed robot: id, code, app_id (None for the portal's own), properties, delay_seconds, condition, after_previous,
timeout_seconds, title. Refusals are ValueError: a person sees their text.
"""

from __future__ import annotations

from typing import Any

from sandbox.portal.automation import assignments, components, documents, own_robots
from sandbox.portal.call import is_yes, to_int
from sandbox.portal.crm import pipelines, stages, types
from sandbox.portal.crm.types import EntityType
from sandbox.portal.portal import Portal
from sandbox.portal.store import Row

STAGES, TEMPLATES = "automation_stages", "automation_templates"


def kind_of(portal: Portal, wanted: Any) -> EntityType:
    """A kind of object by number or name (`deal`, 2, `DYNAMIC_147`). ValueError when there is none."""
    found = types.find(portal, to_int(wanted)) or types.by_name(portal, str(wanted))
    if found is None:
        raise ValueError(f"no kind of object {wanted!r}")
    return found


def on_stage(portal: Portal, kind: EntityType, stage_id: str) -> Row | None:
    """What stands on a stage."""
    return portal.store.table(STAGES).get(f"{kind.id}:{stage_id}")


def stage_exists(portal: Portal, kind: EntityType, stage_id: str) -> bool:
    """Whether any pipeline of the kind has the stage."""
    return any(
        stages.find(portal, kind, row["id"], stage_id) is not None for row in pipelines.of_type(portal, kind)
    ) or (stages.find(portal, kind, 0, stage_id) is not None)


def place(portal: Portal, wanted: dict[str, Any]) -> Row:
    """Replaces robots and triggers of a stage (or the steps of a new template). Raises ValueError."""
    kind = kind_of(portal, wanted.get("entity"))
    robots = [_robot(portal, kind, item) for item in wanted.get("robots") or []]
    if wanted.get("template"):
        row = {"NAME": str(wanted["template"]), "kind": kind.id, "robots": robots, "USER_ID": "1"}
        return portal.store.insert(TEMPLATES, {**row, "AUTO_EXECUTE": "0", "DESCRIPTION": "", "app_id": None})
    stage_id = str(wanted.get("stage") or "")
    if not stage_exists(portal, kind, stage_id):
        raise ValueError(f"no stage {stage_id!r} of {kind.name}")
    held = on_stage(portal, kind, stage_id) or {"robots": [], "triggers": []}
    triggers = wanted.get("triggers")
    row = {
        "entity_type_id": kind.id,
        "entity": kind.name,
        "stage": stage_id,
        "robots": robots if "robots" in wanted else held["robots"],
        "triggers": [_trigger(portal, item) for item in triggers] if triggers is not None else held["triggers"],
    }
    portal.store.table(STAGES)[f"{kind.id}:{stage_id}"] = row
    portal.store.touch()
    return row


def _robot(portal: Portal, kind: EntityType, item: dict[str, Any]) -> Row:
    code, app_id = str(item.get("code") or ""), item.get("app_id")
    component = _component(portal, code, app_id)
    if component is None and code not in own_robots.ROBOTS and code not in assignments.ASKING:
        raise ValueError(f"no robot {code!r}")
    if component is not None:
        if not components.fits(component, documents.document_type(kind)):
            raise ValueError(f"the filter of robot {code!r} does not let it onto {kind.name}")
        missing = [
            name
            for name, spec in component["PROPERTIES"].items()
            if is_yes(spec.get("Required")) and not (item.get("properties") or {}).get(name) and not spec.get("Default")
        ]
        if missing:
            raise ValueError(f"robot {code!r} needs {', '.join(missing)}")
    number = portal.store.next_id("placed_robots")
    return {
        "id": str(item.get("id") or f"A{10_000 + int(number)}_{20_000 + int(number) * 7}"),
        "code": code,
        "app_id": component["app_id"] if component else None,
        "title": str(item.get("title") or ""),
        "properties": dict(item.get("properties") or {}),
        "delay_seconds": float(item.get("delay_seconds") or 0),
        "condition": list(item.get("condition") or []),
        "after_previous": bool(item.get("after_previous")),
        "timeout_seconds": int(item.get("timeout_seconds") or 0),
    }


def _component(portal: Portal, code: str, app_id: Any) -> Row | None:
    for row in portal.store.rows(components.TABLE):
        if row["CODE"] == code and app_id in {None, row["app_id"]}:
            return row
    return None


def _trigger(portal: Portal, item: Any) -> Row:
    given = item if isinstance(item, dict) else {"code": item}
    code = str(given.get("code") or "")
    if not given.get("webhook") and not any(row["CODE"] == code for row in portal.store.rows("automation_triggers")):
        raise ValueError(f"no trigger {code!r}")
    return {
        "code": code,
        "webhook": bool(given.get("webhook")),
        "app_id": given.get("app_id"),
        "condition": list(given.get("condition") or []),
        "allow_backwards": bool(given.get("allow_backwards")),
    }


def described(portal: Portal, kind: EntityType | None = None) -> list[Row]:
    """Everything placed, with a mark on robots whose component is gone."""
    rows = [row for row in portal.store.rows(STAGES) if kind is None or row["entity_type_id"] == kind.id]
    return [
        {**row, "robots": [{**robot, "blocked": blocked(portal, robot)} for robot in row["robots"]]} for row in rows
    ]


def blocked(portal: Portal, robot: Row) -> bool:
    """Whether the application of a placed robot no longer offers it."""
    return robot["app_id"] is not None and components.find(portal, robot["app_id"], robot["code"]) is None


def settings_options(portal: Portal, kind: EntityType, robot: Row) -> dict[str, Any]:
    """PLACEMENT_OPTIONS of the settings page of a placed robot. Raises ValueError when it has none."""
    component = components.find(portal, robot["app_id"] or "", robot["code"])
    if component is None or not is_yes(component["USE_PLACEMENT"]):
        raise ValueError("the robot has no settings page")
    return {
        "code": robot["code"],
        "activity_name": robot["id"],
        "properties": {name: {"Id": name, **spec} for name, spec in component["PROPERTIES"].items()},
        "current_values": robot["properties"],
        "document_type": documents.document_type(kind),
        "document_fields": documents.described_fields(portal, kind),
        "template": {"PARAMETERS": [], "VARIABLES": [], "CONSTANTS": []},
    }
