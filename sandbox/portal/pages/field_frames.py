"""Fields whose kind an application draws: the frame inside the card, for looking and for changing.

The card lists them through `shown`; its script asks for a launch in one of the two modes and saves the value that the
application has set with the ordinary update of the item.
"""

from __future__ import annotations

from typing import Any

from aiohttp import web

from sandbox.portal import apps
from sandbox.portal.call import to_int
from sandbox.portal.crm import types
from sandbox.portal.crm.types import EntityType
from sandbox.portal.crm.user_fields import of_entity
from sandbox.portal.methods.field_types import full_code
from sandbox.portal.pages import visit
from sandbox.portal.pages.visit import Refused, Visit, mistake
from sandbox.portal.store import Row

MODES = ("view", "edit")
HEIGHT = 60


def shown(visitor: Visit, kind: EntityType) -> list[dict[str, Any]]:
    """Fields of a kind of object that installed applications draw: name, title, height, app_id."""
    found = []
    for row in of_entity(visitor.portal, kind.user_field_entity):
        drawn = _kind(visitor, row)
        if drawn is not None:
            height = to_int(drawn["OPTIONS"].get("height")) or HEIGHT
            title = row["EDIT_FORM_LABEL"].get(visitor.language) or row["FIELD_NAME"]
            found.append({"name": row["FIELD_NAME"], "title": title, "height": height, "app_id": drawn["app_id"]})
    return found


def _kind(visitor: Visit, field: Row) -> Row | None:
    for row in visitor.portal.store.rows("field_types"):
        if full_code(row["app_id"], row["USER_TYPE_ID"]) == field["USER_TYPE_ID"]:
            app = visitor.portal.apps.get(row["app_id"])
            return row if app and app["installed"] else None
    return None


async def launch(request: web.Request) -> web.StreamResponse:
    """{entityTypeId, id, field, mode}: what is posted into the frame of a field."""
    visitor, asked = visit.of(request), await visit.wanted(request)
    kind = types.find(visitor.portal, to_int(asked.get("entityTypeId")))
    rows = of_entity(visitor.portal, kind.user_field_entity) if kind else []
    field = next((row for row in rows if row["FIELD_NAME"] == asked.get("field")), None)
    drawn = _kind(visitor, field) if field else None
    if kind is None or field is None or drawn is None or asked.get("mode") not in MODES:
        raise mistake("no such field", 404)
    try:
        wanted = {"entityTypeId": kind.id, "id": to_int(asked.get("id")), "useOriginalUfNames": "Y"}
        item = (await visitor.call("crm.item.get", **wanted))["item"]
    except Refused as refused:
        raise mistake(refused.description, 403 if refused.code == "ACCESS_DENIED" else 404) from refused
    options = _options(kind, field, item, str(asked["mode"]))
    app = visitor.portal.apps[drawn["app_id"]]
    made = apps.launch(
        visitor.portal,
        app,
        visitor.user_id,
        placement="USERFIELD_TYPE",
        options=options,
        handler=drawn["HANDLER"],
    )
    return web.json_response({**made, "value": options["VALUE"]})


def _options(kind: EntityType, field: Row, item: Row, mode: str) -> dict[str, Any]:
    return {
        "MODE": mode,
        "ENTITY_ID": field["ENTITY_ID"],
        "FIELD_NAME": field["FIELD_NAME"],
        "ENTITY_VALUE_ID": str(item["id"]),
        "VALUE": item.get(field["FIELD_NAME"]),
        "MULTIPLE": field["MULTIPLE"],
        "MANDATORY": field["MANDATORY"],
        "XML_ID": field["XML_ID"],
        "ENTITY_DATA": {"entityTypeId": kind.id, "entityId": str(item["id"]), "module": "crm"},
    }


def attach(app: web.Application) -> None:
    """Adds the address."""
    app.router.add_post("/pages/field/launch", launch)
