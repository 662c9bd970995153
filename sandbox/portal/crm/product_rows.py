"""`crm.item.productrow.*` and `crm.*.productrows.*`: goods of an item; prices with discount and tax."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Answer, Call, to_int, to_map
from sandbox.portal.crm import access, classic_view, item_view, items, naming, product_sums, types
from sandbox.portal.crm.classic_methods import require_row
from sandbox.portal.crm.types import EntityType
from sandbox.portal.errors import RestError
from sandbox.portal.filters import UnknownFieldError, compile_filter, sort_rows, split_operator
from sandbox.portal.portal import Portal
from sandbox.portal.registry import method
from sandbox.portal.store import Row

MONEY, PERCENT, WHOLE = 1, 2, 100
KINDS = {
    "id": "integer",
    "ownerId": "integer",
    "ownerType": "string",
    "productId": "integer",
    "productName": "string",
    "price": "double",
    "priceAccount": "double",
    "priceExclusive": "double",
    "priceNetto": "double",
    "priceBrutto": "double",
    "quantity": "double",
    "discountTypeId": "integer",
    "discountRate": "double",
    "discountSum": "double",
    "taxRate": "double",
    "taxIncluded": "string",
    "customized": "string",
    "measureCode": "integer",
    "measureName": "string",
    "sort": "integer",
    "xmlId": "string",
    "type": "integer",
    "storeId": "integer",
}


def _float(value: Any, default: float = 0.0) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return default


def build(portal: Portal, kind: EntityType, owner_id: int, sent: dict[str, Any], place: int) -> Row:
    """A stored row out of sent values (camelCase). `price` includes discount and tax; the rest is reckoned back."""
    product = portal.store.table("products").get(str(to_int(sent.get("productId"))), {})
    price = _float(sent.get("price"))
    tax = None if sent.get("taxRate") in (None, "") else _float(sent["taxRate"])
    exclusive = round(price / (1 + (tax or 0) / 100), 2)
    kind_of_discount = to_int(sent.get("discountTypeId")) or PERCENT
    rate, discount = _float(sent.get("discountRate")), _float(sent.get("discountSum"))
    if kind_of_discount == PERCENT:
        discount = round(exclusive / (1 - rate / 100) - exclusive, 2) if 0 < rate < 100 else 0.0
    elif exclusive + discount:
        rate = round(discount / (exclusive + discount) * 100, 2)
    netto = round(exclusive + discount, 2)
    return {
        "id": int(portal.store.next_id("crm_product_rows")),
        "ownerId": owner_id,
        "ownerType": product_sums.owner_code(kind),
        "productId": to_int(sent.get("productId")),
        "productName": str(sent.get("productName") or product.get("name") or ""),
        "price": price,
        "priceAccount": price,
        "priceExclusive": exclusive,
        "priceNetto": netto,
        "priceBrutto": round(netto * (1 + (tax or 0) / 100), 2),
        "quantity": _float(sent.get("quantity"), 1.0),
        "discountTypeId": kind_of_discount,
        "discountRate": rate,
        "discountSum": discount,
        "taxRate": tax,
        "taxIncluded": "Y" if sent.get("taxIncluded") == "Y" else "N",
        "customized": "Y",
        "measureCode": to_int(sent.get("measureCode"), 796),
        "measureName": str(sent.get("measureName") or "шт"),
        "sort": to_int(sent.get("sort")) or place * 10,
        "xmlId": str(sent.get("xmlId") or ""),
        "type": to_int(product.get("type"), 4 if product else 1),
        "storeId": 0,
    }


def replace(call: Call, kind: EntityType, item: Row, sent: list[dict[str, Any]]) -> list[Row]:
    """Puts new rows in the place of all old ones and settles the amount."""
    product_sums.drop(call.portal, kind, item["id"])
    rows = [build(call.portal, kind, item["id"], row, place) for place, row in enumerate(sent, start=1)]
    table = call.portal.store.table("crm_product_rows")
    table.update({str(row["id"]): row for row in rows})
    _settle(call, kind, item)
    return rows


def _settle(call: Call, kind: EntityType, item: Row) -> None:
    product_sums.forget(call.portal)
    items.update(call.portal, kind, item, {}, call.actor)


def show(row: Row) -> dict[str, Any]:
    """A row in camelCase; whole amounts without a fraction."""
    return {key: int(row[key]) if isinstance(row[key], float) and row[key].is_integer() else row[key] for key in KINDS}


def show_classic(row: Row) -> dict[str, Any]:
    """A row in upper case, as the classic methods print it."""
    shown = {naming.to_upper(key): value for key, value in show(row).items()}
    texts = {"ID": str(row["id"]), "OWNER_ID": str(row["ownerId"]), "PRICE_ACCOUNT": f"{row['priceAccount']:.2f}"}
    reserve = {"RESERVE_ID": None, "DATE_RESERVE_END": None, "RESERVE_QUANTITY": None}
    return {**shown, **texts, **reserve, "ORIGINAL_PRODUCT_NAME": row["productName"], "PRODUCT_DESCRIPTION": None}


def _owner(call: Call, code: str, number: int) -> tuple[EntityType, Row]:
    kind = next((kind for kind in types.everything(call.portal) if product_sums.owner_code(kind) == code), None)
    if kind is None:
        raise RestError("ENTITY_TYPE_NOT_SUPPORTED", "Working with this type of objects is not supported", 400)
    row = items.find(call.portal, kind, number)
    if row is None:
        raise RestError("OWNER_NOT_FOUND", "Owner was not found", 400)
    access.require_row(call, row, classic=False)
    return kind, row


def rows_of_owner(call: Call, code: str, number: int) -> list[Row]:
    """The rows of the item that a short code and a number name. Raises the refusals of `crm.item.productrow.*`."""
    kind, item = _owner(call, code, number)
    return product_sums.rows_of(call.portal, kind, item["id"])


def _existing(call: Call) -> tuple[Row, EntityType, Row]:
    row = call.portal.store.table("crm_product_rows").get(str(call.integer("id")))
    if row is None:
        raise RestError("NOT_FOUND", "Item not found", 400)
    return (row, *_owner(call, row["ownerType"], row["ownerId"]))


@method("crm.item.productrow.add", missing="Catalogue reserves and stores are not simulated.")
def row_add(call: Call) -> dict[str, Any]:
    """One more row."""
    sent = call.mapping("fields")
    kind, item = _owner(call, str(sent.get("ownerType", "")), to_int(sent.get("ownerId")))
    place = len(product_sums.rows_of(call.portal, kind, item["id"])) + 1
    row = build(call.portal, kind, item["id"], sent, place)
    call.portal.store.table("crm_product_rows")[str(row["id"])] = row
    _settle(call, kind, item)
    return {"productRow": show(row)}


@method("crm.item.productrow.set")
def row_set(call: Call) -> dict[str, Any]:
    """Replaces all rows of an item."""
    kind, item = _owner(call, call.text("ownerType"), call.integer("ownerId"))
    sent = [to_map(row) for row in call.mapping("productRows").values()]
    return {"productRows": [show(row) for row in replace(call, kind, item, sent)]}


@method("crm.item.productrow.get")
def row_get(call: Call) -> dict[str, Any]:
    """One row."""
    return {"productRow": show(_existing(call)[0])}


@method("crm.item.productrow.update")
def row_update(call: Call) -> dict[str, Any]:
    """Changes one row."""
    row, kind, item = _existing(call)
    fresh = build(call.portal, kind, item["id"], {**row, **call.mapping("fields")}, 1)
    row.update({**fresh, "id": row["id"]})
    _settle(call, kind, item)
    return {"productRow": show(row)}


@method("crm.item.productrow.delete")
def row_delete(call: Call) -> None:
    """Removes one row."""
    row, kind, item = _existing(call)
    del call.portal.store.table("crm_product_rows")[str(row["id"])]
    _settle(call, kind, item)


@method("crm.item.productrow.list")
def row_list(call: Call) -> Answer:
    """Rows of one item by filter."""
    wanted = {_spelled(call, key): value for key, value in call.mapping("filter").items()}
    plain = {split_operator(key)[1]: value for key, value in wanted.items()}
    if not plain.get("ownerType") or not plain.get("ownerId"):
        raise RestError("100", "Required parameters not provided: =ownerType, =ownerId", 400)
    first = plain["ownerId"][0] if isinstance(plain["ownerId"], list) else plain["ownerId"]
    _owner(call, str(plain["ownerType"]), to_int(first))
    rows = list(call.portal.store.rows("crm_product_rows"))
    try:
        test = compile_filter(wanted, KINDS.get)
        order = {_spelled(call, key): value for key, value in call.mapping("order").items()} or {"sort": "ASC"}
        rows = sort_rows(filter(test, rows) if test else rows, order, KINDS.get)
    except UnknownFieldError as error:
        raise RestError("0", f"Unknown field {error}", 400) from error
    return call.page([show(row) for row in rows], result_key="productRows")


def _spelled(call: Call, key: str) -> str:
    """A key of filter or order in camelCase, where the chosen reading takes upper case for it."""
    operator, name = split_operator(key)
    taken = name.isupper() and item_view.name_accepted(call.portal, name)
    return operator + naming.to_camel(name) if taken else key


@method("crm.item.productrow.fields")
def row_fields(_call: Call) -> dict[str, Any]:
    """Descriptions of the fields of a row."""
    fixed = {"id", "priceAccount", "storeId"}
    described = {}
    for name, kind in KINDS.items():
        flags = {"isRequired": name in {"ownerId", "ownerType"}, "isReadOnly": name in fixed, "isImmutable": False}
        title = naming.to_upper(name)
        described[name] = {"type": kind, **flags, "isMultiple": False, "isDynamic": False, "title": title}
    return {"fields": described}


def _check_discount(sent: dict[str, Any]) -> None:
    """Refuses a kind of discount without its rate or amount; only the classic methods do so."""
    kind, rate = to_int(sent.get("discountTypeId")), sent.get("discountRate")
    why, lacking = "", ""
    if kind == MONEY and sent.get("discountSum") is None:
        why, lacking = "Monetary Discount Type (DISCOUNT_TYPE_ID) is defined", "Discount Sum (DISCOUNT_SUM)"
    elif kind == PERCENT and rate is None:
        why, lacking = "Percentage Discount Type (DISCOUNT_TYPE_ID) is defined", "Discount Rate (DISCOUNT_RATE)"
    elif kind == PERCENT and _float(rate) == WHOLE and sent.get("discountSum") is None:
        why = "Percentage Discount Type (DISCOUNT_TYPE_ID) is defined and Discount Rate (DISCOUNT_RATE) is 100%"
        lacking = "Discount Sum (DISCOUNT_SUM)"
    if why:
        raise RestError("ERROR_CORE", f"{lacking} is required if {why}<br>", 400)


def _register_classic(kind: EntityType) -> None:
    name = kind.name.lower()

    @method(f"crm.{name}.productrows.get", validate=False)
    def rows_get(call: Call) -> list[dict[str, Any]]:
        item = require_row(call, kind)
        return [show_classic(row) for row in product_sums.rows_of(call.portal, kind, item["id"])]

    @method(f"crm.{name}.productrows.set", validate=False)
    def rows_set(call: Call) -> bool:
        classic_view.check_maps(call, "rows")
        item = require_row(call, kind)
        sent = [
            {naming.to_camel(str(key).upper()): value for key, value in to_map(row).items()}
            for row in call.mapping("rows").values()
        ]
        for row in sent:
            _check_discount(row)
        replace(call, kind, item, sent)
        return True


for _number in (types.LEAD, types.DEAL, types.QUOTE):
    _register_classic(types.SYSTEM[_number])
