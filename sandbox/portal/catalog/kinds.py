"""The four kinds of products and how their method families differ: simple products, parents, variations, services.

All live in one table, told apart by `type`. Used by the methods; it must not know a call.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sandbox.portal.catalog import catalogs, product_fields
from sandbox.portal.portal import Portal
from sandbox.portal.store import Row

TABLE = "products"
SIMPLE, SET, PARENT, OFFER, FREE_OFFER, LONE_PARENT, SERVICE = range(1, 8)
TRACE = frozenset({"negativeAmountTrace", "quantityReserved", "quantityTrace"})
GOODS = TRACE | {"canBuyZero", "height", "length", "measure", "purchasingCurrency", "purchasingPrice", "quantity"}
GOODS |= {"subscribe", "weight", "width"}
SOLD_CONTENT = frozenset({"barcodeMulti", "recurSchemeLength", "recurSchemeType", "trialPriceId", "withoutOrder"})


@dataclass(frozen=True, slots=True)
class Kind:
    """One family of methods. `added` wraps what add and update answer, `single` what get answers, `many` lists."""

    family: str
    single: str
    many: str
    added: str
    types: frozenset[int]
    catalogue: int
    absent: frozenset[str]

    def fields(self, *, described: bool = False) -> list[str]:
        """The names of its fields, as methods print them or as getFieldsByFilter describes them."""
        listed = set(product_fields.FIELDS) - self.absent
        if described:
            listed -= SOLD_CONTENT
        else:
            listed -= {"negativeAmountTrace", "priceType"}
        return sorted(listed)


PRODUCTS = Kind(
    "catalog.product",
    "product",
    "products",
    "element",
    frozenset({SIMPLE, SET}),
    catalogs.CATALOG,
    frozenset({"parentId"}),
)
PARENTS = Kind(
    "catalog.product.sku",
    "sku",
    "units",
    "sku",
    frozenset({PARENT, LONE_PARENT}),
    catalogs.CATALOG,
    TRACE | SOLD_CONTENT | {"parentId"},
)
OFFERS = Kind(
    "catalog.product.offer",
    "offer",
    "offers",
    "offer",
    frozenset({OFFER, FREE_OFFER}),
    catalogs.OFFERS,
    frozenset(),
)
SERVICES = Kind(
    "catalog.product.service",
    "service",
    "services",
    "service",
    frozenset({SERVICE}),
    catalogs.CATALOG,
    GOODS | SOLD_CONTENT | {"parentId"},
)
KINDS = (PRODUCTS, PARENTS, OFFERS, SERVICES)


def first_type(kind: Kind, fields: Row) -> int:
    """The type that a new product of a kind gets; a variation without a parent is a free one."""
    if kind is OFFERS:
        return OFFER if fields.get("parentId") else FREE_OFFER
    return {PRODUCTS: SIMPLE, PARENTS: PARENT, SERVICES: SERVICE}[kind]


def of_kind(portal: Portal, kind: Kind) -> Iterator[Row]:
    """The products that the methods of a kind list."""
    return (row for row in portal.store.rows(TABLE) if row["type"] in kind.types)


def settle_parent(portal: Portal, parent_id: str) -> None:
    """A parent without variations is of a type of its own."""
    parent = portal.store.table(TABLE).get(parent_id)
    if parent is None or parent["type"] not in PARENTS.types:
        return
    held = any(parent_of(row) == parent_id for row in of_kind(portal, OFFERS))
    parent["type"] = PARENT if held else LONE_PARENT


def parent_of(row: Row) -> str:
    """The id of a variation's parent; empty for everything else."""
    return str((row.get("parentId") or {}).get("value") or "")
