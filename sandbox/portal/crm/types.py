"""Kinds of CRM objects: the system ones and the smart processes made on the portal."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sandbox.portal.crm import field_data
from sandbox.portal.errors import RestError
from sandbox.portal.portal import Portal
from sandbox.portal.store import Row

LEAD, DEAL, CONTACT, COMPANY, QUOTE, INVOICE = 1, 2, 3, 4, 7, 31


@dataclass(frozen=True, slots=True)
class EntityType:
    """One kind of object. `settings` are the switches of a smart process."""

    id: int
    name: str
    field_text: str
    user_field_entity: str
    has_stages: bool
    has_categories: bool
    dynamic: bool = False
    settings: dict[str, Any] = field(default_factory=dict, hash=False, compare=False)

    @property
    def table(self) -> str:
        """The table of its items."""
        return f"crm_{self.id}"


SYSTEM = {
    LEAD: EntityType(LEAD, "LEAD", field_data.LEAD, "CRM_LEAD", has_stages=True, has_categories=False),
    DEAL: EntityType(DEAL, "DEAL", field_data.DEAL, "CRM_DEAL", has_stages=True, has_categories=True),
    CONTACT: EntityType(CONTACT, "CONTACT", field_data.CONTACT, "CRM_CONTACT", has_stages=False, has_categories=False),
    COMPANY: EntityType(COMPANY, "COMPANY", field_data.COMPANY, "CRM_COMPANY", has_stages=False, has_categories=False),
    QUOTE: EntityType(QUOTE, "QUOTE", field_data.QUOTE, "CRM_QUOTE", has_stages=True, has_categories=False),
}
SWITCHES = (
    "isBeginCloseDatesEnabled",
    "isClientEnabled",
    "isLinkWithProductsEnabled",
    "isMycompanyEnabled",
    "isSourceEnabled",
    "isStagesEnabled",
    "isObserversEnabled",
)
ALL_ON = dict.fromkeys(SWITCHES, "Y")
SYSTEM[INVOICE] = EntityType(
    INVOICE, "SMART_INVOICE", field_data.INVOICE, "CRM_SMART_INVOICE", True, False, dynamic=True, settings=ALL_ON
)


def find(portal: Portal, entity_type_id: int) -> EntityType | None:
    """The kind with this number, if the portal has it."""
    if entity_type_id in SYSTEM:
        return SYSTEM[entity_type_id]
    cache: dict[int, EntityType] = portal.cache("crm_types")
    if entity_type_id not in cache:
        row = type_row(portal, entity_type_id)
        if row is None:
            return None
        cache[entity_type_id] = EntityType(
            id=entity_type_id,
            name=f"DYNAMIC_{entity_type_id}",
            field_text=field_data.DYNAMIC,
            user_field_entity=f"CRM_{row['id']}",
            has_stages=row["isStagesEnabled"] == "Y",
            has_categories=row["isCategoriesEnabled"] == "Y",
            dynamic=True,
            settings=row,
        )
    return cache[entity_type_id]


def type_row(portal: Portal, entity_type_id: int) -> Row | None:
    """The settings of a smart process."""
    for row in portal.store.rows("crm_types"):
        if row["entityTypeId"] == entity_type_id:
            return row
    return None


def require(portal: Portal, entity_type_id: int) -> EntityType:
    """The kind with this number. Raises NOT_FOUND."""
    if found := find(portal, entity_type_id):
        return found
    raise RestError("NOT_FOUND", "Smart process not found", 400)


def everything(portal: Portal) -> list[EntityType]:
    """All kinds of the portal."""
    numbers = [*SYSTEM, *(row["entityTypeId"] for row in portal.store.rows("crm_types"))]
    return [kind for number in numbers if (kind := find(portal, number))]


def by_name(portal: Portal, name: str) -> EntityType | None:
    """The kind called `deal`, `DYNAMIC_136`, `dynamic_136`…"""
    wanted = name.upper()
    return next((kind for kind in everything(portal) if kind.name == wanted), None)
