"""`crm.status.*`: directories and stages."""

from __future__ import annotations

import re
from typing import Any

from sandbox.portal.call import Answer, Call, is_yes, to_int, to_map
from sandbox.portal.crm import access, pipelines, stages, types
from sandbox.portal.crm.index import index_of
from sandbox.portal.crm.seed import DIRECTORIES
from sandbox.portal.crm.types import EntityType
from sandbox.portal.errors import RestError
from sandbox.portal.filters import UnknownFieldError, compile_filter, sort_rows
from sandbox.portal.portal import Portal
from sandbox.portal.registry import method
from sandbox.portal.store import Row

KINDS = {
    "ID": "integer",
    "ENTITY_ID": "string",
    "STATUS_ID": "string",
    "NAME": "string",
    "NAME_INIT": "string",
    "SORT": "integer",
    "SYSTEM": "string",
    "CATEGORY_ID": "integer",
    "COLOR": "string",
    "SEMANTICS": "string",
}
MAX_CODE = {"STATUS": 21, "QUOTE_STATUS": 22, "DEAL_STAGE": 22}
OTHER_MAX_CODE = 50
MEANINGS = {"S": "success", "F": "failure"}


def pipeline_of(portal: Portal, entity: str) -> tuple[EntityType, int] | None:
    """The pipeline whose stages a directory holds."""
    for kind in types.everything(portal):
        if not kind.has_stages:
            continue
        numbers = [row["id"] for row in pipelines.of_type(portal, kind)] or [0]
        for number in numbers:
            if stages.directory(kind, number) == entity:
                return kind, number
    return None


def show(row: Row, *, extra: bool) -> dict[str, Any]:
    """An entry; in lists with EXTRA for stages."""
    shown = {key: row[key] for key in KINDS}
    if extra and row["COLOR"]:
        meaning = MEANINGS.get(row["SEMANTICS"] or "", "process")
        if row["STATUS_ID"].rpartition(":")[2] == "APOLOGY":
            meaning = "apology"
        shown["EXTRA"] = {"SEMANTICS": meaning, "COLOR": row["COLOR"]}
    return shown


@method("crm.status.fields")
def status_fields(_call: Call) -> dict[str, Any]:
    """Descriptions of the fields of an entry."""
    fixed = {"ENTITY_ID", "STATUS_ID"}
    described = KINDS | {"EXTRA": "crm_status_extra"}
    return {
        name: {
            "type": kind,
            "isRequired": name in fixed | {"NAME"},
            "isReadOnly": name in {"ID", "NAME_INIT", "SYSTEM", "CATEGORY_ID"},
            "isImmutable": name in fixed,
            "isMultiple": False,
            "isDynamic": False,
            "title": name,
        }
        for name, kind in described.items()
    }


@method("crm.status.list")
def status_list(call: Call) -> Answer:
    """Entries by filter; all of them at once, as the real list is not paged."""
    access.require_any(call, classic=True)
    rows: list[Row] = list(call.portal.store.rows("crm_statuses"))
    try:
        test = compile_filter(call.get("filter"), KINDS.get)
        order = to_map(call.get("order")) or {"SORT": "ASC"}
        rows = sort_rows(filter(test, rows) if test else rows, order, KINDS.get)
    except UnknownFieldError as error:
        raise RestError("Invalid parameters.", "Incorrect parameters passed.", 400) from error
    return Answer([show(row, extra=True) for row in rows], total=len(rows))


def _require(call: Call) -> Row:
    number = call.integer("id")
    if number <= 0:
        raise RestError("", "Invalid identifier.", 400)
    row = call.portal.store.table("crm_statuses").get(str(number))
    if row is None:
        raise RestError("", "Status is not found.", 400)
    return row


@method("crm.status.get", validate=False)
def status_get(call: Call) -> dict[str, Any]:
    """One entry."""
    access.require_any(call, classic=True)
    return show(_require(call), extra=False)


@method("crm.status.add", validate=False, missing="Stages after the final one are not refused.")
def status_add(call: Call) -> int:
    """A new entry; stages of a pipeline get its prefix."""
    access.require_admin(call, classic=True)
    if not isinstance(call.get("fields"), dict | list):
        raise RestError("", "Parameter 'fields' must be array.", 400)
    sent = {str(key).upper(): value for key, value in call.mapping("fields").items()}
    lacking = [name for name in ("ENTITY_ID", "STATUS_ID") if not sent.get(name)]
    if lacking:
        raise RestError("", " ".join(f"The field {name} is required." for name in lacking), 400)
    entity, code = str(sent["ENTITY_ID"]), str(sent["STATUS_ID"])
    pipeline = pipeline_of(call.portal, entity)
    if pipeline is None and entity not in DIRECTORIES:
        raise RestError("", "Specified entity type is not supported.", 400)
    if not sent.get("NAME"):
        raise RestError("", "The field Title is required.", 400)
    if pipeline:
        start = stages.prefix(*pipeline)
        code = code if code.startswith(start) else start + code
    _check_code(entity, code, staged=pipeline is not None)
    if any(row["STATUS_ID"] == code for row in stages.of_directory(call.portal, entity)):
        raise RestError("ERROR_CORE", "The specified status ID already exists.", 400)
    row = _new_entry(call, entity, code, sent, pipeline)
    return int(row["ID"])


