"""Kanban of a pipeline, and what kanban, list and automation share: pipelines and stages of a kind of object."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from sandbox.portal.crm import pipelines, stages, types
from sandbox.portal.crm.types import EntityType
from sandbox.portal.pages import addresses, field_view, widgets
from sandbox.portal.pages.rendering import missing, page, problem, show
from sandbox.portal.pages.visit import Refused, Visit

TITLES = {types.LEAD: "Leads", types.DEAL: "Deals", types.CONTACT: "Contacts", types.COMPANY: "Companies"}
SHOWN = ["id", "title", "stageId", "opportunity", "currencyId", "companyId", "companyTitle", "name", "lastName"]
HEADS = {"kanban": "LIST_TOOLBAR", "list": "LIST_TOOLBAR", "automation": "ROBOT_DESIGNER_TOOLBAR"}
MORE = [*SHOWN, "contactId", "assignedById", "createdTime", "updatedTime", "categoryId"]


def title_of(visitor: Visit, kind: EntityType) -> str:
    """The name of a kind of object, not yet translated."""
    return TITLES.get(kind.id) or str(kind.settings.get("title") or kind.name)


def categories(visitor: Visit, kind: EntityType) -> list[dict[str, Any]]:
    """Pipelines of a kind with their addresses; kinds without any have one without a name."""
    rows = pipelines.of_type(visitor.portal, kind) if kind.has_stages else []
    known = [{"id": int(row["id"]), "name": row["name"]} for row in rows] or [{"id": 0, "name": ""}]
    for row in known:
        row["kanban"] = addresses.kanban(kind.id, int(str(row["id"])))
        row["automation"] = addresses.automation(kind.id, int(str(row["id"])))
        row["listing"] = addresses.listing(kind.id, int(str(row["id"])) if rows else None)
    return known


def stage_rows(visitor: Visit, kind: EntityType, category: int) -> list[dict[str, Any]]:
    """Stages of a pipeline: id, name, color, semantics."""
    return [
        {
            "id": row["STATUS_ID"],
            "name": row["NAME"],
            "color": row.get("COLOR") or "#bdc7d1",
            "semantics": row.get("SEMANTICS") or "P",
        }
        for row in stages.of_pipeline(visitor.portal, kind, category)
    ]


def common(visitor: Visit, kind: EntityType, category: int, view: str) -> dict[str, Any]:
    """What the heads of kanban, list and automation need."""
    known = categories(visitor, kind)
    return {
        "kind": kind,
        "title": title_of(visitor, kind),
        "categories": known,
        "category": next((row for row in known if row["id"] == category), known[0]),
        "view": view,
        "head_widgets": widgets.at(visitor, f"CRM_{kind.name}_{HEADS[view]}"),
        "base": addresses.base(kind.id),
    }


async def kanban(visitor: Visit) -> web.StreamResponse:
    """The kanban of one pipeline; each column holds the newest 50."""
    kind = addresses.kind(visitor.portal, visitor.request.match_info)
    category = int(visitor.request.match_info["category"])
    if kind is None or not kind.has_stages or category not in {row["id"] for row in categories(visitor, kind)}:
        return missing(visitor)
    columns = []
    for stage in stage_rows(visitor, kind, category):
        columns.append({**stage, **await _column(visitor, kind, category, stage["id"])})
    return show(visitor, "kanban.html", columns=columns, **common(visitor, kind, category, "kanban"))


async def _column(visitor: Visit, kind: EntityType, category: int, stage_id: str) -> dict[str, Any]:
    wanted = {"=stageId": stage_id, **({"=categoryId": category} if kind.has_categories else {})}
    params = {"entityTypeId": kind.id, "filter": wanted, "order": {"id": "DESC"}, "select": MORE}
    answer = await visitor.answer("crm.item.list", params)
    cards = [card(visitor, kind, item) for item in answer["result"]["items"]]
    sums: dict[str, float] = {}
    for item in cards:
        if item["sum"]:
            sums[item["currency"]] = sums.get(item["currency"], 0) + item["sum"]
    return {
        "cards": cards,
        "total": answer.get("total", len(cards)),
        "sums": [field_view.money(value, name) for name, value in sums.items()],
    }


def card(visitor: Visit, kind: EntityType, item: dict[str, Any]) -> dict[str, Any]:
    """An item as the kanban and lists show it."""
    return {
        "id": item["id"],
        "title": item_title(item, kind),
        "path": addresses.details(kind.id, item["id"]),
        "sum": float(item.get("opportunity") or 0),
        "currency": item.get("currencyId") or "",
        "money": field_view.money(item.get("opportunity"), item.get("currencyId") or ""),
        "stage": item.get("stageId"),
        "client": field_view.client(visitor, item),
        "responsible": field_view.person(visitor, item.get("assignedById")),
        "created": item.get("createdTime"),
        "updated": item.get("updatedTime"),
    }


def item_title(item: dict[str, Any], kind: EntityType) -> str:
    """How an item is called: its title, else the name of the person."""
    name = f"{item.get('name') or ''} {item.get('lastName') or ''}".strip()
    return str(item.get("title") or name or f"{kind.name} #{item['id']}")


async def listing(visitor: Visit) -> web.StreamResponse:
    """The list of a kind, 50 to a page, found by a part of the title."""
    match, query = visitor.request.match_info, visitor.request.query
    kind = addresses.kind(visitor.portal, match)
    if kind is None:
        return missing(visitor)
    category = int(match.get("category") or 0)
    start = int(query.get("start", "0")) if query.get("start", "0").isdigit() else 0
    wanted: dict[str, Any] = {"=categoryId": category} if kind.has_categories and "category" in match else {}
    if text := query.get("find", "").strip():
        wanted["%lastName" if kind.id == types.CONTACT else "%title"] = text
    params = {"entityTypeId": kind.id, "filter": wanted, "order": {"id": "DESC"}, "select": MORE, "start": start}
    answer = await visitor.answer("crm.item.list", params)
    row_code = f"CRM_{kind.name}_LIST_MENU"
    values = {
        "cards": [
            {**card(visitor, kind, item), "widgets": widgets.at(visitor, row_code, ID=item["id"])}
            for item in answer["result"]["items"]
        ],
        "row_widgets": bool(widgets.bound(visitor, row_code)),
        "stages": {row["id"]: row for one in categories(visitor, kind) for row in stage_rows(visitor, kind, one["id"])},
        "total": answer.get("total", 0),
        "start": start,
        "next": answer.get("next"),
        "find": text,
        "whole": "category" not in match,
    }
    return show(visitor, "list.html", **values, **common(visitor, kind, category, "list"))


async def section(visitor: Visit) -> web.StreamResponse:
    """Where the menu leads: the kanban of the first pipeline, the list of what has no stages."""
    kind = addresses.kind(visitor.portal, visitor.request.match_info)
    if kind is None:
        return missing(visitor)
    if not kind.has_stages:
        raise web.HTTPFound(addresses.listing(kind.id))
    first = categories(visitor, kind)[0]
    raise web.HTTPFound(str(first["kanban"]))


async def start(visitor: Visit) -> web.StreamResponse:
    """The first page: deals, or messages for those who have no CRM."""
    raise web.HTTPFound(addresses.section(types.DEAL) if visitor.sees_crm else "/online/")


async def add_item(visitor: Visit) -> web.StreamResponse:
    """The small form of a new item: posts a title, opens its card."""
    kind = addresses.kind(visitor.portal, visitor.request.match_info)
    if kind is None:
        return missing(visitor)
    form = await visitor.request.post()
    title = str(form.get("title") or "").strip()
    fields: dict[str, Any] = {"name" if kind.id == types.CONTACT else "title": title}
    if kind.has_categories and str(form.get("category", "")).isdigit():
        fields["categoryId"] = int(str(form["category"]))
    try:
        made = await visitor.call("crm.item.add", entityTypeId=kind.id, fields=fields)
    except Refused as refused:
        return problem(visitor, title or "—", refused.description, 400)
    raise web.HTTPSeeOther(addresses.details(kind.id, made["item"]["id"]))


def attach(app: web.Application) -> None:
    """Adds the addresses."""
    app.router.add_get("/", page(start))
    for base in (r"/crm/{name:lead|deal|contact|company}", r"/crm/type/{number:\d+}"):
        app.router.add_get(base + "/", page(section, crm=True))
        app.router.add_post(base + "/add/", page(add_item, crm=True))
        app.router.add_get(base + r"/kanban/category/{category:\d+}/", page(kanban, crm=True))
        app.router.add_get(base + "/kanban/", page(section, crm=True))
        app.router.add_get(base + "/list/", page(listing, crm=True))
        app.router.add_get(base + r"/list/category/{category:\d+}/", page(listing, crm=True))
