"""`catalog.product.*` basics: products of one catalogue."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Answer, Call, to_int, to_map
from sandbox.portal.catalog import catalogs, product_fields
from sandbox.portal.catalog.product_fields import show
from sandbox.portal.errors import RestError
from sandbox.portal.events import emit
from sandbox.portal.filters import UnknownFieldError, compile_filter, sort_rows, split_operator
from sandbox.portal.registry import method
from sandbox.portal.store import Row

SIMPLE = 1


def _require(call: Call) -> Row:
    row = call.portal.store.table("products").get(str(call.integer("id")))
    if row is None:
        raise RestError("200040300000", "product does not exist.", 400)
    return row


@method(
    "catalog.product.add",
    missing="Stores are not kept; addresses of pictures lead to the file, not to catalog.product.download.",
)
def product_add(call: Call) -> dict[str, Any]:
    """A new simple product."""
    sent = call.mapping("fields")
    if not sent.get("name"):
        raise RestError("0", "Required fields: name", 400)
    if to_int(sent.get("iblockId")) != catalogs.CATALOG:
        raise RestError("200040300010", "Catalog is not found: iblockId", 400)
    now, user_id = call.portal.stamp(), int(call.user_id)
    row: Row = dict.fromkeys(product_fields.STORED)
    row |= {"active": "Y", "available": "Y", "bundle": "N", "type": SIMPLE, "sort": 500, "quantityTrace": "N"}
    row |= {"canBuyZero": "Y", "vatIncluded": "N", "createdBy": user_id, "dateCreate": now, "subscribe": "Y"}
    row |= {"previewTextType": "text", "detailTextType": "text"}
    row |= product_fields.read(call.portal, sent) | {"modifiedBy": user_id, "timestampX": now}
    row["id"] = int(call.portal.store.next_id("products"))
    call.portal.store.table("products")[str(row["id"])] = row
    _tell(call, "ADD", row)
    return {"element": show(call.portal, row)}


def _tell(call: Call, verb: str, row: Row) -> None:
    call.portal.store.touch()
    emit(call.portal, f"CATALOG.PRODUCT.ON.{verb}", {"FIELDS": {"ID": str(row["id"]), "TYPE": row["type"]}}, call.actor)


@method("catalog.product.get", admin_only=False)
def product_get(call: Call) -> dict[str, Any]:
    """One product."""
    return {"product": show(call.portal, _require(call))}


@method("catalog.product.update")
def product_update(call: Call) -> dict[str, Any]:
    """Changes a product."""
    row = _require(call)
    row.update(product_fields.read(call.portal, call.mapping("fields")))
    row |= {"modifiedBy": int(call.user_id), "timestampX": call.portal.stamp()}
    _tell(call, "UPDATE", row)
    return {"element": show(call.portal, row)}


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
        test = compile_filter(call.get("filter"), product_fields.kind, product_fields.compared)
        chosen_rows = filter(test, rows) if test else rows
        order = to_map(call.get("order")) or {"id": "ASC"}
        rows = sort_rows(chosen_rows, order, product_fields.kind, product_fields.compared)
    except UnknownFieldError as error:
        raise RestError("0", f"Unknown field {error}", 400) from error
    shown = [
        {k: v for k, v in show(call.portal, row, listed=True).items() if k in chosen or "*" in chosen} for row in rows
    ]
    return call.page(shown, result_key="products")


@method("catalog.product.getFieldsByFilter")
def product_described(call: Call) -> dict[str, Any]:
    """Descriptions of the fields of a product, with the properties that products have."""
    held = {name for row in call.portal.store.rows("products") for name in row if product_fields.is_property(name)}
    return {"product": product_fields.describe(sorted(held))}
