"""Payments and deliveries as their methods print them, and the lists of them."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Call
from sandbox.portal.listing import Kinds, filtered, ordered
from sandbox.portal.payments import records
from sandbox.portal.portal import Portal
from sandbox.portal.store import Row

KINDS: Kinds = dict.fromkeys(
    ("ID", "EMPPAIDID", "PAYSYSTEMID", "SUM", "DELIVERYID", "PRICEDELIVERY", "QUANTITY", "PAYMENTID", "ROWID"),
    "integer",
) | {"DATEPAID": "datetime", "DATEDEDUCTED": "datetime"}


def payment(portal: Portal, row: Row) -> dict[str, Any]:
    """The brief form of a payment."""
    system = portal.store.table(records.SYSTEMS)[row["system"]]
    return {
        "id": int(row["ID"]),
        "accountNumber": row["accountNumber"],
        "paid": "Y" if row["paid_at"] else "N",
        "datePaid": row["paid_at"],
        "empPaidId": int(row["paid_by"]) if row["paid_by"] else None,
        "paySystemId": int(row["system"]),
        "sum": whole(records.payment_sum(portal, row)),
        "currency": row["currency"],
        "paySystemName": system["NAME"],
    }


def delivery(portal: Portal, row: Row) -> dict[str, Any]:
    """The brief form of a delivery."""
    return {
        "id": int(row["ID"]),
        "accountNumber": row["accountNumber"],
        "deducted": "Y" if row["deducted_at"] else "N",
        "dateDeducted": row["deducted_at"],
        "deliveryId": int(row["service"]),
        "priceDelivery": whole(row["price"]),
        "currency": row["currency"],
        "deliveryName": portal.store.table(records.SERVICES)[row["service"]]["NAME"],
    }


def whole(number: float) -> float:
    """A number without a fraction of nothing."""
    return int(number) if float(number).is_integer() else number


def chosen(call: Call, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows by `filter` and `order`; these methods have no pages."""
    return ordered(filtered(rows, call.get("filter"), KINDS), call.get("order"), {"id": "ASC"}, KINDS)
