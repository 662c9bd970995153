"""The left menu and the bell: the portal's own sections and the items that applications put there."""

from __future__ import annotations

from typing import Any

from sandbox.portal.crm import types
from sandbox.portal.im import notifications
from sandbox.portal.pages import addresses
from sandbox.portal.pages.visit import Visit

Item = dict[str, Any]
CRM = ((types.LEAD, "Leads"), (types.DEAL, "Deals"), (types.CONTACT, "Contacts"), (types.COMPANY, "Companies"))

ASSIGNMENTS = {"title": "Assignments", "path": "/bizproc/userprocesses/"}
ANALYTICS = {"title": "CRM analytics", "path": "/report/analytics/"}


def items(visitor: Visit) -> list[Item]:
    """Groups of links; each link knows whether its page is the present one."""
    path = visitor.request.path
    crm = [{"title": title, "path": addresses.section(number)} for number, title in CRM]
    smart = [
        {"title": row["title"], "path": addresses.section(row["entityTypeId"]), "own": True}
        for row in visitor.portal.store.rows("crm_types")
    ]
    groups: list[Item] = [
        {"title": "CRM", "items": [*crm, *smart, ANALYTICS] if visitor.sees_crm else []},
        {"title": "Messages", "items": [{"title": "Open lines", "path": "/online/"}, ASSIGNMENTS, _tasks(visitor)]},
        {"title": "Applications", "items": [*_application_items(visitor)]},
        {"title": "Settings", "items": _settings(visitor)},
    ]
    for group in groups:
        group["items"] = [{**item, "current": _covers(item, path)} for item in group["items"]]
    return [group for group in groups if group["items"]]


def _tasks(visitor: Visit) -> Item:
    return {"title": "Tasks", "path": addresses.TASKS.format(id=visitor.user_id), "inside": "/tasks/"}


def _settings(visitor: Visit) -> list[Item]:
    for_all = [{"title": "Contact center", "path": "/contact_center/"}, {"title": "All applications", "path": "/apps/"}]
    if not visitor.admin:
        return [*for_all, {"title": "Employees", "path": "/company/"}]
    automation = {"title": "Automation", "path": addresses.automation(types.DEAL, 0), "inside": "/automation/"}
    mine = [automation, {"title": "Employees", "path": "/company/"}, {"title": "Control panel", "path": "/panel/"}]
    return [*for_all, *mine]


def _covers(item: Item, path: str) -> bool:
    if inside := item.get("inside"):
        return inside in path
    if "/automation/" in path or "/tasks/" in path:
        return False
    return path == item["path"] or (len(item["path"]) > 1 and path.startswith(item["path"]))


def _application_items(visitor: Visit) -> list[Item]:
    found = []
    for row in visitor.portal.store.rows("placements"):
        app = visitor.portal.apps.get(row["app_id"])
        if row["placement"] == "LEFT_MENU" and app and app["installed"]:
            title = placement_title(row, visitor.language) or app["title"]
            found.append({"title": title, "path": addresses.menu_item(row), "own": True})
    return found


def placement_title(row: Item, language: str) -> str:
    """The title of a placement in a language."""
    texts = row.get("lang") or {}
    chosen = texts.get(language) or texts.get(language.upper()) or {}
    named = chosen.get("TITLE") if isinstance(chosen, dict) else None
    return str(named or row.get("title") or "")


def bell(visitor: Visit) -> int:
    """How many notifications the person has not read."""
    return sum(1 for row in notifications.of_user(visitor.portal, visitor.user_id) if not row["read"])
