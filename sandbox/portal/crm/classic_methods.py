"""`crm.lead|deal|contact|company|quote.*`: fields, add, get, list, update, delete."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.portal import moments
from sandbox.portal.call import Answer, Call, is_yes, to_int
from sandbox.portal.crm import access, classic_view, fields, items, multifields, query, types
from sandbox.portal.crm.types import EntityType
from sandbox.portal.errors import RestError
from sandbox.portal.filters import UnknownFieldError, split_operator
from sandbox.portal.registry import method
from sandbox.portal.store import Row

PAST = {
    "DATE_CREATE": "createdTime",
    "DATE_MODIFY": "updatedTime",
    "CREATED_BY_ID": "createdBy",
    "MODIFY_BY_ID": "updatedBy",
}
CLASSIC = (types.LEAD, types.DEAL, types.CONTACT, types.COMPANY, types.QUOTE)


def require_row(call: Call, kind: EntityType) -> Row:
    """The item named by `id`. Raises the refusals of classic methods."""
    number = classic_view.positive_id(call)
    access.require_any(call, classic=True)
    row = items.find(call.portal, kind, number)
    if row is None:
        raise RestError("", "Not found", 400)
    access.require_row(call, row, classic=True)
    return row


def describe_fields(call: Call, kind: EntityType) -> dict[str, Any]:
    """All fields of a kind under their classic names."""
    access.require_reader(call)
    language = str(call.user.get("LANGUAGE", "en"))
    described = {
        field.classic: fields.describe(call.portal, field, language)
        for field in fields.field_set(call.portal, kind).fields
        if classic_view.visible(field)
    }
    if classic_view.has_multifields(kind):
        for name in multifields.KINDS:
            described[name] = _multifield(name)
    return described


def _multifield(name: str) -> dict[str, Any]:
    flags = {"isRequired": False, "isReadOnly": False, "isImmutable": False, "isMultiple": True, "isDynamic": False}
    return {"type": "crm_multifield", **flags, "title": name}


def add_item(call: Call, kind: EntityType) -> int:
    """A new item; its number."""
    classic_view.check_maps(call, "fields", "params")
    access.require_any(call, classic=True)
    values, past = classic_view.read_fields(call, kind), _past(call, kind)
    return int(items.add(call.portal, kind, values | past, call.actor, imported=bool(past))["id"])


def _past(call: Call, kind: EntityType) -> Row:
    """When and by whom a contact or company was made before; counts with IMPORT=Y only."""
    importing = {str(name).upper(): value for name, value in call.mapping("params").items()}.get("IMPORT")
    if kind.id not in {types.CONTACT, types.COMPANY} or not is_yes(importing):
        return {}
    read: Row = {}
    for name, value in call.mapping("fields").items():
        key = PAST.get(str(name).upper())
        moment = moments.parse(value) if key and key.endswith("Time") else None
        if key and moment:
            read[key] = moments.iso(moment)
        elif key and str(value) in call.portal.users:
            read[key] = to_int(value)
    return read


def get_item(call: Call, kind: EntityType) -> dict[str, Any]:
    """One item with everything."""
    return classic_view.show(call.portal, kind, require_row(call, kind), None, single=True)


def list_items(call: Call, kind: EntityType) -> Answer:
    """Items by filter, 50 to a page."""
    classic_view.check_maps(call, "order", "filter")
    access.require_any(call, classic=True)
    chosen = classic_view.chosen_names(call)
    try:
        found = query.run(call, kind, call.get("filter"), call.get("order"), classic=True)
    except UnknownFieldError:
        found = _lenient(call, kind)
    rows = classic_view.show_all(call.portal, kind, found.rows, chosen)
    return Answer(rows, total=found.total, next=found.next)


def _lenient(call: Call, kind: EntityType) -> query.Found:
    names = query.Names(fields.field_set(call.portal, kind), classic=True)
    known = _conditions(names, call.mapping("filter"))
    order = {k: v for k, v in call.mapping("order").items() if names.kind(k) and str(v).upper() in {"ASC", "DESC"}}
    return query.run(call, kind, known, order, classic=True)


def _conditions(names: query.Names, sent: dict[str, Any]) -> dict[str, Any]:
    known: dict[str, Any] = {}
    for key, value in sent.items():
        if key.isdigit() and isinstance(value, dict):
            known[key] = _conditions(names, value)
        elif key.upper() == "LOGIC" or names.kind(split_operator(key)[1]) is not None:
            known[key] = value
    return known


def update_item(call: Call, kind: EntityType) -> bool:
    """Changes an item."""
    row = require_row(call, kind)
    classic_view.check_maps(call, "fields", "params")
    items.update(call.portal, kind, row, classic_view.read_fields(call, kind, row), call.actor)
    return True


def delete_item(call: Call, kind: EntityType) -> bool:
    """Removes an item."""
    items.delete(call.portal, kind, require_row(call, kind), call.actor)
    return True


VERBS: dict[str, Callable[[Call, EntityType], Any]] = {
    "fields": describe_fields,
    "add": add_item,
    "get": get_item,
    "list": list_items,
    "update": update_item,
    "delete": delete_item,
}
MISSING = {
    "add": "REGISTER_SONET_EVENT does nothing.",
    "list": "Unknown filter and order fields are passed over.",
    "delete": "The recycle bin: a deleted item is gone.",
}


def _register(kind: EntityType, verb: str, act: Callable[[Call, EntityType], Any]) -> None:
    told = verb == "add" and kind.id in {types.CONTACT, types.COMPANY}
    ignores = ("params",) if verb in {"add", "update"} and not told else ()

    @method(f"crm.{kind.name.lower()}.{verb}", validate=False, ignores=ignores, missing=MISSING.get(verb, ""))
    def handler(call: Call) -> Any:
        return act(call, kind)


for _number in CLASSIC:
    for _verb, _act in VERBS.items():
        _register(types.SYSTEM[_number], _verb, _act)
