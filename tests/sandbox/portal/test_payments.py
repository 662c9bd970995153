"""Payments of deals: what is in them, what is left to pay, deliveries, refusals."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.portal.conftest import Running


@pytest.fixture
def deal(portal: Running) -> int:
    """A deal with three towels at 10."""
    number = portal.call("crm.deal.add", {"fields": {"TITLE": "Towels"}})
    rows = [{"PRODUCT_NAME": "Towel", "PRICE": 10, "QUANTITY": 3}]
    portal.call("crm.deal.productrows.set", {"id": number, "rows": rows})
    return int(number)


def test_a_payment_is_made_filled_and_paid(portal: Running, deal: int) -> None:
    """A payment costs what is put into it, cannot hold more than the deal has, and is paid by the caller."""
    owner = {"entityTypeId": 2, "entityId": deal}
    number = portal.call("crm.item.payment.add", owner)
    (row,) = portal.call("crm.item.productrow.getAvailableForPayment", {"ownerType": "D", "ownerId": deal})[
        "productRows"
    ]
    part = {"paymentId": number, "rowId": row["id"]}
    assert portal.refused("crm.item.payment.product.add", {**part, "quantity": 4}) == (400, "0")
    assert portal.refused("crm.item.payment.product.add", {**part, "quantity": 0}) == (400, "0")
    made = portal.call("crm.item.payment.product.add", {**part, "quantity": 1})
    assert portal.call("crm.item.payment.product.setQuantity", {"id": made, "quantity": 2}) is True
    (left,) = portal.call("crm.item.productrow.getAvailableForPayment", {"ownerType": "D", "ownerId": deal})[
        "productRows"
    ]
    assert left["quantity"] == 1
    assert portal.call("crm.item.payment.pay", {"id": number}) is True
    (paid,) = portal.call("crm.item.payment.list", {**owner, "filter": {"@id": [number]}})
    assert (paid["sum"], paid["paid"], paid["empPaidId"]) == (20, "Y", 1)
    listed = portal.call("crm.item.payment.product.list", {"paymentId": number, "filter": {">=quantity": 2}})
    assert listed == [{"id": made, "paymentId": number, "quantity": 2, "rowId": row["id"]}]
    assert portal.call("crm.item.payment.product.delete", {"id": made}) is True
    assert portal.call("crm.item.payment.update", {"id": number, "fields": {"paid": "N", "paySystemId": 2}}) is True
    found = portal.call("crm.item.payment.get", {"id": number})
    assert (found["sum"], found["paid"], found["datePaid"], found["paySystemId"]) == (0, "N", None, 2)
    assert portal.call("crm.item.payment.delete", {"id": number}) is True
    assert portal.refused("crm.item.payment.get", {"id": number}) == (400, "0")


def test_a_delivery_is_paid_for(portal: Running, deal: int) -> None:
    """A delivery of the deal is listed, put into a payment, exchanged for another and taken out."""
    owner = {"entityTypeId": 2, "entityId": deal}
    first, second = (portal.control("item-deliveries", {**owner, "price": price})["id"] for price in (80, 90))
    assert [row["priceDelivery"] for row in portal.call("crm.item.delivery.list", owner)] == [80, 90]
    number = portal.call("crm.item.payment.add", owner)
    part = portal.call("crm.item.payment.delivery.add", {"paymentId": number, "deliveryId": first})
    assert portal.call("crm.item.payment.delivery.setDelivery", {"id": part, "deliveryId": second}) is True
    listed = portal.call("crm.item.payment.delivery.list", {"paymentId": number, "filter": {"id": part}})
    assert listed == [{"id": part, "paymentId": number, "quantity": 1, "deliveryId": second}]
    assert portal.call("crm.item.payment.get", {"id": number})["sum"] == 90
    assert portal.call("crm.item.delivery.get", {"id": second})["deducted"] == "N"
    assert portal.call("crm.item.payment.delivery.delete", {"id": part}) is True


MISTAKES: list[tuple[str, dict[str, Any]]] = [
    ("crm.item.payment.add", {"entityTypeId": 2, "entityId": 13123000}),
    ("crm.item.payment.add", {"entityTypeId": 999999, "entityId": 1}),
    ("crm.item.payment.pay", {"id": 77}),
    ("crm.item.delivery.get", {"id": 77}),
    ("crm.item.payment.product.list", {"paymentId": 77, "filter": {}}),
]


@pytest.mark.parametrize(("method", "params"), MISTAKES)
def test_what_does_not_exist_cannot_be_paid(portal: Running, method: str, params: dict[str, Any]) -> None:
    """Unknown owners, payments and deliveries are refused with the number 0."""
    answer = portal.send(method, params)
    assert (answer.status_code, answer.json()["error"]) == (400, 0)


def test_payments_belong_to_deals_and_invoices(portal: Running, deal: int) -> None:
    """A lead can have no payments, lists none, and nobody pays for what he may not see."""
    lead = {"entityTypeId": 1, "entityId": portal.call("crm.lead.add", {"fields": {"TITLE": "x"}})}
    assert portal.refused("crm.item.payment.add", lead) == (400, "0")
    assert portal.call("crm.item.payment.list", lead) == []
    assert portal.refused("crm.item.payment.add", {"entityTypeId": 2, "entityId": deal}, "4/none") == (400, "0")
