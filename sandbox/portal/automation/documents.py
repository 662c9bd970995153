"""CRM elements as documents of workflows: their ids and types, their fields for placeholders."""

from __future__ import annotations

from typing import Any

from sandbox.portal.crm import classic_view, items, multifields, naming, types, values
from sandbox.portal.crm.fields import Field, field_set
from sandbox.portal.crm.types import EntityType
from sandbox.portal.portal import Portal
from sandbox.portal.store import Row

CLASSES = {
    "LEAD": "CCrmDocumentLead",
    "DEAL": "CCrmDocumentDeal",
    "CONTACT": "CCrmDocumentContact",
    "COMPANY": "CCrmDocumentCompany",
    "QUOTE": "Bitrix\\Crm\\Integration\\BizProc\\Document\\Quote",
    "SMART_INVOICE": "Bitrix\\Crm\\Integration\\BizProc\\Document\\SmartInvoice",
}
DYNAMIC = "Bitrix\\Crm\\Integration\\BizProc\\Document\\Dynamic"


def document_type(kind: EntityType) -> list[str]:
    """Module, class and name of a kind of document."""
    return ["crm", CLASSES.get(kind.name, DYNAMIC), kind.name]


def document_id(kind: EntityType, item_id: Any) -> list[str]:
    """Module, class and id of a document: `DEAL_12`, `DYNAMIC_147_1`."""
    return [*document_type(kind)[:2], f"{kind.name}_{item_id}"]


def known_type(portal: Portal, value: Any) -> bool:
    """Whether a parameter DOCUMENT_TYPE names a kind of document of this portal."""
    if not isinstance(value, list) or len(value) != 3:
        return False
    module, class_name, name = map(str, value)
    if module != "crm":
        return module in {"lists", "disk"}
    kind = types.by_name(portal, name)
    if kind is None:
        return name.startswith("DYNAMIC_") and class_name == DYNAMIC
    return class_name == document_type(kind)[1]


def find(portal: Portal, value: Any) -> tuple[EntityType, Row] | None:
    """The element behind a document id."""
    if not isinstance(value, list) or len(value) != 3:
        return None
    name, _, number = str(value[2]).rpartition("_")
    kind = types.by_name(portal, name)
    row = items.find(portal, kind, int(number)) if kind and number.isdigit() else None
    return (kind, row) if kind and row else None


def field_of(portal: Portal, kind: EntityType, name: str) -> Field | None:
    """A field by its name in any spelling, or by the label that people see."""
    fields = field_set(portal, kind)
    found = fields.find(name, classic=True) or fields.find(name, classic=False) or fields.by_key.get(name)
    if found:
        return found
    wanted = name.casefold()
    return next((field for field in fields.fields if wanted in _labels(field)), None)


def _labels(field: Field) -> set[str]:
    labels: set[Any] = {field.title("ru"), field.title("en")}
    user_field = field.user_field or {}
    for key in ("EDIT_FORM_LABEL", "LIST_COLUMN_LABEL", "editFormLabel", "listColumnLabel"):
        texts = user_field.get(key)
        labels |= set(texts.values()) if isinstance(texts, dict) else {texts}
    return {str(label).casefold() for label in labels if label}


def value(portal: Portal, kind: EntityType, row: Row, name: str) -> Any:
    """A field of a document for a placeholder; None when there is no such field. People are `user_N`."""
    if name.upper() in multifields.KINDS:
        entries = multifields.to_classic(row.get("fm") or [], name.upper())
        return [entry["VALUE"] for entry in entries]
    field = field_of(portal, kind, name)
    if field is None:
        return None
    held = row.get(field.key)
    if field.kind in {"user", "employee"}:
        people = held if isinstance(held, list) else [held]
        named = [f"user_{user_id}" for user_id in people if user_id]
        return named if isinstance(held, list) else "".join(named)
    return values.print_classic(portal, field, held)


def key_of(portal: Portal, kind: EntityType, name: str) -> str:
    """Under which key an element keeps a field."""
    field = field_of(portal, kind, name)
    return field.key if field else naming.to_camel(name)


def described_fields(portal: Portal, kind: EntityType) -> dict[str, dict[str, str]]:
    """The fields that a designer may put into placeholders."""
    return {
        field.classic: {"Id": field.classic, "Type": field.kind, "Name": field.title("en")}
        for field in field_set(portal, kind).fields
        if classic_view.visible(field)
    }
