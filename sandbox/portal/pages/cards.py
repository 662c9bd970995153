"""The card of a CRM item: stages, fields in groups, timeline, tabs of applications."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from sandbox.portal.crm import types
from sandbox.portal.crm.types import EntityType
from sandbox.portal.pages import addresses, field_frames, field_view, kanban, timeline_view, widgets
from sandbox.portal.pages.rendering import missing, page, show
from sandbox.portal.pages.visit import Visit
from sandbox.portal.store import Row

MAIN = {
    types.LEAD: "opportunity currencyId name lastName post companyTitle sourceId sourceDescription comments",
    types.DEAL: "opportunity currencyId companyId contactIds typeId beginDate closeDate sourceId comments",
    types.CONTACT: "name secondName lastName post companyIds typeId sourceId comments",
    types.COMPANY: "typeId industry employees revenue currencyId contactIds comments",
}
OTHER_MAIN = "opportunity currencyId companyId contactIds beginDate closeDate sourceId"
ASIDE = "assignedById observers createdTime createdBy updatedTime updatedBy parentId2 parentId1 leadId"
Group = dict[str, Any]


async def card(visitor: Visit) -> web.StreamResponse:
    """The card of one item."""
    match = visitor.request.match_info
    kind = addresses.kind(visitor.portal, match)
    if kind is None:
        return missing(visitor)
    wanted = {"entityTypeId": kind.id, "id": int(match["id"]), "useOriginalUfNames": "Y"}
    item = (await visitor.call("crm.item.get", **wanted))["item"]
    fields = (await visitor.call("crm.item.fields", entityTypeId=kind.id, useOriginalUfNames="Y"))["fields"]
    drawn = {row["name"]: row for row in field_frames.shown(visitor, kind)}
    return show(
        visitor,
        "card.html",
        kind=kind,
        item=item,
        section=kanban.title_of(visitor, kind),
        back=addresses.section(kind.id),
        title=kanban.item_title(item, kind),
        stages=kanban.stage_rows(visitor, kind, item.get("categoryId") or 0) if kind.has_stages else [],
        groups=groups(visitor, kind, item, {name: facts for name, facts in fields.items() if name not in drawn}),
        contacts=[entry for entry in item.get("fm") or () if entry.get("value")],
        links=related(visitor, kind, item),
        tabs=widgets.at(visitor, f"CRM_{kind.name}_DETAIL_TAB", ID=item["id"]),
        places=places(visitor, kind, item),
        drawn=drawn.values(),
        feed=await timeline_view.entries(visitor, kind, item),
    )


def groups(visitor: Visit, kind: EntityType, item: Row, fields: dict[str, Row]) -> list[Group]:
    """Fields of the card: the main ones, those of applications, those about the item itself."""
    main = MAIN.get(kind.id, OTHER_MAIN).split()
    own = [name for name, facts in fields.items() if facts.get("isDynamic")]
    chosen = (("Main fields", main), ("Fields of the portal", own), ("More", ASIDE.split()))
    made = []
    for title, names in chosen:
        rows = [_field(visitor, name, fields[name], item) for name in names if name in fields]
        if rows:
            made.append({"title": title, "fields": rows, "filled": sum(1 for row in rows if row["shown"])})
    return made


def _field(visitor: Visit, name: str, facts: Row, item: Row) -> Group:
    value = item.get(name)
    amount = name == "opportunity"
    shown = field_view.printed(visitor, facts, value)
    if amount:
        text = field_view.money(value, item.get("currencyId") or "")
        shown = [{"text": text}] if text else []
    return {
        "name": name,
        "title": facts.get("formLabel") or facts.get("title") or name,
        "shown": shown,
        "required": facts.get("isRequired"),
        "editor": field_view.editor(visitor, name, facts, value),
    }


def related(visitor: Visit, kind: EntityType, item: Row) -> list[Group]:
    """Other items that hang on this one: deals and contacts of a company, deals of a contact, what came of a lead."""
    keys = {types.COMPANY: "companyId", types.CONTACT: "contactId", types.LEAD: "leadId"}
    if kind.id not in keys:
        return []
    found = []
    for number in (types.DEAL, types.LEAD, types.CONTACT, types.COMPANY):
        for row in visitor.portal.store.rows(f"crm_{number}"):
            held = [row.get(keys[kind.id]), *(row.get(keys[kind.id] + "s") or ())]
            if item["id"] in held and (link := field_view.linked(visitor, number, row["id"])):
                found.append({**link, "kind": kanban.TITLES[number]})
    return found[:50]


def places(visitor: Visit, kind: EntityType, item: Row) -> dict[str, list[widgets.Widget]]:
    """Widgets around the card: in its head, above the timeline, among documents."""
    stem, item_id = f"CRM_{kind.name}", item["id"]
    key = "ENTITY_ID" if kind.dynamic or kind.id == types.QUOTE else "ID"
    return {
        "toolbar": widgets.at(visitor, f"{stem}_DETAIL_TOOLBAR", **{key: item_id}),
        "activity": widgets.at(visitor, f"{stem}_DETAIL_ACTIVITY", ID=item_id),
        "documents": widgets.at(visitor, f"{stem}_DOCUMENTGENERATOR_BUTTON", ENTITY_ID=item_id),
    }


def attach(app: web.Application) -> None:
    """Adds the addresses."""
    for base in (r"/crm/{name:lead|deal|contact|company}", r"/crm/type/{number:\d+}"):
        app.router.add_get(base + r"/details/{id:\d+}/", page(card, crm=True))
        app.router.add_get(base + r"/show/{id:\d+}/", page(card, crm=True))
