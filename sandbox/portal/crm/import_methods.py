"""`crm.item.import` and `crm.item.batchImport`: items brought from elsewhere, with their history and without automation."""

from __future__ import annotations

from typing import Any

from sandbox.portal import moments
from sandbox.portal.call import Call, to_int, to_map
from sandbox.portal.crm import access, item_view, items, types
from sandbox.portal.crm.types import EntityType
from sandbox.portal.errors import RestError
from sandbox.portal.registry import method
from sandbox.portal.store import Row

MOST_AT_ONCE = 20
TIMES = ("createdTime", "updatedTime", "movedTime")
PEOPLE = ("createdBy", "updatedBy", "movedBy")


def _past(call: Call, kind: EntityType, sent: dict[str, Any]) -> Row:
    """When and by whom the item was made and changed before; only an administrator may say so."""
    known = (*TIMES, *PEOPLE) if kind.has_stages else tuple(name for name in (*TIMES, *PEOPLE) if "moved" not in name)
    told = {name: sent[name] for name in known if sent.get(name)}
    read: Row = {}
    for name, value in told.items():
        moment = moments.parse(value) if name in TIMES else None
        unreadable = moment is None if name in TIMES else str(value) not in call.portal.users
        if unreadable or not call.admin:
            raise RestError("CRM_FIELD_ERROR_VALUE_NOT_VALID", f'Invalid value for field "{name}"', 400)
        read[name] = moments.iso(moment) if moment else to_int(value)
    return read


def _import(call: Call, kind: EntityType) -> dict[str, Any]:
    access.require_any(call, classic=False)
    values = item_view.read_fields(call, kind) | _past(call, kind, call.mapping("fields"))
    row = items.add(call.portal, kind, values, call.actor, strict=True, imported=True)
    return {"item": {"id": row["id"]}}


@method("crm.item.import", missing="The right to import is that to add.")
def item_import(call: Call) -> dict[str, Any]:
    """One item; only its number comes back."""
    return _import(call, types.require(call.portal, call.integer("entityTypeId")))


@method("crm.item.batchImport", missing="The right to import is that to add.")
def item_batch_import(call: Call) -> dict[str, Any]:
    """Up to 20 items; each answers its number or its own refusal."""
    kind = types.require(call.portal, call.integer("entityTypeId"))
    data = list(to_map(call.get("data")).values())
    if len(data) > MOST_AT_ONCE:
        text = f"You cannot import more than {MOST_AT_ONCE} items"
        raise RestError("MAX_IMPORT_BATCH_SIZE_EXCEEDED", text, 400)
    return {"items": [_one(call, kind, fields) for fields in data]}


def _one(call: Call, kind: EntityType, fields: Any) -> dict[str, Any]:
    single = Call(call.portal, call.identity, call.method, {**call.params, "fields": to_map(fields)})
    try:
        return _import(single, kind)
    except RestError as error:
        return {"error": error.code, "error_description": error.description}
