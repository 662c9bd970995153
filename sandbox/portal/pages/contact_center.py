"""The Contact Center: channels of open lines, the settings page of an application's channel in a frame."""

from __future__ import annotations

import re
from typing import Any

from aiohttp import web

from sandbox.portal.openlines import connectors, lines
from sandbox.portal.pages import addresses, menu, widgets
from sandbox.portal.pages.rendering import missing, page, show
from sandbox.portal.pages.visit import Visit

COLOR = re.compile(r"#[0-9a-fA-F]{3,8}")


async def tiles(visitor: Visit) -> web.StreamResponse:
    """All channels: applications' own and the portal's, which are not simulated."""
    portal = visitor.portal
    own = [
        {**row, "icon": _icon(row), "tint": _tint(row), "on": _lines_on(visitor, row["ID"])}
        for row in portal.store.rows(connectors.TABLE)
    ]
    extra = [
        {
            "title": menu.placement_title(row, visitor.language) or portal.apps[row["app_id"]]["title"],
            "path": addresses.menu_item(row),
        }
        for row in widgets.bound(visitor, "CONTACT_CENTER")
    ]
    return show(visitor, "contact_center.html", own=own, extra=extra, standard=connectors.STANDARD)


def _tint(row: dict[str, Any]) -> str:
    color = str((row.get("ICON") or {}).get("COLOR") or "")
    return color if COLOR.fullmatch(color) else "#2fc6f6"


def _icon(row: dict[str, Any]) -> str:
    image = str((row.get("ICON") or {}).get("DATA_IMAGE") or "")
    return image if image.startswith("data:image/") else ""


def _lines_on(visitor: Visit, connector_id: str) -> list[str]:
    states = visitor.portal.store.table(connectors.STATES)
    known = {str(row["ID"]): row["LINE_NAME"] for row in visitor.portal.store.rows(lines.TABLE)}
    return [
        known.get(key.partition(":")[2], key.partition(":")[2])
        for key, row in states.items()
        if key.partition(":")[0] == connector_id and connectors.configured(row)
    ]


async def channel(visitor: Visit) -> web.StreamResponse:
    """One channel on one line: ?ID=code&LINE=1."""
    row = connectors.find(visitor.portal, visitor.request.query.get("ID", ""))
    known = [{"id": str(one["ID"]), "name": one["LINE_NAME"]} for one in visitor.portal.store.rows(lines.TABLE)]
    chosen = visitor.request.query.get("LINE", known[0]["id"] if known else "1")
    if row is None or chosen not in {one["id"] for one in known}:
        return missing(visitor)
    options = connectors.placement_options(visitor.portal, row["ID"], chosen)
    return show(visitor, "channel.html", connector=row, lines=known, line=chosen, state=options)


def attach(app: web.Application) -> None:
    """Adds the addresses."""
    app.router.add_get("/contact_center/", page(tiles))
    app.router.add_get("/contact_center/connector/", page(channel, admin=True))
