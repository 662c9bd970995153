"""`crm.duplicate.volatileType.*`: which further fields the search for duplicates looks at. Seven in all."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Call
from sandbox.portal.crm import access, classic_view, multifields, types
from sandbox.portal.crm.fields import field_set
from sandbox.portal.errors import RestError
from sandbox.portal.registry import method

TABLE = "duplicate_fields"
KINDS = (types.LEAD, types.CONTACT, types.COMPANY)
MOST = 7
ONLY_KEPT = "The choice is kept; pages of the sandbox look for no duplicates."


def _available(call: Call, wanted: int = 0) -> list[dict[str, Any]]:
    language = str(call.user.get("LANGUAGE", "en"))
    return [
        {"entityTypeId": number, "fieldCode": field.classic, "fieldTitle": field.title(language)}
        for number in KINDS
        if wanted in {0, number}
        for field in field_set(call.portal, types.SYSTEM[number]).fields
        if classic_view.visible(field) and field.kind in {"string", "text"} and field.classic not in multifields.KINDS
    ]


@method("crm.duplicate.volatileType.fields", admin_only=False)
def fields(call: Call) -> list[dict[str, Any]]:
    """The fields that may be chosen."""
    access.require_admin(call)
    return _available(call, call.integer("entityTypeId"))


@method("crm.duplicate.volatileType.list", admin_only=False)
def chosen(call: Call) -> list[dict[str, Any]]:
    """The fields that are chosen."""
    access.require_admin(call)
    return [{**row, "id": int(row["id"])} for row in call.portal.store.rows(TABLE)]


@method("crm.duplicate.volatileType.register", admin_only=False, missing=ONLY_KEPT)
def register(call: Call) -> dict[str, int]:
    """Chooses a field; one that is chosen already stays."""
    access.require_admin(call)
    wanted = {"entityTypeId": call.integer("entityTypeId"), "fieldCode": call.text("fieldCode")}
    for row in call.portal.store.rows(TABLE):
        if {**row, "id": ""} == {**wanted, "id": ""}:
            return {"id": int(row["id"])}
    known = {(item["entityTypeId"], item["fieldCode"]) for item in _available(call)}
    if (wanted["entityTypeId"], wanted["fieldCode"]) not in known:
        raise RestError("FIELD_NOT_FOUND", "Field not found", 400)
    if len(call.portal.store.table(TABLE)) >= MOST:
        raise RestError("MAX_TYPES_COUNT_EXCEEDED", "There is already a maximum number of volatile types", 400)
    return {"id": int(call.portal.store.insert(TABLE, wanted, "id")["id"])}


@method("crm.duplicate.volatileType.unregister", admin_only=False)
def unregister(call: Call) -> bool:
    """Lets a field go."""
    access.require_admin(call)
    if call.portal.store.table(TABLE).pop(str(call.integer("id")), None) is None:
        raise RestError("TYPE_IS_NOT_ASSIGNED", "This type is not assigned", 400)
    call.portal.store.touch()
    return True
