"""Items in the form of crm.item.*: camelCase names, real numbers, `fm`, disabled fields as null."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Call, to_map
from sandbox.portal.crm import multifields, values
from sandbox.portal.crm.fields import Field, field_set
from sandbox.portal.crm.types import DEAL, EntityType
from sandbox.portal.errors import RestError
from sandbox.portal.portal import Portal
from sandbox.portal.readings import declare
from sandbox.portal.store import Row

FLAT = {**multifields.FLAT, **multifields.FLAGS}
# Described as read-only, and documented among the fields that a call may give.
TOLD_WHEN_MADE = frozenset({"leadId", "quoteId"})
SPA_CATEGORY = declare(
    "spa_update_without_category",
    "main",
    "keep",
    about="crm.item.update of a smart process item without categoryId: the page says the item goes to the main "
    "pipeline; 'keep' leaves it where it is.",
)

UPPER_NAMES = declare(
    "item_upper_case_names",
    "accepted",
    "refused",
    about="Upper-case names in fields, filter and order of crm.item.*: the pages name camelCase only, client libraries "
    "send ID in upper case.",
)
ORIGINAL_WITH_SELECT = declare(
    "item_list_original_names_with_select",
    "documented",
    "empty",
    about="crm.item.list with both select and useOriginalUfNames=Y: the page gives no restriction, a portal was seen to "
    "answer with empty items.",
)


def show(
    portal: Portal, kind: EntityType, row: Row, chosen: set[str] | None = None, *, original: bool
) -> dict[str, Any]:
    """One item. `chosen`: names to print, None for all. `original`: user fields under their own names."""
    everything = chosen is None or "*" in chosen
    fields = field_set(portal, kind)

    def named(field: Field) -> tuple[str, Field] | None:
        name = field.key if original and field.dynamic else field.camel
        wanted = everything or (field.key != "fm" and not {name, field.camel}.isdisjoint(chosen or ()))
        return (name, field) if wanted and fields.by_camel.get(field.camel) is field else None

    view = fields.view(f"item {original}", chosen, named)
    shown: dict[str, Any] = {name: _value(portal, field, row) for name, field in view}
    if everything:
        shown["entityTypeId"] = kind.id
    return shown


def _value(portal: Portal, field: Field, row: Row) -> Any:
    if field.key == "fm":
        return [dict(entry) for entry in row.get("fm") or ()]
    if field.key in FLAT:
        return multifields.flat(row, field.key)
    return values.print_item(portal, field, row.get(field.key))


def read_fields(call: Call, kind: EntityType, held: Row | None = None) -> Row:
    """The sent `fields` in stored form; unknown and read-only ones are ignored, wrong values refused."""
    fields = field_set(call.portal, kind)
    read: Row = {}
    for name, value in call.mapping("fields").items():
        field = fields.find(name, classic=False)
        if field is None or not _writable(field) or not name_accepted(call.portal, name):
            continue
        if field.immutable and held is not None and kind.id != DEAL:
            continue
        if field.key == "fm":
            read["fm"] = multifields.merge(call.portal, (held or {}).get("fm") or [], multifields.from_item(value))
        else:
            read[field.key] = values.store(call.portal, field, value, strict=True)
    if held is None:
        _require(call, kind, read)
    return read


def _writable(field: Field) -> bool:
    return field.key in TOLD_WHEN_MADE or not (field.read_only or field.disabled)


def name_accepted(portal: Portal, name: str) -> bool:
    """Whether the chosen reading takes this spelling of a field name."""
    upper = name.isupper() and not name.startswith("UF_")
    return not upper or portal.readings[UPPER_NAMES] == "accepted"


def _require(call: Call, kind: EntityType, read: Row) -> None:
    for field in field_set(call.portal, kind).fields:
        if field.required and field.dynamic and read.get(field.key) in (None, ""):
            title = (field.user_field or {})["FIELD_NAME"]
            raise RestError("CRM_FIELD_ERROR_REQUIRED", f'Field "{title}" is required', 400)


def chosen_names(call: Call) -> set[str] | None:
    """The `select` parameter; None when everything is wanted."""
    names = {str(name) for name in to_map(call.get("select")).values()}
    return {*names, "id"} if names else None
