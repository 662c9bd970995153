"""Control of payments: a delivery for an item, which on a real portal a person or `sale.*` would make."""

from __future__ import annotations

from aiohttp import web

from sandbox.control import bad_request, body
from sandbox.portal.call import to_int
from sandbox.portal.crm import items, types
from sandbox.portal.payments import records
from sandbox.portal.portal import PORTAL


def attach(app: web.Application) -> None:
    """Adds the route."""
    app.add_routes([web.post("/sandbox/item-deliveries", add_delivery)])


async def add_delivery(request: web.Request) -> web.StreamResponse:
    """Makes a delivery: entityTypeId, entityId, price?, service? (1: collected, 2: courier)."""
    portal, wanted = request.app[PORTAL], await body(request)
    kind = types.find(portal, to_int(wanted.get("entityTypeId")))
    item = items.find(portal, kind, to_int(wanted.get("entityId"))) if kind else None
    service = str(wanted.get("service") or "2")
    if kind is None or item is None or service not in portal.store.table(records.SERVICES):
        raise bad_request("no such item or delivery service", 404)
    values = {"service": service, "price": float(wanted.get("price") or 0), "deducted_at": None}
    return web.json_response({"id": int(records.add(portal, records.DELIVERIES, kind, item, **values)["ID"])})
