"""Product rows of items (table `crm_product_rows`) and the amount that follows from them."""

from __future__ import annotations

from sandbox.portal.crm import types
from sandbox.portal.crm.types import EntityType
from sandbox.portal.portal import Portal
from sandbox.portal.store import Row

_LETTERS = {
    types.LEAD: "L",
    types.DEAL: "D",
    types.CONTACT: "C",
    types.COMPANY: "CO",
    types.QUOTE: "Q",
    types.INVOICE: "SI",
}


def owner_code(kind: EntityType) -> str:
    """The short code of a kind of object: D, L, T8a…"""
    return _LETTERS.get(kind.id) or f"T{kind.id:x}"


def rows_of(portal: Portal, kind: EntityType, item_id: int) -> list[Row]:
    """The product rows of an item in their order."""
    code = owner_code(kind)
    cache: dict[tuple[str, int], list[Row]] = portal.cache("crm_product_rows")
    if not cache:
        for row in portal.store.rows("crm_product_rows"):
            cache.setdefault((row["ownerType"], row["ownerId"]), []).append(row)
        cache.setdefault(("", 0), [])
    return sorted(cache.get((code, item_id), ()), key=lambda row: (row["sort"], row["id"]))


def forget(portal: Portal) -> None:
    """Drops what is kept, after a change of rows."""
    portal.cache("crm_product_rows").clear()


def apply(portal: Portal, kind: EntityType, item: Row) -> None:
    """Sets the item's amount from its rows unless the amount is kept by hand."""
    if "opportunity" not in item or item.get("isManualOpportunity") == "Y":
        return
    rows = rows_of(portal, kind, item["id"])
    if rows:
        item["opportunity"] = round(sum(row["price"] * row["quantity"] for row in rows), 2)


def drop(portal: Portal, kind: EntityType, item_id: int) -> None:
    """Removes the rows of an item."""
    table = portal.store.table("crm_product_rows")
    for row in rows_of(portal, kind, item_id):
        del table[str(row["id"])]
    forget(portal)
