"""The fields of products: how they are read, kept, printed and described.

Properties are `propertyN`: one value or a list of values, each with the id under which it is kept. A variation's
`parentId` is kept like a property.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from sandbox.portal import moments
from sandbox.portal.call import to_int
from sandbox.portal.crm import files
from sandbox.portal.portal import Portal
from sandbox.portal.store import Row

# Name → (type, title) as catalog.product.getFieldsByFilter prints them.
FIELDS = {
    "active": ("char", "Activity"),
    "available": ("char", "Availability for Purchase"),
    "barcodeMulti": ("char", "Unique Barcodes"),
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
    "parentId": ("productproperty", "Catalog Element"),
    "previewPicture": ("file", "Preview Picture"),
    "previewText": ("string", "Preview Description"),
    "previewTextType": ("string", "Type of Preview Description"),
    "priceType": ("char", "Payment Type"),
    "purchasingCurrency": ("string", "Purchasing Price Currency"),
    "purchasingPrice": ("string", "Purchasing Price"),
    "quantity": ("double", "Available Quantity"),
    "quantityReserved": ("double", "Reserved Quantity"),
    "quantityTrace": ("char", "Quantity Accounting Mode"),
    "recurSchemeLength": ("integer", "Length of the Payment Period"),
    "recurSchemeType": ("char", "Unit of the Payment Period"),
    "sort": ("integer", "Sort Index"),
    "subscribe": ("char", "Allow Subscription to Product"),
    "timestampX": ("datetime", "Modification Date"),
    "trialPriceId": ("integer", "Product for Trial Payment"),
    "type": ("integer", "Product Type"),
    "vatId": ("integer", "VAT Identifier"),
    "vatIncluded": ("char", "VAT Included in Price"),
    "weight": ("double", "Weight"),
    "width": ("double", "Width"),
    "withoutOrder": ("char", "Renewal Without an Order"),
    "xmlId": ("string", "External Code"),
}
READ_ONLY = frozenset({"available", "bundle", "id", "negativeAmountTrace", "timestampX", "type"})
PICTURES = {"DETAIL_PICTURE": "detailPicture", "PREVIEW_PICTURE": "previewPicture"}
PRICE, PARENT = "purchasingPrice", "parentId"


def is_property(name: str) -> bool:
    """Whether a name is that of a property."""
    return name == PARENT or (name.startswith("property") and name[8:].isdigit())


def holds_files(name: str) -> bool:
    """Whether a field holds a picture."""
    return name in PICTURES.values()


def picture_name(name: str) -> str:
    """A picture's field by either of its names."""
    return PICTURES.get(name, name)


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


def plain(condition: Any) -> Any:
    """The value of a filter, which for properties may come as `{value: …}`."""
    return condition["value"] if isinstance(condition, dict) and set(condition) == {"value"} else condition


def read(portal: Portal, sent: dict[str, Any]) -> Row:
    """Sent fields in stored form; unknown and read-only ones are passed over."""
    known = {name: value for name, value in sent.items() if kind(name) and name not in READ_ONLY}
    return {name: _stored(portal, name, value) for name, value in known.items()}


def _stored(portal: Portal, name: str, value: Any) -> Any:
    if is_property(name):
        return [_property(portal, item) for item in value] if isinstance(value, list) else _property(portal, value)
    stored_as = kind(name)
    if stored_as == "integer":
        return None if value in (None, "") else to_int(value)
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
    kept = value if value is None or isinstance(value, dict | list) else str(value)
    return {"value": kept, "valueId": str(known or portal.store.next_id("product_values"))}


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def show(portal: Portal, row: Row, family: str, *, listed: bool = False) -> dict[str, Any]:
    """A product; whole amounts without a fraction, the purchasing price as text except in lists.

    `family`: the methods whose `download` gives its pictures.
    """
    return {
        name: _picture(family, row["id"], name, value) if holds_files(name) and value else _shown(name, value, listed)
        for name, value in row.items()
    }


def _picture(family: str, product_id: int, name: str, file_id: int) -> dict[str, str]:
    asked = {"fields[fieldName]": name, "fields[fileId]": file_id, "fields[productId]": product_id}
    address = f"/rest/{family}.download?{urlencode(asked)}"
    return {"id": str(file_id), "url": address, "urlMachine": address}


def _shown(name: str, value: Any, listed: bool) -> Any:
    if value is None or is_property(name):
        return value
    if name == PRICE and not listed:
        return f"{value:.6f}"
    return int(value) if isinstance(value, float) and value.is_integer() else value


def describe(names: list[str], properties: list[str], family: str) -> dict[str, Any]:
    """Descriptions of fields and of the named properties. Only services let `available` be written."""
    described = {name: _described(name, FIELDS[name][1], FIELDS[name][0]) for name in names}
    if family.endswith(".service"):
        described["available"]["isReadOnly"] = False
    extra = {"propertyType": "S", "userType": None, "isDynamic": True, "isMultiple": False}
    if PARENT in described:
        described[PARENT] |= {**extra, "propertyType": "E", "userType": "SKU"}
    return described | {name: {**_described(name, name, "productproperty"), **extra} for name in properties}


def _described(name: str, title: str, kind_of: str) -> dict[str, Any]:
    return {
        "isImmutable": name == "iblockId",
        "isReadOnly": name in READ_ONLY,
        "isRequired": name in {"iblockId", "name"},
        "name": title,
        "type": kind_of,
    }
