"""The record of stage moves (table `crm_stage_history`) and `crm.stagehistory.list`."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Answer, Call, to_map
from sandbox.portal.crm import access, query, types
from sandbox.portal.crm.types import EntityType
from sandbox.portal.errors import RestError
from sandbox.portal.portal import Portal
from sandbox.portal.registry import method
from sandbox.portal.store import Row

CREATED, MOVED, FINISHED, CHANGED_PIPELINE = 1, 2, 3, 5
COMMON = {"ID": "integer", "TYPE_ID": "integer", "OWNER_ID": "integer", "CREATED_TIME": "datetime"}
STAGED = {"CATEGORY_ID": "integer", "STAGE_SEMANTIC_ID": "string", "STAGE_ID": "string"}
OF_LEADS = {"STATUS_SEMANTIC_ID": "string", "STATUS_ID": "string"}


def write(portal: Portal, kind: EntityType, row: Row, record_type: int, meaning: str) -> None:
    """Records one move."""
    if kind.id == types.QUOTE:
        return  # the documentation knows a history of leads, deals, invoices and smart processes only
    if record_type == MOVED and meaning != "P":
        record_type = FINISHED
    entry: Row = {"type": kind.id, "TYPE_ID": record_type, "OWNER_ID": row["id"], "CREATED_TIME": portal.stamp()}
    if kind.id == types.LEAD:
        entry |= {"STATUS_SEMANTIC_ID": meaning, "STATUS_ID": row["stageId"]}
    else:
        entry |= {"CATEGORY_ID": row.get("categoryId") or 0, "STAGE_SEMANTIC_ID": meaning, "STAGE_ID": row["stageId"]}
    portal.store.insert("crm_stage_history", entry)
    entry["ID"] = int(entry["ID"])


@method("crm.stagehistory.list")
def list_moves(call: Call) -> Answer:
    """Stage moves of one kind of object."""
    access.require_any(call, classic=False)
    kind = types.find(call.portal, call.integer("entityTypeId"))
    if kind is None or not kind.has_stages:
        raise RestError("ENTITY_TYPE_NOT_SUPPORTED", "Entity type is not supported", 400)
    kinds = COMMON | (OF_LEADS if kind.id == types.LEAD else STAGED)
    rows = [row for row in call.portal.store.rows("crm_stage_history") if row["type"] == kind.id]
    rows = query.small(call, rows, kinds, {"ID": "ASC"})
    chosen = [str(name) for name in to_map(call.get("select")).values()] or ["*"]
    return call.page([_narrow(row, kinds, chosen) for row in rows], result_key="items")


def _narrow(row: Row, kinds: dict[str, str], chosen: list[str]) -> dict[str, Any]:
    return {name: row[name] for name in kinds if name in chosen or "*" in chosen or name == "ID"}
