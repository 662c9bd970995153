"""crm.item.* and the classic methods over the same items."""

from __future__ import annotations

import pytest

from tests.sandbox.portal.conftest import Running


def add(portal: Running, entity_type_id: int = 2, **fields: object) -> dict[str, object]:
    """A new item."""
    item: dict[str, object] = portal.call("crm.item.add", {"entityTypeId": entity_type_id, "fields": fields})["item"]
    return item


def test_classic_values_are_text(portal: Running) -> None:
    """crm.deal.get prints ids, amounts and flags as text, in the form of the documented sample."""
    sent = {"TITLE": "New Deal #1", "TYPE_ID": "COMPLEX", "STAGE_ID": "PREPARATION", "PROBABILITY": 99}
    sent |= {"CURRENCY_ID": "EUR", "OPPORTUNITY": 1000000, "IS_MANUAL_OPPORTUNITY": "Y", "BEGINDATE": "2024-08-30"}
    number = portal.call("crm.deal.add", {"fields": sent})
    deal = portal.call("crm.deal.get", {"id": number})
    assert isinstance(number, int)
    expected = {"ID": str(number), "PROBABILITY": "99", "OPPORTUNITY": "1000000.00", "TAX_VALUE": "0.00"}
    expected |= {"BEGINDATE": "2024-08-30T00:00:00+03:00", "CATEGORY_ID": "0", "STAGE_SEMANTIC_ID": "P", "CLOSED": "N"}
    assert {key: deal[key] for key in expected} == expected
    assert deal["LEAD_ID"] is None


def test_universal_values_are_typed(portal: Running) -> None:
    """crm.item.get prints numbers as numbers and disabled fields as null, and tells the kind of object."""
    item = add(portal, title="T", opportunity=999.99, observers=[2, 3], unknownField="ignored")
    read = portal.call("crm.item.get", {"entityTypeId": 2, "id": item["id"]})["item"]
    assert read["opportunity"] == 999.99
    assert read["observers"] == [2, 3]
    assert read["isWork"] is None
    assert read["entityTypeId"] == 2
    assert "unknownField" not in read


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"entityTypeId": 9999, "id": 1}, "NOT_FOUND"),
        ({"entityTypeId": 2, "id": 77}, "NOT_FOUND"),
    ],
)
def test_missing_items(portal: Running, params: dict[str, int], expected: str) -> None:
    """An unknown kind or item is NOT_FOUND."""
    assert portal.refused("crm.item.get", params) == (400, expected)


def test_values_are_refused(portal: Running) -> None:
    """Wrong values of known fields are refused with their documented codes."""
    for fields, code in (
        ({"closedate": "no date"}, "CRM_FIELD_ERROR_VALUE_NOT_VALID"),
        ({"stageId": "NO_SUCH"}, "CRM_FIELD_ERROR_VALUE_NOT_VALID"),
        ({"contactIds": "5"}, "100"),
    ):
        assert portal.refused("crm.item.add", {"entityTypeId": 2, "fields": fields}) == (400, code)


def test_stage_moves(portal: Running) -> None:
    """A move changes semantics, closing, history and the moment of the move."""
    item = add(portal, title="T")
    portal.control("clock", {"advance_seconds": 60})
    moved = portal.call("crm.item.update", {"entityTypeId": 2, "id": item["id"], "fields": {"stageId": "WON"}})["item"]
    assert (moved["stageSemanticId"], moved["closed"]) == ("S", "Y")
    assert moved["movedTime"] > item["movedTime"]
    history = portal.call("crm.stagehistory.list", {"entityTypeId": 2, "filter": {"OWNER_ID": item["id"]}})["items"]
    assert [(row["TYPE_ID"], row["STAGE_ID"]) for row in history] == [(1, "NEW"), (3, "WON")]


def test_pipelines(portal: Running) -> None:
    """A new pipeline has its own stages; a deal put there starts at the first one; crm.deal.update cannot move it."""
    made = portal.call("crm.category.add", {"entityTypeId": 2, "fields": {"name": "Orders"}})["category"]
    item = add(portal, title="T", categoryId=made["id"])
    assert item["stageId"] == f"C{made['id']}:NEW"
    portal.call("crm.deal.update", {"id": item["id"], "fields": {"CATEGORY_ID": 0}})
    assert portal.call("crm.deal.get", {"id": item["id"]})["CATEGORY_ID"] == str(made["id"])
    moved = portal.call("crm.item.update", {"entityTypeId": 2, "id": item["id"], "fields": {"categoryId": 0}})["item"]
    assert (moved["categoryId"], moved["stageId"]) == (0, "NEW")
    names = portal.call("crm.category.list", {"entityTypeId": 2})["categories"]
    assert names[0] == {"id": 0, "name": "Общая", "sort": 300, "entityTypeId": 2, "isDefault": "Y"}


@pytest.mark.parametrize(("reading", "main"), [("main", True), ("keep", False)])
def test_smart_process_update_without_category(portal: Running, reading: str, main: bool) -> None:
    """Without categoryId an update moves a smart process item to the main pipeline, or not, as the reading says."""
    portal.control("readings", {"spa_update_without_category": reading})
    settings = {"title": "Audit", "isCategoriesEnabled": "Y", "isStagesEnabled": "Y"}
    number = portal.call("crm.type.add", {"fields": settings})["type"]["entityTypeId"]
    second = portal.call("crm.category.add", {"entityTypeId": number, "fields": {"name": "B"}})["category"]["id"]
    item = add(portal, number, title="A", categoryId=second)
    assert item["stageId"] == f"DT{number}_{second}:NEW"
    sent = {"entityTypeId": number, "id": item["id"], "fields": {"title": "B"}}
    changed = portal.call("crm.item.update", sent)["item"]
    assert (changed["categoryId"] != second) is main


