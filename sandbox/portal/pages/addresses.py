"""Addresses of pages, the same as on a real portal where applications are given them or link to them."""

from __future__ import annotations

from typing import Any

from sandbox.portal.crm import types
from sandbox.portal.crm.types import EntityType
from sandbox.portal.portal import Portal

NAMES = {types.LEAD: "lead", types.DEAL: "deal", types.CONTACT: "contact", types.COMPANY: "company"}
NUMBERS = {name: number for number, name in NAMES.items()}
TASKS = "/company/personal/user/{id}/tasks/"


def base(number: int) -> str:
    """Where pages of a kind of object begin."""
    return f"/crm/{NAMES[number]}/" if number in NAMES else f"/crm/type/{number}/"


def section(number: int) -> str:
    """The page that the menu leads to."""
    return base(number)


def kanban(number: int, category: int) -> str:
    """The kanban of a pipeline."""
    return f"{base(number)}kanban/category/{category}/"


def listing(number: int, category: int | None = None) -> str:
    """The list of a kind, of one pipeline or whole."""
    return f"{base(number)}list/" + (f"category/{category}/" if category is not None else "")


def details(number: int, item_id: Any) -> str:
    """The card of an item."""
    return f"{base(number)}details/{item_id}/"


def automation(number: int, category: int) -> str:
    """The automation of a pipeline."""
    return f"{base(number)}automation/{category}/"


def menu_item(placement: dict[str, Any]) -> str:
    """The page of an application's item in the left menu."""
    return f"/marketplace/view/{placement['app_id']}/{placement['ID']}/"


def application(app_id: Any) -> str:
    """The page of an application."""
    return f"/marketplace/app/{app_id}/"


def kind(portal: Portal, match: Any) -> EntityType | None:
    """The kind of object that an address names by `name` or `number`."""
    if "number" in match:
        return types.find(portal, int(match["number"]))
    number = NUMBERS.get(match["name"])
    return types.find(portal, number) if number else None
