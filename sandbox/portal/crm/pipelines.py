"""Pipelines (categories) of deals, smart processes and invoices: table `crm_categories`."""

from __future__ import annotations

from sandbox.portal.crm import stages, types
from sandbox.portal.crm.types import EntityType
from sandbox.portal.portal import Portal
from sandbox.portal.store import Row

DEFAULT_NAME = "Общая"


def of_type(portal: Portal, kind: EntityType) -> list[Row]:
    """The pipelines of a kind in their order."""
    rows = [row for row in portal.store.rows("crm_categories") if row["entityTypeId"] == kind.id]
    return sorted(rows, key=lambda row: (row["sort"], row["id"]))


def find(portal: Portal, kind: EntityType, category_id: int) -> Row | None:
    """One pipeline."""
    return next((row for row in of_type(portal, kind) if row["id"] == category_id), None)


def default_id(portal: Portal, kind: EntityType) -> int:
    """The main pipeline; 0 where there are none."""
    return next((int(row["id"]) for row in of_type(portal, kind) if row["isDefault"] == "Y"), 0)


def add(portal: Portal, kind: EntityType, name: str, sort: int = 500, *, default: bool = False) -> Row:
    """A new pipeline with its first stages."""
    general = kind.id == types.DEAL and default
    number = 0 if general else int(portal.store.next_id("crm_categories"))
    row = {
        "id": number,
        "name": name,
        "sort": sort,
        "entityTypeId": kind.id,
        "isDefault": "Y" if default else "N",
    }
    if kind.id == types.DEAL and not general:
        row |= {"originId": "", "originatorId": ""}
    elif kind.dynamic:
        row |= {"isSystem": "N", "code": ""}
    portal.store.table("crm_categories")[str(number)] = row
    stages.add_pipeline(portal, kind, number)
    portal.store.touch()
    return row


def make_default(portal: Portal, kind: EntityType, row: Row) -> None:
    """Makes a pipeline the main one."""
    for other in of_type(portal, kind):
        other["isDefault"] = "N"
    row["isDefault"] = "Y"
    portal.store.touch()


def drop(portal: Portal, kind: EntityType, row: Row) -> None:
    """Removes a pipeline and its stages."""
    del portal.store.table("crm_categories")[str(row["id"])]
    stages.drop_pipeline(portal, kind, row["id"])
    portal.store.touch()
