"""The fields of products: how they are read, kept, printed and described.

Properties are `propertyN`: one value or a list of values, each with the id under which it is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.portal import moments
from sandbox.portal.call import to_int
from sandbox.portal.crm import files
from sandbox.portal.portal import Portal
from sandbox.portal.store import Row

# Name → (type, title) as catalog.product.getFieldsByFilter prints them.
FIELDS = {
    "active": ("char", "Activity"),
    "available": ("char", "Availability for Purchase"),
    "bundle": ("char", "Set Availability"),
    "canBuyZero": ("char", "Allow Purchase When Out of Stock"),
    "code": ("string", "Symbolic Code"),
    "createdBy": ("integer", "Created By"),
    "dateActiveFrom": ("datetime", "DATE_ACTIVE_FROM"),
    "dateActiveTo": ("datetime", "DATE_ACTIVE_TO"),
    "dateCreate": ("datetime", "Creation Date"),
    "detailPicture": ("file", "Detail Picture"),
    "detailText": ("string", "Detailed Description"),
    "detailTextType": ("string", "Type of Detailed Description"),
    "height": ("double", "Height"),
    "iblockId": ("integer", "Information Block Identifier"),
    "iblockSectionId": ("integer", "Main Section"),
    "id": ("integer", "Identifier"),
    "length": ("double", "Length"),
    "measure": ("integer", "Unit of Measurement"),
    "modifiedBy": ("integer", "Modified By"),
    "name": ("string", "Name"),
    "negativeAmountTrace": ("char", "NEGATIVE_AMOUNT_TRACE"),
    "previewPicture": ("file", "Preview Picture"),
    "previewText": ("string", "Preview Description"),
    "previewTextType": ("string", "Type of Preview Description"),
    "priceType": ("char", "Payment Type"),
    "purchasingCurrency": ("string", "Purchasing Price Currency"),
    "purchasingPrice": ("string", "Purchasing Price"),
    "quantity": ("double", "Available Quantity"),
    "quantityReserved": ("double", "Reserved Quantity"),
    "quantityTrace": ("char", "Quantity Accounting Mode"),
    "sort": ("integer", "Sort Index"),
    "subscribe": ("char", "Allow Subscription to Product"),
    "timestampX": ("datetime", "Modification Date"),
    "type": ("integer", "Product Type"),
    "vatId": ("integer", "VAT Identifier"),
    "vatIncluded": ("char", "VAT Included in Price"),
    "weight": ("double", "Weight"),
    "width": ("double", "Width"),
    "xmlId": ("string", "External Code"),
}
READ_ONLY = frozenset({"available", "bundle", "id", "negativeAmountTrace", "timestampX", "type"})
STORED = tuple(name for name in FIELDS if name not in {"negativeAmountTrace", "priceType"})
PRICE = "purchasingPrice"


def is_property(name: str) -> bool:
    """Whether a name is that of a property."""
    return name.startswith("property") and name[8:].isdigit()


def kind(name: str) -> str | None:
    """How the values of a field compare; None when there is no such field."""
    if is_property(name):
        return "string"
    if name == PRICE:
        return "double"
    return FIELDS[name][0] if name in FIELDS else None


def compared(row: Mapping[str, Any], name: str) -> Any:
    """The value that filters and order look at."""
    value = row.get(name)
    if not is_property(name) or value is None:
        return value
    return [item["value"] for item in value] if isinstance(value, list) else value["value"]


def read(portal: Portal, sent: dict[str, Any]) -> Row:
    """Sent fields in stored form; unknown and read-only ones are passed over."""
    known = {name: value for name, value in sent.items() if kind(name) and name not in READ_ONLY}
    return {name: _stored(portal, name, value) for name, value in known.items()}


def _stored(portal: Portal, name: str, value: Any) -> Any:
    if is_property(name):
        return [_property(portal, item) for item in value] if isinstance(value, list) else _property(portal, value)
    stored_as = kind(name)
    if stored_as == "integer":
        return to_int(value)
    if stored_as == "double":
        return _number(value)
    if stored_as == "file":
        return files.keep(portal, value)
    if stored_as == "datetime":
        parsed = moments.parse(value) if value else None
        return moments.iso(parsed) if parsed else None
    return value if value != "" or name in {"name"} else None


def _property(portal: Portal, sent: Any) -> Row:
    value = sent.get("value") if isinstance(sent, dict) else sent
    known = sent.get("valueId") if isinstance(sent, dict) else None
    return {"value": value, "valueId": str(known or portal.store.next_id("product_values"))}


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def show(portal: Portal, row: Row, *, listed: bool = False) -> dict[str, Any]:
    """A product; whole amounts without a fraction, the purchasing price as text except in lists."""
    return {name: _shown(portal, name, value, listed=listed) for name, value in row.items()}


def _shown(portal: Portal, name: str, value: Any, *, listed: bool) -> Any:
    if value is None or is_property(name):
        return value
    if kind(name) == "file":
        return {key: str(item) for key, item in files.describe(portal, value, classic=False).items()}
    if name == PRICE and not listed:
        return f"{value:.6f}"
    return int(value) if isinstance(value, float) and value.is_integer() else value


def describe(properties: list[str]) -> dict[str, Any]:
    """Descriptions of all fields and of the named properties."""
    described = {name: _described(name, title, kind_of) for name, (kind_of, title) in FIELDS.items()}
    extra = {"propertyType": "S", "userType": "", "isDynamic": True, "isMultiple": False}
    return described | {name: {**_described(name, name, "productproperty"), **extra} for name in properties}


def _described(name: str, title: str, kind_of: str) -> dict[str, Any]:
    return {
        "isImmutable": name == "iblockId",
        "isReadOnly": name in READ_ONLY,
        "isRequired": name in {"iblockId", "name"},
        "name": title,
        "type": kind_of,
    }
