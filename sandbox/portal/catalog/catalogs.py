"""`catalog.catalog.*`: the trade catalogue of the portal and the one of its variations."""

from __future__ import annotations

from typing import Any

from sandbox.portal.call import Answer, Call
from sandbox.portal.errors import RestError
from sandbox.portal.hooks import listen
from sandbox.portal.listing import filtered, ordered, selected
from sandbox.portal.portal import Portal
from sandbox.portal.registry import method
from sandbox.portal.store import Row

CATALOG, OFFERS = 23, 24
PARENT_PROPERTY = 97
TABLE = "catalogs"
TYPES = {
    "iblockId": "integer",
    "iblockTypeId": "integer",
    "id": "integer",
    "lid": "string",
    "name": "string",
    "productIblockId": "integer",
    "skuPropertyId": "integer",
    "subscription": "char",
    "vatId": "integer",
}
READ_ONLY = frozenset({"iblockTypeId", "id", "lid", "name"})
KINDS = {name.upper(): kind for name, kind in TYPES.items() if kind == "integer"}


@listen("seed")
def seed(portal: Portal) -> None:
    """The catalogue of goods and that of their variations."""
    portal.store.table(TABLE).update(
        {
            str(CATALOG): _catalogue(CATALOG, "Товарный каталог CRM", None, None),
            str(OFFERS): _catalogue(OFFERS, "Товарный каталог CRM (предложения)", CATALOG, PARENT_PROPERTY),
        }
    )


def _catalogue(number: int, name: str, parent: int | None, link: int | None) -> Row:
    return {
        "id": number,
        "iblockId": number,
        "iblockTypeId": 0,
        "lid": "s1",
        "name": name,
        "productIblockId": parent,
        "skuPropertyId": link,
        "subscription": "N",
        "vatId": None,
    }


@method("catalog.catalog.list")
def catalog_list(call: Call) -> Answer:
    """The catalogues."""
    rows = filtered(call.portal.store.rows(TABLE), call.get("filter"), KINDS)
    rows = ordered(rows, call.get("order"), {"id": "ASC"}, KINDS)
    return call.page([selected(row, call.get("select")) for row in rows], result_key="catalogs")


@method("catalog.catalog.get")
def catalog_get(call: Call) -> dict[str, Any]:
    """One catalogue."""
    row = call.portal.store.table(TABLE).get(str(call.integer("id")))
    if row is None:
        raise RestError("0", "catalog does not exist.", 400)
    return {"catalog": row}


@method("catalog.catalog.isOffers")
def catalog_is_offers(call: Call) -> bool:
    """Whether a catalogue holds variations."""
    return bool(catalog_get(call)["catalog"]["productIblockId"])


@method("catalog.catalog.getFields")
def catalog_fields(_call: Call) -> dict[str, Any]:
    """Descriptions of the fields of a catalogue."""
    described = {
        name: {
            "isImmutable": name == "iblockId",
            "isReadOnly": name in READ_ONLY,
            "isRequired": name == "iblockId",
            "type": kind,
        }
        for name, kind in TYPES.items()
    }
    return {"catalog": described}
