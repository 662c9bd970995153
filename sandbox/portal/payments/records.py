"""Payments, what is in them, and deliveries, as the state keeps them. Called by the methods; knows no call's names.

Tables: `payments`, `payment_goods` (a product row of the item), `payment_deliveries`, `deliveries`. Sums are never
kept: a payment costs what is in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sandbox.portal.call import Call, to_int
from sandbox.portal.crm import access, items, product_sums, types
from sandbox.portal.crm.types import EntityType
from sandbox.portal.errors import RestError
from sandbox.portal.hooks import listen
from sandbox.portal.portal import Portal
from sandbox.portal.store import Row

PAYMENTS, GOODS, PAID_DELIVERIES, DELIVERIES = "payments", "payment_goods", "payment_deliveries", "deliveries"
SYSTEMS, SERVICES = "pay_systems", "delivery_services"
PAYABLE = frozenset({types.DEAL, types.INVOICE})


@listen("seed")
def seed(portal: Portal) -> None:
    """Two ways to pay and two to deliver."""
    for name in ("Наличные", "Банковская карта"):
        portal.store.insert(SYSTEMS, {"NAME": name})
    for name in ("Самовывоз", "Курьер"):
        portal.store.insert(SERVICES, {"NAME": name})


def owner(call: Call) -> tuple[EntityType, Row]:
    """The item of `entityTypeId` and `entityId`. Raises RestError with code 0."""
    kind = types.find(call.portal, call.integer("entityTypeId"))
    if kind is None:
        raise RestError("0", "Invalid CRM object type", 400)
    row = items.find(call.portal, kind, call.integer("entityId"))
    if row is None:
        raise RestError("0", f"Entity with identifier №{call.integer('entityId')} does not exist", 400)
    _let(call, row)
    return kind, row


def _let(call: Call, item: Row) -> None:
    try:
        access.require_row(call, item, classic=False)
    except RestError as error:
        raise RestError("0", "Access denied", 400) from error


def of_item(portal: Portal, table: str, kind: EntityType, item_id: int) -> list[Row]:
    """The payments or deliveries of an item."""
    return [row for row in portal.store.rows(table) if (row["kind"], row["item"]) == (kind.id, item_id)]


def require(call: Call, table: str, number: Any, text: str) -> Row:
    """A payment or delivery whose item the caller may see. Raises RestError with code 0 and `text`."""
    row = call.portal.store.table(table).get(str(to_int(number)))
    kind = types.find(call.portal, row["kind"]) if row else None
    item = items.find(call.portal, kind, row["item"]) if row and kind else None
    if row is None or item is None:
        raise RestError("0", text, 400)
    _let(call, item)
    return row


def payment_named(call: Call, number: Any) -> Row:
    """The payment that a parameter names."""
    return require(call, PAYMENTS, number, "Payment has not been found")


def add(portal: Portal, table: str, kind: EntityType, item: Row, **values: Any) -> Row:
    """A new payment or delivery; its number is that of the item's order and a place in it."""
    orders = portal.store.table("orders")
    key = f"{kind.id}:{item['id']}"
    order = orders.setdefault(key, {"number": portal.store.next_id("orders"), "places": {}})
    order["places"][table] = place = order["places"].get(table, 0) + 1
    row = {"kind": kind.id, "item": item["id"], "currency": item.get("currencyId") or "RUB", **values}
    return portal.store.insert(table, {**row, "accountNumber": f"{order['number']}/{place}"})


def parts(portal: Portal, table: str, payment: Row) -> Iterator[Row]:
    """What is in a payment: its goods or its deliveries."""
    return (row for row in portal.store.rows(table) if row["payment"] == payment["ID"])


def payment_sum(portal: Portal, payment: Row) -> float:
    """What the goods and deliveries in a payment cost."""
    goods = portal.store.table("crm_product_rows")
    cost: float = sum(
        goods[part["row"]]["price"] * part["quantity"] for part in parts(portal, GOODS, payment) if part["row"] in goods
    )
    deliveries = portal.store.table(DELIVERIES)
    cost += sum(
        deliveries[part["delivery"]]["price"]
        for part in parts(portal, PAID_DELIVERIES, payment)
        if part["delivery"] in deliveries
    )
    return float(round(cost, 2))


def unclaimed(portal: Portal, row: Row, besides: str = "") -> float:
    """How much of a product row no payment holds yet; the part `besides` is not counted."""
    held = sum(
        part["quantity"] for part in portal.store.rows(GOODS) if part["row"] == str(row["id"]) and part["ID"] != besides
    )
    return float(row["quantity"] - held)


def goods_of(portal: Portal, payment: Row) -> list[Row]:
    """The product rows of the item that a payment is for."""
    kind = types.find(portal, payment["kind"])
    return product_sums.rows_of(portal, kind, payment["item"]) if kind else []


def drop(portal: Portal, payment: Row) -> None:
    """Deletes a payment with what is in it; the goods themselves stay."""
    for table in (GOODS, PAID_DELIVERIES):
        for part in list(parts(portal, table, payment)):
            del portal.store.table(table)[part["ID"]]
    del portal.store.table(PAYMENTS)[payment["ID"]]
    portal.store.touch()