def _check_code(entity: str, code: str, *, staged: bool) -> None:
    name = "DEAL_STAGE" if entity.startswith("DEAL_STAGE") else entity
    if len(code) > MAX_CODE.get(name, OTHER_MAX_CODE):
        raise RestError("", "The field STATUS_ID is too long.", 400)
    if staged and not re.fullmatch(r"[A-Za-z0-9_:-]+", code):
        raise RestError("", "The field STATUS_ID contains invalid characters.", 400)


def _new_entry(
    call: Call, entity: str, code: str, sent: dict[str, Any], pipeline: tuple[EntityType, int] | None
) -> Row:
    extra = to_map(sent.get("EXTRA"))
    meaning = str(sent.get("SEMANTICS") or "").upper()
    color = str(sent.get("COLOR") or extra.get("COLOR") or ("#ACE9FB" if pipeline else ""))
    category = str(pipeline[1]) if pipeline and pipeline[1] else None
    sort = to_int(sent.get("SORT"), 10)
    row = stages.add_entry(
        call.portal, entity, code, str(sent["NAME"]), sort, SEMANTICS=meaning, COLOR=color, CATEGORY_ID=category
    )
    call.portal.store.touch()
    return row


@method("crm.status.update", validate=False)
def status_update(call: Call) -> bool:
    """Changes name, order or colour."""
    access.require_admin(call, classic=True)
    row = _require(call)
    sent = {str(key).upper(): value for key, value in call.mapping("fields").items()}
    for key in ("NAME", "SORT", "COLOR"):
        if sent.get(key) is not None:
            row[key] = str(sent[key])
    stages.forget(call.portal)
    call.portal.store.touch()
    return True


@method("crm.status.delete", validate=False)
def status_delete(call: Call) -> bool:
    """Removes an entry; a system one only with FORCED=Y, a stage with items not at all."""
    access.require_admin(call, classic=True)
    row = _require(call)
    forced = is_yes(call.mapping("params").get("FORCED"))
    if row["SYSTEM"] == "Y" and not forced:
        raise RestError("", "Unable to delete system status.", 400)
    pipeline = pipeline_of(call.portal, row["ENTITY_ID"])
    if pipeline and _is_used(call.portal, pipeline[0], row["STATUS_ID"]):
        raise RestError("", "Unable to delete: there are items on this stage.", 400)
    del call.portal.store.table("crm_statuses")[row["ID"]]
    stages.forget(call.portal)
    call.portal.store.touch()
    return True


def _is_used(portal: Portal, kind: EntityType, stage_id: str) -> bool:
    index = index_of(portal, kind)
    return bool(index.maps["stageId"].get(stage_id.casefold()))


@method("crm.status.entity.items", validate=False)
def entity_items(call: Call) -> list[dict[str, Any]]:
    """Entries of one directory in short."""
    access.require_any(call, classic=True)
    entity = call.text("entityId")
    if not entity:
        raise RestError("", "The parameter entityId is not defined or invalid.", 400)
    rows = stages.of_directory(call.portal, entity)
    return [{"NAME": row["NAME"], "SORT": int(row["SORT"]), "STATUS_ID": row["STATUS_ID"]} for row in rows]


@method("crm.status.entity.types")
def entity_types(call: Call) -> list[dict[str, Any]]:
    """All directories."""
    access.require_any(call, classic=True)
    listed: list[dict[str, Any]] = [{"ID": name, "NAME": name} for name in DIRECTORIES]
    for kind in types.everything(call.portal):
        if not kind.has_stages:
            continue
        for row in pipelines.of_type(call.portal, kind) or [{"id": 0, "name": kind.name}]:
            listed.append(_stage_directory(call, kind, row))
    return listed


def _stage_directory(call: Call, kind: EntityType, pipeline: Row) -> dict[str, Any]:
    name, number = stages.directory(kind, pipeline["id"]), pipeline["id"]
    described = {"ID": name, "NAME": pipeline["name"], "ENTITY_TYPE_ID": kind.id, "SEMANTIC_INFO": []}
    if not kind.dynamic:
        described["SEMANTIC_INFO"] = _meanings(call, name)
    if kind.id == types.DEAL or kind.has_categories:
        described |= {"CATEGORY_ID": number, "FIELD_ATTRIBUTE_SCOPE": f"category_{number}" if number else ""}
    if number:
        described["PREFIX"] = stages.prefix(kind, number).rstrip(":")
    if kind.id == types.DEAL and number:
        described |= {"PARENT_ID": "DEAL_STAGE", "CATEGORY_ID": str(number)}
    if kind.dynamic:
        default = pipeline.get("isDefault") == "Y"
        described |= {"CATEGORY_NAME": pipeline["name"], "CATEGORY_SORT": pipeline.get("sort", 500)}
        described |= {
            "NAME": f"{kind.settings.get('title', kind.name)} ({pipeline['name']})",
            "IS_DEFAULT_CATEGORY": default,
        }
        described["IS_ENABLED"] = True
    return described


def _meanings(call: Call, directory: str) -> dict[str, Any]:
    """The first stage, and the ones that mean success and failure."""
    rows = stages.of_directory(call.portal, directory)
    success = next((row["STATUS_ID"] for row in rows if row["SEMANTICS"] == "S"), "")
    failure = next((row["STATUS_ID"] for row in rows if row["SEMANTICS"] == "F"), "")
    first = rows[0]["STATUS_ID"] if rows else ""
    return {"START_FIELD": first, "FINAL_SUCCESS_FIELD": success, "FINAL_UNSUCCESS_FIELD": failure, "FINAL_SORT": 0}
