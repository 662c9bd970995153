"""`crm.category.*`: pipelines of deals and smart processes."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Answer, Call, is_yes, to_int
from sandbox.portal.crm import access, fields, naming, pipelines, types
from sandbox.portal.crm.index import index_of
from sandbox.portal.crm.types import EntityType
from sandbox.portal.errors import RestError
from sandbox.portal.registry import method
from sandbox.portal.store import Row

ORIGINS = ("originId", "originatorId")


def _kind(call: Call) -> EntityType:
    kind = types.require(call.portal, call.integer("entityTypeId"))
    if kind.id != types.DEAL and not kind.dynamic:
        raise RestError("ENTITY_TYPE_NOT_SUPPORTED", f"Entity type {kind.name} is not supported", 400)
    return kind


def _require(call: Call, kind: EntityType) -> Row:
    row = pipelines.find(call.portal, kind, call.integer("id"))
    if row is None:
        raise RestError("NOT_FOUND", "Element not found", 400)
    return row


@method("crm.category.add")
def category_add(call: Call) -> dict[str, Any]:
    """A new pipeline with the usual stages."""
    kind = _kind(call)
    access.require_admin(call)
    sent = call.mapping("fields")
    if not sent.get("name"):
        raise RestError("0", "Field 'NAME' is required", 400)
    row = pipelines.add(call.portal, kind, str(sent["name"]), to_int(sent.get("sort"), 500))
    row.update({key: str(sent[key]) for key in ORIGINS if key in row and sent.get(key) is not None})
    if is_yes(sent.get("isDefault")):
        pipelines.make_default(call.portal, kind, row)
    return {"category": row}


@method("crm.category.list")
def category_list(call: Call) -> Answer:
    """All pipelines of a kind."""
    rows = pipelines.of_type(call.portal, _kind(call))
    return Answer({"categories": rows}, total=len(rows))


@method("crm.category.get")
def category_get(call: Call) -> dict[str, Any]:
    """One pipeline."""
    kind = _kind(call)
    access.require_any(call, classic=False)
    return {"category": _require(call, kind)}


@method("crm.category.update")
def category_update(call: Call) -> dict[str, Any]:
    """Changes a pipeline."""
    kind = _kind(call)
    row = _require(call, kind)
    access.require_admin(call)
    sent = call.mapping("fields")
    if sent.get("name"):
        row["name"] = str(sent["name"])
    if sent.get("sort") is not None:
        row["sort"] = to_int(sent["sort"])
    row.update({key: str(sent[key]) for key in ORIGINS if key in row and sent.get(key) is not None})
    if is_yes(sent.get("isDefault")):
        pipelines.make_default(call.portal, kind, row)
    call.portal.store.touch()
    return {"category": row}


@method("crm.category.delete")
def category_delete(call: Call) -> None:
    """Removes an empty pipeline that is not the main one."""
    kind = _kind(call)
    row = _require(call, kind)
    access.require_admin(call)
    code = "0" if kind.id == types.DEAL else "BX_ERROR"
    if row["isDefault"] == "Y":
        deal = kind.id == types.DEAL
        raise RestError(
            code, "Default deal category cannot be deleted" if deal else "This funnel is the default funnel", 400
        )
    if index_of(call.portal, kind).maps["categoryId"].get(float(row["id"])):
        text = (
            f"Deals related to the funnel {row['name']} found"
            if kind.id == types.DEAL
            else "Elements related to the funnel found"
        )
        raise RestError(code, text, 400)
    pipelines.drop(call.portal, kind, row)


@method("crm.category.fields")
def category_fields(call: Call) -> dict[str, Any]:
    """Descriptions of the fields of a pipeline."""
    kind = _kind(call)
    kinds = {"id": "integer", "name": "string", "sort": "integer", "entityTypeId": "integer", "isDefault": "boolean"}
    kinds |= dict.fromkeys(ORIGINS, "string") if kind.id == types.DEAL else {"isSystem": "boolean", "code": "string"}
    language = str(call.user.get("LANGUAGE", "en"))
    described = {}
    for name, value_kind in kinds.items():
        fixed = name in {"id", "entityTypeId"}
        field = fields.Field(
            name, value_kind, name, naming.to_upper(name), read_only=fixed, required=name == "entityTypeId"
        )
        described[name] = {**fields.describe(call.portal, field, language), "upperName": naming.to_upper(name)}
    return {"fields": described}
