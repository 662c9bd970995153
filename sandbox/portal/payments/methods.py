"""`crm.item.payment.*` and `crm.item.delivery.*`: payments of deals and invoices, deliveries looked up."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Call
from sandbox.portal.errors import RestError
from sandbox.portal.payments import printing, records
from sandbox.portal.registry import method
from sandbox.portal.store import Row

NO_SHIPMENTS = "sale.* is not simulated: deliveries are made by POST /sandbox/item-deliveries only."


def _payment(call: Call) -> Row:
    return records.payment_named(call, call.get("id"))


@method("crm.item.payment.add", missing="Payment systems are two and do not charge anybody.")
def payment_add(call: Call) -> int:
    """A payment with nothing in it."""
    kind, item = records.owner(call)
    if kind.id not in records.PAYABLE:
        raise RestError("0", "Payments are not available for this entity", 400)
    blank = {"system": "1", "paid_at": None, "paid_by": None}
    return int(records.add(call.portal, records.PAYMENTS, kind, item, **blank)["ID"])


@method("crm.item.payment.get")
def payment_get(call: Call) -> dict[str, Any]:
    """One payment."""
    return printing.payment(call.portal, _payment(call))


@method("crm.item.payment.list")
def payment_list(call: Call) -> list[dict[str, Any]]:
    """The payments of an item; kinds without payments have none."""
    kind, item = records.owner(call)
    rows = records.of_item(call.portal, records.PAYMENTS, kind, item["id"])
    return printing.chosen(call, [printing.payment(call.portal, row) for row in rows])


@method("crm.item.payment.update")
def payment_update(call: Call) -> bool:
    """Changes the payment system and whether it is paid."""
    row, fields = _payment(call), call.mapping("fields")
    if "paySystemId" in fields:
        system = str(fields["paySystemId"])
        if system not in call.portal.store.table(records.SYSTEMS):
            raise RestError("0", "Pay system has not been found", 400)
        row["system"] = system
    if fields.get("paid") in {"Y", "N"}:
        _mark(call, row, paid=fields["paid"] == "Y")
    call.portal.store.touch()
    return True


def _mark(call: Call, row: Row, *, paid: bool) -> None:
    row["paid_at"] = call.portal.stamp() if paid else None
    row["paid_by"] = call.user_id if paid else None
    call.portal.store.touch()


@method("crm.item.payment.pay")
def payment_pay(call: Call) -> bool:
    """Marks a payment as paid, by the caller and now."""
    _mark(call, _payment(call), paid=True)
    return True


@method("crm.item.payment.unpay")
def payment_unpay(call: Call) -> bool:
    """Takes the mark away."""
    _mark(call, _payment(call), paid=False)
    return True


@method("crm.item.payment.delete")
def payment_delete(call: Call) -> bool:
    """Removes a payment with what is in it."""
    records.drop(call.portal, _payment(call))
    return True


@method("crm.item.delivery.get", missing=NO_SHIPMENTS)
def delivery_get(call: Call) -> dict[str, Any]:
    """One delivery."""
    row = records.require(call, records.DELIVERIES, call.get("id"), "Delivery has not been found")
    return printing.delivery(call.portal, row)


@method("crm.item.delivery.list", missing=NO_SHIPMENTS)
def delivery_list(call: Call) -> list[dict[str, Any]]:
    """The deliveries of an item."""
    kind, item = records.owner(call)
    rows = records.of_item(call.portal, records.DELIVERIES, kind, item["id"])
    return printing.chosen(call, [printing.delivery(call.portal, row) for row in rows])