def test_multifields(portal: Running) -> None:
    """Phones are added, changed and removed by id in both families; `fm` is listed with `*` only."""
    contact = portal.call(
        "crm.contact.add", {"fields": {"NAME": "I", "PHONE": [{"VALUE": "+1", "VALUE_TYPE": "WORK"}]}}
    )
    (phone,) = portal.call("crm.contact.get", {"id": contact})["PHONE"]
    changes = [{"ID": phone["ID"], "VALUE": "+2"}, {"VALUE": "+3", "VALUE_TYPE": "MOBILE"}]
    portal.call("crm.contact.update", {"id": contact, "fields": {"PHONE": changes}})
    fm = {"n0": {"typeId": "EMAIL", "valueType": "WORK", "value": "a@b.example"}}
    item = portal.call("crm.item.update", {"entityTypeId": 3, "id": contact, "fields": {"fm": fm}})["item"]
    assert sorted(entry["value"] for entry in item["fm"]) == ["+2", "+3", "a@b.example"]
    assert (item["phoneMobile"], item["email"], item["hasPhone"]) == ("+3", "a@b.example", "Y")
    portal.call("crm.contact.update", {"id": contact, "fields": {"PHONE": [{"ID": phone["ID"], "DELETE": "Y"}]}})
    whole = portal.call("crm.item.list", {"entityTypeId": 3, "select": ["*"]})["items"][0]
    assert sorted(entry["value"] for entry in whole["fm"]) == ["+3", "a@b.example"]
    assert "fm" not in portal.call("crm.item.list", {"entityTypeId": 3, "select": ["id", "fm"]})["items"][0]
    assert portal.call("crm.duplicate.findbycomm", {"type": "PHONE", "values": ["3"]}) == {"CONTACT": [contact]}


def test_links(portal: Running) -> None:
    """The documented example of three contacts with their order and the main one."""
    deal = portal.call("crm.deal.add", {"fields": {}})
    rows = [{"CONTACT_ID": 55, "SORT": 100, "IS_PRIMARY": "Y"}, {"CONTACT_ID": 54, "SORT": 200}]
    portal.call("crm.deal.contact.items.set", {"id": deal, "items": [*rows, {"CONTACT_ID": 56, "SORT": 400}]})
    read = portal.call("crm.deal.contact.items.get", {"id": deal})
    assert read[0] == {"CONTACT_ID": 55, "SORT": 100, "ROLE_ID": 0, "IS_PRIMARY": "Y"}
    assert [row["CONTACT_ID"] for row in read] == [55, 54, 56]
    assert portal.call("crm.deal.contact.add", {"id": deal, "fields": {"CONTACT_ID": 54}}) is False
    assert portal.call("crm.deal.contact.delete", {"id": deal, "fields": {"CONTACT_ID": 55}}) is True
    assert portal.call("crm.deal.get", {"id": deal})["CONTACT_ID"] == "54"


def test_companies_and_contacts_mirror(portal: Running) -> None:
    """A contact's company knows the contact."""
    company = portal.call("crm.company.add", {"fields": {"TITLE": "ABC"}})
    contact = portal.call("crm.contact.add", {"fields": {"NAME": "I", "COMPANY_ID": company}})
    assert portal.call("crm.company.contact.items.get", {"id": company})[0]["CONTACT_ID"] == contact
    portal.call("crm.contact.update", {"id": contact, "fields": {"COMPANY_ID": 0}})
    assert portal.call("crm.company.contact.items.get", {"id": company}) == []


def test_product_rows_settle_the_amount(portal: Running) -> None:
    """Rows set the amount of an item unless it is kept by hand; discounts and taxes are reckoned as documented."""
    item = add(portal, title="T")
    sent = {"productName": "iphone 14", "price": 80000, "quantity": 2, "discountTypeId": 2, "discountRate": 20}
    sent |= {"taxRate": 20, "taxIncluded": "Y"}
    owner = {"ownerType": "D", "ownerId": item["id"]}
    row = portal.call("crm.item.productrow.add", {"fields": {**owner, **sent}})["productRow"]
    expected = {"priceExclusive": 66666.67, "priceNetto": 83333.34, "priceBrutto": 100000.01, "discountSum": 16666.67}
    assert {key: row[key] for key in expected} == expected
    assert portal.call("crm.deal.get", {"id": item["id"]})["OPPORTUNITY"] == "160000.00"
    refused = portal.refused("crm.item.productrow.set", {"ownerType": "D", "ownerId": 99, "productRows": []})
    assert refused == (400, "OWNER_NOT_FOUND")


def test_rights(portal: Running) -> None:
    """A user sees his own items, another none, as their rights say."""
    mine = portal.call("crm.deal.add", {"fields": {"TITLE": "mine", "ASSIGNED_BY_ID": 3}})
    other = portal.call("crm.deal.add", {"fields": {"TITLE": "other"}})
    listed = portal.call("crm.item.list", {"entityTypeId": 2, "select": ["id"]}, "3/own")["items"]
    assert listed == [{"id": mine}]
    assert portal.refused("crm.item.get", {"entityTypeId": 2, "id": other}, "3/own") == (400, "ACCESS_DENIED")
    assert portal.refused("crm.deal.list", {}, "4/none") == (400, "")
    assert portal.refused("crm.status.add", {"fields": {}}, "2/manager") == (400, "")
