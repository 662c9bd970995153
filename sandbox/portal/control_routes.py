"""The part of the control interface that only the portal has: applications, webhooks, users, readings, deliveries."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from sandbox.control import bad_request, body
from sandbox.portal import apps
from sandbox.portal.execute import execute
from sandbox.portal.identity import person
from sandbox.portal.portal import PORTAL, Portal
from sandbox.portal.store import Row


def attach(app: web.Application) -> None:
    """Adds the routes."""
    app.add_routes(
        [
            web.get("/sandbox/apps", list_apps),
            web.post("/sandbox/apps", add_app),
            web.post("/sandbox/apps/{id}/install-launch", install_launch),
            web.post("/sandbox/apps/{id}/install-finish", install_finish),
            web.post("/sandbox/apps/{id}/uninstall", uninstall),
            web.post("/sandbox/launch", launch),
            web.post("/sandbox/webhooks", add_webhook),
            web.get("/sandbox/users", list_users),
            web.post("/sandbox/users/{id}", change_user),
            web.get("/sandbox/readings", read_readings),
            web.post("/sandbox/readings", set_readings),
            web.get("/sandbox/deliveries", deliveries),
            web.post("/sandbox/drain", drain),
            web.post("/sandbox/domain", change_domain),
            web.post("/sandbox/call", call_as_person),
        ]
    )


def _app(portal: Portal, app_id: Any) -> Row:
    if row := portal.apps.get(str(app_id)):
        return row
    raise bad_request(f"no application {app_id!r}", 404)


def _user_id(portal: Portal, wanted: Any) -> str:
    if str(wanted) in portal.users:
        return str(wanted)
    raise bad_request(f"no user {wanted!r}", 404)


async def list_apps(request: web.Request) -> web.StreamResponse:
    """All applications."""
    portal = request.app[PORTAL]
    return web.json_response({"apps": [apps.describe(portal, app) for app in portal.apps.values()]})


async def add_app(request: web.Request) -> web.StreamResponse:
    """Registers a local application."""
    portal = request.app[PORTAL]
    try:
        app = apps.add(portal, await body(request))
    except (ValueError, TypeError) as error:
        raise bad_request(str(error)) from error
    return web.json_response(apps.describe(portal, app))


async def install_launch(request: web.Request) -> web.StreamResponse:
    """What the page posts into the frame of the install address."""
    portal = request.app[PORTAL]
    app = _app(portal, request.match_info["id"])
    user_id = _user_id(portal, (await body(request)).get("user_id", "1"))
    handler = app["install_url"] or app["handler_url"]
    return web.json_response(apps.launch(portal, app, user_id, handler=handler))


async def install_finish(request: web.Request) -> web.StreamResponse:
    """The frame command installFinish."""
    portal = request.app[PORTAL]
    app = _app(portal, request.match_info["id"])
    user_id = _user_id(portal, (await body(request)).get("user_id", "1"))
    return web.json_response({"finished": apps.finish_installation(portal, app, user_id)})


async def uninstall(request: web.Request) -> web.StreamResponse:
    """Deletes an application."""
    portal = request.app[PORTAL]
    wanted = await body(request)
    apps.remove(portal, _app(portal, request.match_info["id"]), clean=bool(wanted.get("clean")))
    return web.json_response({"ok": True})


async def launch(request: web.Request) -> web.StreamResponse:
    """What a page posts into the frame of a placement."""
    portal = request.app[PORTAL]
    wanted = await body(request)
    app = _app(portal, wanted.get("app_id"))
    user_id = _user_id(portal, wanted.get("user_id", "1"))
    placement = str(wanted.get("placement") or "DEFAULT")
    made = apps.launch(
        portal, app, user_id, placement=placement, options=wanted.get("options"), handler=wanted.get("handler")
    )
    return web.json_response(made)


async def add_webhook(request: web.Request) -> web.StreamResponse:
    """Creates an incoming webhook: user_id, key?, scopes? (all when absent)."""
    portal = request.app[PORTAL]
    wanted = await body(request)
    user_id = _user_id(portal, wanted.get("user_id", "1"))
    key = str(wanted.get("key") or portal.store.secret(16))
    portal.store.table("webhooks")[f"{user_id}/{key}"] = {"user_id": user_id, "scopes": wanted.get("scopes")}
    portal.store.touch()
    return web.json_response({"user_id": user_id, "key": key, "url": f"{portal.client_endpoint}{user_id}/{key}/"})


async def list_users(request: web.Request) -> web.StreamResponse:
    """All users."""
    return web.json_response({"users": list(request.app[PORTAL].users.values())})


async def change_user(request: web.Request) -> web.StreamResponse:
    """Changes a user's row: LANGUAGE, ADMIN, ACTIVE, CRM_ACCESS…; an unknown id makes a new user."""
    portal = request.app[PORTAL]
    user_id = request.match_info["id"]
    if not user_id.isdigit():
        raise bad_request("the id of a user is a number")
    row = portal.users.setdefault(user_id, {**portal.users["1"], "ID": user_id, "ADMIN": False})
    row.update(await body(request))
    portal.store.touch()
    return web.json_response({"user": row})


async def read_readings(request: web.Request) -> web.StreamResponse:
    """The switches for open documentation."""
    return web.json_response(request.app[PORTAL].readings.describe())


async def set_readings(request: web.Request) -> web.StreamResponse:
    """Chooses readings."""
    try:
        request.app[PORTAL].readings.choose(await body(request))
    except ValueError as error:
        raise bad_request(str(error)) from error
    return await read_readings(request)


async def deliveries(request: web.Request) -> web.StreamResponse:
    """The last calls of the queue server with their outcome."""
    queue = request.app[PORTAL].queue
    return web.json_response({"deliveries": list(queue.log), "waiting": queue.waiting()})


async def drain(request: web.Request) -> web.StreamResponse:
    """Waits until the queue server has nothing left (seconds, at most 60)."""
    seconds = min(float((await body(request)).get("seconds", 10)), 60.0)
    return web.json_response({"empty": await request.app[PORTAL].queue.drain(seconds)})


async def change_domain(request: web.Request) -> web.StreamResponse:
    """Renames the portal: the old address answers 302 from now on."""
    portal = request.app[PORTAL]
    domain = str((await body(request)).get("domain") or "")
    if not domain:
        raise bad_request("domain is required")
    old: list[str] = portal.store.values.setdefault("old_domains", [])
    portal.store.values["old_domains"] = [*[name for name in old if name != domain], portal.domain]
    portal.store.values["domain"] = domain
    portal.store.touch()
    return web.json_response({"domain": domain, "old_domains": portal.store.values["old_domains"]})


async def call_as_person(request: web.Request) -> web.StreamResponse:
    """Runs a REST method as a person on the portal's own pages: user_id, method, params."""
    portal = request.app[PORTAL]
    wanted = await body(request)
    who = person(_user_id(portal, wanted.get("user_id", "1")))
    outcome = await execute(portal, who, str(wanted.get("method", "")).lower(), wanted.get("params") or {}, via="page")
    text = json.dumps({**outcome.body, "time": outcome.time}, ensure_ascii=False)
    return web.Response(text=text, status=outcome.status, content_type="application/json")
