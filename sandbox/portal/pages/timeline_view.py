"""The timeline of a card for people: comments, log entries, stage moves, activities with the layouts of applications."""

from __future__ import annotations

from typing import Any

from sandbox.portal.crm import stages
from sandbox.portal.crm.types import EntityType
from sandbox.portal.pages import field_view, widgets
from sandbox.portal.pages.visit import Visit
from sandbox.portal.store import Row
from sandbox.portal.timeline import feed
from sandbox.portal.timeline.layout import translated

GLYPHS = {
    "info": "ℹ",
    "call": "☎",
    "mail": "✉",
    "chat": "💬",
    "check": "✔",
    "comment": "💬",
    "document": "📄",
    "bank-card": "💳",
    "clock": "⏱",
    "task": "☑",
    "robot": "⚙",
    "star": "★",
    "attention": "!",
    "view": "👁",
    "cart": "🛒",
    "stage-change": "➜",
    "calendar": "📅",
}
ACTIVITY_TYPE = 6
Entry = dict[str, Any]


async def entries(visitor: Visit, kind: EntityType, item: Row) -> list[Entry]:
    """Everything on the timeline of an item, the newest first; cards waiting for something to be done stand in front."""
    found = [_entry(visitor, row) for row in feed.entries(visitor.portal, kind.id, item["id"])]
    for entry in found:
        if entry["kind"] == "activity":
            entry["widgets"] = _widgets(visitor, kind, item, entry)
    if kind.has_stages:
        found += await _moves(visitor, kind, item)
    found.sort(key=lambda entry: entry["created"], reverse=True)
    return sorted(found, key=lambda entry: not entry["todo"])


def _entry(visitor: Visit, row: Entry) -> Entry:
    shown = {**row, "author_name": field_view.person(visitor, row.get("author")), "todo": False}
    shown["glyph"] = glyph((row.get("layout") or {}).get("icon", {}).get("code") or row.get("icon") or row["kind"])
    if row["kind"] == "activity":
        shown["todo"] = not row["completed"]
        shown["responsible_name"] = field_view.person(visitor, row.get("responsible"))
    if row.get("layout"):
        shown["layout"] = _for_web(row["layout"])
        shown["title"] = translated(row["layout"]["header"]["title"], visitor.language)
    if row.get("badge"):
        shown["badge"] = {**row["badge"], "value": translated(row["badge"]["value"], visitor.language)}
    shown["extra"] = [
        {
            "title": (visitor.portal.apps.get(app_id) or {}).get("title", ""),
            "blocks": _for_web(blocks).get("blocks", {}),
        }
        for app_id, blocks in (row.get("blocks") or {}).items()
    ]
    return shown


def _widgets(visitor: Visit, kind: EntityType, item: Row, entry: Entry) -> list[widgets.Widget]:
    told = {
        "ENTITY_ID": item["id"],
        "ASSOCIATED_ENTITY_ID": entry["id"],
        "ASSOCIATED_ENTITY_TYPE_ID": ACTIVITY_TYPE,
    }
    return widgets.at(visitor, f"CRM_{kind.name}_ACTIVITY_TIMELINE_MENU", **told)


def _for_web(node: Any) -> Any:
    """A layout without the parts meant for the mobile application only."""
    if isinstance(node, dict):
        return {
            key: _for_web(part)
            for key, part in node.items()
            if not (isinstance(part, dict) and (part.get("scope") or _inner(part).get("scope")) == "mobile")
        }
    return [_for_web(part) for part in node] if isinstance(node, list) else node


def _inner(part: dict[str, Any]) -> dict[str, Any]:
    properties = part.get("properties")
    return properties if isinstance(properties, dict) else {}


def glyph(code: str) -> str:
    """A sign for an icon code; codes of applications' own icons have no picture here."""
    return GLYPHS.get(str(code), "●")


async def _moves(visitor: Visit, kind: EntityType, item: Row) -> list[Entry]:
    params = {"entityTypeId": kind.id, "filter": {"OWNER_ID": item["id"]}, "order": {"ID": "DESC"}}
    rows = (await visitor.answer("crm.stagehistory.list", params))["result"]["items"]
    made = []
    for row in rows:
        stage = row.get("STAGE_ID") or row.get("STATUS_ID")
        found = stages.find(visitor.portal, kind, int(row.get("CATEGORY_ID") or 0), str(stage))
        made.append(
            {
                "id": f"h{row['ID']}",
                "kind": "stage",
                "created": row["CREATED_TIME"],
                "title": found["NAME"] if found else stage,
                "color": (found or {}).get("COLOR") or "#bdc7d1",
                "glyph": "➜",
                "todo": False,
                "first": int(row["TYPE_ID"]) == 1,
            }
        )
    return made
