"""Products, their parents, variations and services: one catalogue of goods and one of variations."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.portal.conftest import Running

# Family; the names that added, single and listed products stand under; catalogue and type of a new one.
FAMILIES = [
    ("catalog.product", ("element", "product", "products"), (23, 1)),
    ("catalog.product.sku", ("sku", "sku", "units"), (23, 3)),
    ("catalog.product.service", ("service", "service", "services"), (23, 7)),
    ("catalog.product.offer", ("offer", "offer", "offers"), (24, 5)),
]


@pytest.mark.parametrize(("family", "names", "place"), FAMILIES)
def test_every_kind_lives_through_its_own_methods(
    portal: Running, family: str, names: tuple[str, str, str], place: tuple[int, int]
) -> None:
    """A product is added, changed, listed and deleted by the methods of its kind, and unknown to those of others."""
    (added, single, many), (catalogue, kind) = names, place
    fields = {"iblockId": catalogue, "name": "Cloth", "nonsense": 1, "dateActiveFrom": "2024-05-28T10:00:00"}
    made = portal.call(f"{family}.add", {"fields": fields})[added]
    assert (made["type"], made["active"], made["xmlId"]) == (kind, "Y", str(made["id"]))
    assert made["dateActiveFrom"] == "2024-05-28T10:00:00+03:00"
    assert "nonsense" not in made
    assert portal.call(f"{family}.update", {"id": made["id"], "fields": {"name": "Linen"}})[added]["name"] == "Linen"
    wanted = {"select": ["id", "iblockId", "name"], "filter": {"iblockId": catalogue, "%name": "lin"}}
    assert portal.call(f"{family}.list", wanted)[many] == [{"id": made["id"], "iblockId": catalogue, "name": "Linen"}]
    described = portal.call(f"{family}.getFieldsByFilter", {"filter": {"iblockId": catalogue}})[single]
    assert set(portal.call(f"{family}.get", {"id": made["id"]})[single]) <= set(described)
    for other, *_rest in FAMILIES:
        if other != family:
            assert portal.refused(f"{other}.get", {"id": made["id"]}) == (400, "0")
    assert portal.call(f"{family}.delete", {"id": made["id"]}) is True
    assert portal.refused(f"{family}.get", {"id": made["id"]}) == (400, "0")


MISTAKES: list[tuple[str, dict[str, Any], str]] = [
    ("catalog.product.add", {}, "100"),
    ("catalog.product.add", {"fields": {"iblockId": 23}}, "0"),
    ("catalog.product.add", {"fields": {"iblockId": 99, "name": "x"}}, "200040300000"),
    ("catalog.product.offer.add", {"fields": {"iblockId": 24, "name": "x", "parentId": 77}}, "0"),
    ("catalog.product.list", {"select": ["id"]}, "0"),
    ("catalog.product.list", {"select": ["id", "iblockId"], "filter": {"name": "x"}}, "0"),
    ("catalog.product.download", {"fields": {"productId": 1, "fieldName": "detailPicture"}}, "0"),
]


@pytest.mark.parametrize(("method", "params", "code"), MISTAKES)
def test_mistakes_have_their_codes(portal: Running, method: str, params: dict[str, Any], code: str) -> None:
    """What a call lacks is refused with the code of its page."""
    assert portal.refused(method, params) == (400, code)


def test_codes_are_numbers_where_pages_print_numbers(portal: Running) -> None:
    """The trade catalogue answers its codes as numbers, alone and in a batch; CRM answers texts."""
    assert portal.send("catalog.product.get", {"id": 5}).json()["error"] == 0
    batch = portal.call("batch", {"cmd": {"a": "catalog.product.get?id=5", "b": "crm.deal.get?id=5000"}})
    assert (batch["result_error"]["a"]["error"], batch["result_error"]["b"]["error"]) == (0, "")


def test_the_catalogue_belongs_to_administrators(portal: Running) -> None:
    """Others are refused with the code of the trade catalogue."""
    assert portal.refused("catalog.product.sku.list", {}, "2/manager") == (400, "200040300010")


def test_a_variation_belongs_to_its_parent(portal: Running) -> None:
    """A parent knows whether it has variations; a variation shows its parent and goes with it."""
    parent = portal.call("catalog.product.sku.add", {"fields": {"iblockId": 23, "name": "Towel"}})["sku"]
    assert portal.call("catalog.product.sku.get", {"id": parent["id"]})["sku"]["type"] == 6
    fields = {"iblockId": 24, "name": "Towel, red", "parentId": parent["id"]}
    offer = portal.call("catalog.product.offer.add", {"fields": fields})["offer"]
    assert (offer["type"], offer["parentId"]["value"]) == (4, str(parent["id"]))
    assert portal.call("catalog.product.sku.get", {"id": parent["id"]})["sku"]["type"] == 3
    wanted = {"select": ["id", "iblockId"], "filter": {"iblockId": 24, "parentId": parent["id"]}}
    assert len(portal.call("catalog.product.offer.list", wanted)["offers"]) == 1
    portal.call("catalog.product.sku.delete", {"id": parent["id"]})
    assert portal.refused("catalog.product.offer.get", {"id": offer["id"]}) == (400, "0")


def test_products_keep_pictures_and_properties(portal: Running) -> None:
    """A picture is downloaded by its method, a property has value ids, the purchasing price six decimals."""
    fields = {"iblockId": 23, "name": "Yarn", "purchasingPrice": 1000, "property7": ["a", "b"], "sort": 5}
    fields |= {"previewPicture": {"fileData": ["p.gif", "R0lGODlh"]}}
    made = portal.call("catalog.product.add", {"fields": fields})["element"]
    assert made["purchasingPrice"] == "1000.000000"
    assert [entry["value"] for entry in made["property7"]] == ["a", "b"]
    address = made["previewPicture"]["url"].replace("/rest/", f"{portal.url}/rest/1/admin/", 1)
    assert portal.session.get(address, timeout=10).content == b"GIF89a"[:6]
    wanted = {"select": ["id", "iblockId", "purchasingPrice"], "filter": {"iblockId": 23, "property7": {"value": "b"}}}
    (found,) = portal.call("catalog.product.list", wanted)["products"]
    assert found["purchasingPrice"] == 1000
    described = portal.call("catalog.product.getFieldsByFilter", {"filter": {"iblockId": 23}})["product"]
    assert described["property7"]["type"] == "productproperty"


def test_variations_have_a_catalogue_of_their_own(portal: Running) -> None:
    """The catalogue of variations names that of the goods."""
    assert portal.call("catalog.catalog.isOffers", {"id": 24}) is True
    assert portal.call("catalog.catalog.isOffers", {"id": 23}) is False
    assert portal.call("catalog.catalog.get", {"id": 24})["catalog"]["productIblockId"] == 23
