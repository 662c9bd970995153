"""`catalog.product.*`, `catalog.catalog.list` and `catalog.price.*` basics: products of one catalogue."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Answer, Call, to_int, to_map
from sandbox.portal.crm import naming
from sandbox.portal.errors import RestError
from sandbox.portal.events import emit
from sandbox.portal.filters import UnknownFieldError, compile_filter, sort_rows, split_operator
from sandbox.portal.hooks import listen
from sandbox.portal.portal import Portal
from sandbox.portal.registry import method
from sandbox.portal.store import Row

CATALOG = 23
SIMPLE = 1
KINDS = {
    "id": "integer",
    "iblockId": "integer",
    "iblockSectionId": "integer",
    "name": "string",
    "code": "string",
    "xmlId": "string",
    "active": "string",
    "available": "string",
    "bundle": "string",
    "type": "integer",
    "sort": "integer",
    "quantity": "double",
    "quantityReserved": "double",
    "quantityTrace": "string",
    "canBuyZero": "string",
    "measure": "integer",
    "weight": "double",
    "width": "double",
    "length": "double",
    "height": "double",
    "vatId": "integer",
    "vatIncluded": "string",
    "purchasingPrice": "double",
    "purchasingCurrency": "string",
    "previewText": "string",
    "detailText": "string",
    "createdBy": "integer",
    "modifiedBy": "integer",
    "dateCreate": "datetime",
    "timestampX": "datetime",
}
FIXED = frozenset({"id", "type", "available", "bundle", "createdBy", "modifiedBy", "dateCreate", "timestampX"})
WHOLE = frozenset(name for name, kind in KINDS.items() if kind == "integer")
REAL = frozenset(name for name, kind in KINDS.items() if kind == "double")


@listen("seed")
def seed(portal: Portal) -> None:
    """The one catalogue and its base price."""
    portal.store.table("catalogs")[str(CATALOG)] = {
        "id": CATALOG,
        "iblockId": CATALOG,
        "iblockTypeId": "CRM_PRODUCT_CATALOG",
        "lid": "s1",
        "name": "Товарный каталог CRM",
        "productIblockId": None,
        "skuPropertyId": None,
        "subscription": "N",
        "vatId": None,
        "yandexExport": "N",
    }


def _kind(name: str) -> str | None:
    if name.startswith("property") and name[8:].isdigit():
        return "string"
    return KINDS.get(name)


def _read(sent: dict[str, Any]) -> Row:
    read: Row = {}
    for name, value in sent.items():
        if _kind(name) is None or name in FIXED:
            continue
        if name in WHOLE:
            read[name] = to_int(value)
        elif name in REAL:
            read[name] = _number(value)
        else:
            read[name] = value
    return read


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def show(row: Row) -> dict[str, Any]:
    """A product; whole amounts without a fraction."""
    return {key: int(value) if isinstance(value, float) and value.is_integer() else value for key, value in row.items()}


def _require(call: Call) -> Row:
    row = call.portal.store.table("products").get(str(call.integer("id")))
    if row is None:
        raise RestError("200040300000", "product does not exist.", 400)
    return row


@method("catalog.product.add", missing="Pictures and stores are not kept; properties are kept as sent.")
def product_add(call: Call) -> dict[str, Any]:
    """A new simple product."""
    sent = call.mapping("fields")
    if not sent.get("name"):
        raise RestError("0", "Required fields: name", 400)
    if to_int(sent.get("iblockId")) != CATALOG:
        raise RestError("200040300010", "Catalog is not found: iblockId", 400)
    now, user_id = call.portal.stamp(), int(call.user_id)
    row: Row = dict.fromkeys(KINDS)
    row |= {"active": "Y", "available": "Y", "bundle": "N", "type": SIMPLE, "sort": 500, "quantityTrace": "N"}
    row |= {"canBuyZero": "Y", "vatIncluded": "N", "createdBy": user_id, "dateCreate": now}
    row |= _read(sent) | {"modifiedBy": user_id, "timestampX": now}
    row["id"] = int(call.portal.store.next_id("products"))
    call.portal.store.table("products")[str(row["id"])] = row
    _tell(call, "ADD", row)
    return {"element": show(row)}


def _tell(call: Call, verb: str, row: Row) -> None:
    call.portal.store.touch()
    emit(call.portal, f"CATALOG.PRODUCT.ON.{verb}", {"FIELDS": {"ID": str(row["id"]), "TYPE": row["type"]}}, call.actor)


@method("catalog.product.get", admin_only=False)
def product_get(call: Call) -> dict[str, Any]:
    """One product."""
    return {"product": show(_require(call))}


@method("catalog.product.update")
def product_update(call: Call) -> dict[str, Any]:
    """Changes a product."""
    row = _require(call)
    row.update(_read(call.mapping("fields")))
    row |= {"modifiedBy": int(call.user_id), "timestampX": call.portal.stamp()}
    _tell(call, "UPDATE", row)
    return {"element": show(row)}


@method("catalog.product.delete")
def product_delete(call: Call) -> bool:
    """Removes a product."""
    row = _require(call)
    del call.portal.store.table("products")[str(row["id"])]
    _tell(call, "DELETE", row)
    return True


@method("catalog.product.list")
def product_list(call: Call) -> Answer:
    """Products by filter; `id` and `iblockId` must be selected and `iblockId` filtered by."""
    chosen = {str(name) for name in to_map(call.get("select")).values()}
    if not {"id", "iblockId"} <= chosen and "*" not in chosen:
        raise RestError("200040300010", "Required select fields: id, iblockId", 400)
    if "iblockId" not in {split_operator(key)[1] for key in call.mapping("filter")}:
        raise RestError("200040300010", "Required filter fields: iblockId", 400)
    rows = list(call.portal.store.rows("products"))
    try:
        test = compile_filter(call.get("filter"), _kind)
        rows = sort_rows(filter(test, rows) if test else rows, to_map(call.get("order")) or {"id": "ASC"}, _kind)
    except UnknownFieldError as error:
        raise RestError("0", f"Unknown field {error}", 400) from error
    shown = [{k: v for k, v in show(row).items() if k in chosen or "*" in chosen} for row in rows]
    return call.page(shown, result_key="products")


@method("catalog.product.getFieldsByFilter")
def product_fields(_call: Call) -> dict[str, Any]:
    """Descriptions of the fields of a product."""
    described = {
        name: {
            "isImmutable": name in {"iblockId", "type"},
            "isReadOnly": name in FIXED,
            "isRequired": name in {"iblockId", "name"},
            "type": kind,
            "name": naming.to_upper(name),
        }
        for name, kind in KINDS.items()
    }
    return {"product": described}


@method("catalog.catalog.list", ignores=("select", "filter", "order"))
def catalog_list(call: Call) -> Answer:
    """The catalogues."""
    return call.page(list(call.portal.store.rows("catalogs")), result_key="catalogs")
