"""What is in a payment: `crm.item.payment.product.*`, `crm.item.payment.delivery.*`, and what could be put in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.portal.call import Call
from sandbox.portal.crm import product_rows
from sandbox.portal.errors import RestError
from sandbox.portal.payments import printing, records
from sandbox.portal.registry import method
from sandbox.portal.store import Row


def _quantity(call: Call) -> float:
    quantity = float(call.get("quantity"))
    if quantity <= 0:
        raise RestError("0", "Product quantity cannot be less than or equal to 0", 400)
    return quantity


def _check_left(call: Call, row: Row, quantity: float, besides: str = "") -> None:
    if quantity > records.unclaimed(call.portal, row, besides):
        raise RestError("0", "Insufficient product quantity to add to payment", 400)


def _part(call: Call, table: str) -> tuple[Row, Row]:
    """A part and its payment."""
    part = call.portal.store.table(table).get(str(call.integer("id")))
    if part is None:
        raise RestError("0", "Payable item has not been found", 400)
    return part, records.payment_named(call, part["payment"])


def _product_row(call: Call, payment: Row, number: int) -> Row:
    for row in records.goods_of(call.portal, payment):
        if row["id"] == number:
            return row
    raise RestError("0", "Product row has not been found", 400)


def _delivery(call: Call, payment: Row) -> Row:
    row = call.portal.store.table(records.DELIVERIES).get(str(call.integer("deliveryId")))
    if row is None or (row["kind"], row["item"]) != (payment["kind"], payment["item"]):
        raise RestError("0", "Delivery has not been found", 400)
    return row


@method("crm.item.payment.product.add")
def product_add(call: Call) -> int:
    """Puts goods of the item into a payment."""
    payment = records.payment_named(call, call.get("paymentId"))
    row, quantity = _product_row(call, payment, call.integer("rowId")), _quantity(call)
    _check_left(call, row, quantity)
    part = {"payment": payment["ID"], "row": str(row["id"]), "quantity": quantity}
    return int(call.portal.store.insert(records.GOODS, part)["ID"])


@method("crm.item.payment.product.setQuantity")
def product_set_quantity(call: Call) -> bool:
    """Changes how much of the goods the payment is for."""
    part, payment = _part(call, records.GOODS)
    quantity = _quantity(call)
    _check_left(call, _product_row(call, payment, int(part["row"])), quantity, part["ID"])
    part["quantity"] = quantity
    call.portal.store.touch()
    return True


def _listed(call: Call, table: str, print_part: Callable[[Row], Row]) -> list[Row]:
    """The parts of a payment by filter, each with what `print_part` says of it."""
    payment = records.payment_named(call, call.get("paymentId"))
    rows = [
        {"id": int(part["ID"]), "paymentId": int(payment["ID"]), **print_part(part)}
        for part in records.parts(call.portal, table, payment)
    ]
    return printing.chosen(call, rows)


@method("crm.item.payment.product.list")
def product_list(call: Call) -> list[Row]:
    """The goods in a payment."""
    return _listed(
        call,
        records.GOODS,
        lambda part: {"quantity": printing.whole(part["quantity"]), "rowId": int(part["row"])},
    )


@method("crm.item.payment.delivery.add")
def delivery_add(call: Call) -> int:
    """Puts a delivery of the item into a payment."""
    payment = records.payment_named(call, call.get("paymentId"))
    part = {"payment": payment["ID"], "delivery": _delivery(call, payment)["ID"]}
    return int(call.portal.store.insert(records.PAID_DELIVERIES, part)["ID"])


@method("crm.item.payment.delivery.setDelivery")
def delivery_set(call: Call) -> bool:
    """Puts another delivery in the place of the one in the payment."""
    part, payment = _part(call, records.PAID_DELIVERIES)
    part["delivery"] = _delivery(call, payment)["ID"]
    call.portal.store.touch()
    return True


@method("crm.item.payment.delivery.list")
def delivery_list(call: Call) -> list[Row]:
    """The deliveries in a payment."""
    return _listed(call, records.PAID_DELIVERIES, lambda part: {"quantity": 1, "deliveryId": int(part["delivery"])})


def _delete(call: Call, table: str) -> bool:
    part, _payment = _part(call, table)
    del call.portal.store.table(table)[part["ID"]]
    call.portal.store.touch()
    return True


@method("crm.item.payment.product.delete")
def product_delete(call: Call) -> bool:
    """Takes goods out of a payment."""
    return _delete(call, records.GOODS)


@method("crm.item.payment.delivery.delete")
def delivery_delete(call: Call) -> bool:
    """Takes a delivery out of a payment."""
    return _delete(call, records.PAID_DELIVERIES)


@method("crm.item.productrow.getAvailableForPayment")
def rows_left(call: Call) -> dict[str, Any]:
    """The product rows of an item that are not in a payment yet, each with the quantity that is left."""
    try:
        rows = product_rows.rows_of_owner(call, call.text("ownerType"), call.integer("ownerId"))
    except RestError as error:
        code = error.code if error.code == "ACCESS_DENIED" else "0"
        raise RestError(code, error.description) from error
    shown = []
    for row in rows:
        left = records.unclaimed(call.portal, row)
        if left > 0:
            printed = product_rows.show({**row, "quantity": left})
            del printed["storeId"]
            shown.append(printed)
    return {"productRows": shown}
