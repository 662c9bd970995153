"""`crm.item.*`: one family of methods for every kind of object."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Answer, Call, is_yes
from sandbox.portal.crm import access, fields, item_view, items, naming, pipelines, query, stages, types
from sandbox.portal.crm.types import EntityType
from sandbox.portal.errors import RestError
from sandbox.portal.filters import split_operator
from sandbox.portal.registry import method
from sandbox.portal.store import Row


def _kind(call: Call) -> EntityType:
    return types.require(call.portal, call.integer("entityTypeId"))


def _original(call: Call) -> bool:
    return is_yes(call.get("useOriginalUfNames"))


def _row(call: Call, kind: EntityType) -> Row:
    row = items.find(call.portal, kind, call.integer("id"))
    if row is None:
        raise RestError("NOT_FOUND", "Element not found", 400)
    access.require_row(call, row, classic=False)
    return row


@method("crm.item.fields")
def item_fields(call: Call) -> dict[str, Any]:
    """Descriptions of all fields of a kind."""
    kind = _kind(call)
    if access.level(call) == "none":
        raise RestError("ACCESS_DENIED", "You do not have permission to view this item", 400)
    language = str(call.user.get("LANGUAGE", "en"))
    described = {}
    for field in fields.field_set(call.portal, kind).by_camel.values():
        name = field.key if _original(call) and field.dynamic else field.camel
        upper = field.key if field.dynamic else naming.to_upper(field.camel)
        described[name] = {**fields.describe(call.portal, field, language), "upperName": upper}
    if kind.dynamic:
        _describe_stages(call, kind, described)
    return {"fields": described}


def _describe_stages(call: Call, kind: EntityType, described: dict[str, Any]) -> None:
    """Smart processes name the directory of their first pipeline, and contacts under a second name."""
    directory = stages.directory(kind, pipelines.default_id(call.portal, kind))
    for name in ("stageId", "previousStageId"):
        if name in described:
            described[name]["statusType"] = directory
    if "contactIds" in described:
        described["contacts"] = {**described["contactIds"], "title": "CONTACTS", "upperName": "CONTACTS"}


@method("crm.item.add", missing="Fields that a stage demands are not checked; plan restrictions do not exist.")
def item_add(call: Call) -> dict[str, Any]:
    """A new item."""
    kind = _kind(call)
    access.require_any(call, classic=False)
    read = item_view.read_fields(call, kind)
    row = items.add(call.portal, kind, read, call.actor, strict=True)
    return {"item": item_view.show(call.portal, kind, row, original=_original(call))}


@method("crm.item.get")
def item_get(call: Call) -> dict[str, Any]:
    """One item with all its fields."""
    kind = _kind(call)
    access.require_any(call, classic=False)
    return {"item": item_view.show(call.portal, kind, _row(call, kind), original=_original(call))}


@method("crm.item.list")
def item_list(call: Call) -> Answer:
    """Items by filter, 50 to a page."""
    kind = _kind(call)
    if access.level(call) == "none":
        return Answer({"items": []}, total=0)
    found = run_query(call, kind)
    chosen = item_view.chosen_names(call)
    original = _original(call)
    shown: list[Any] = [item_view.show(call.portal, kind, row, chosen, original=original) for row in found.rows]
    if chosen and original and call.portal.readings[item_view.ORIGINAL_WITH_SELECT] == "empty":
        shown = [[] for _ in shown]
    return Answer({"items": shown}, total=found.total, next=found.next)


def run_query(call: Call, kind: EntityType) -> query.Found:
    """The query of crm.item.list with its documented refusals."""
    names = [split_operator(name)[1] for name in call.mapping("filter")]
    try:
        for name in [*names, *call.mapping("order")]:
            if not item_view.name_accepted(call.portal, name) and not name.isdigit():
                raise query.BadFilterError(name)
        return query.run(call, kind, call.get("filter"), call.get("order"), classic=False)
    except query.BadFilterError as error:
        raise query.not_allowed("filter", str(error)) from error
    except query.BadOrderError as error:
        raise query.not_allowed("order", str(error)) from error
    except query.BadDirectionError as error:
        raise query.wrong_direction(*error.args) from error


@method("crm.item.update", missing="Rights to single stages do not exist.")
def item_update(call: Call) -> dict[str, Any]:
    """Changes an item."""
    kind = _kind(call)
    access.require_any(call, classic=False)
    row = _row(call, kind)
    read = item_view.read_fields(call, kind, row)
    moves = kind.dynamic and kind.has_categories and "categoryId" not in read
    if moves and call.portal.readings[item_view.SPA_CATEGORY] == "main":
        read["categoryId"] = None
    row = items.update(call.portal, kind, row, read, call.actor, strict=True)
    return {"item": item_view.show(call.portal, kind, row, original=_original(call))}


@method("crm.item.delete", missing="The recycle bin: a deleted item is gone.")
def item_delete(call: Call) -> list[Any]:
    """Removes an item."""
    kind = _kind(call)
    access.require_any(call, classic=False)
    items.delete(call.portal, kind, _row(call, kind), call.actor)
    return []
