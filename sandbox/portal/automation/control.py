"""Automation for pages and the control interface.

`GET|POST /sandbox/automation` reads and replaces what stands on stages; `GET /sandbox/automation/log?since=` is the
log; `POST /sandbox/automation/settings` opens the settings page of a placed robot; `GET /sandbox/workflows`.
"""

from __future__ import annotations

from aiohttp import web

from sandbox.control import bad_request, body
from sandbox.portal import apps
from sandbox.portal.automation import assignments, components, journal, own_robots, plans, triggers, workflows
from sandbox.portal.portal import PORTAL


async def read(request: web.Request) -> web.StreamResponse:
    """Stages with robots and triggers (of one entity with ?entity=), and all that can be placed."""
    portal, entity = request.app[PORTAL], request.query.get("entity")
    try:
        kind = plans.kind_of(portal, entity) if entity else None
    except ValueError as error:
        raise bad_request(str(error)) from error
    return web.json_response(
        {
            "stages": plans.described(portal, kind),
            "templates": list(portal.store.rows(plans.TEMPLATES)),
            "components": list(portal.store.rows(components.TABLE)),
            "own_robots": sorted({*own_robots.ROBOTS, *assignments.ASKING}),
            "triggers": list(portal.store.rows(triggers.TABLE)),
        }
    )


async def write(request: web.Request) -> web.StreamResponse:
    """{entity, stage, robots: [{code, app_id?, properties, delay_seconds…}], triggers: [{code}]} or {entity, template}."""
    try:
        return web.json_response(plans.place(request.app[PORTAL], await body(request)))
    except (ValueError, TypeError, AttributeError) as error:
        raise bad_request(str(error)) from error


async def read_log(request: web.Request) -> web.StreamResponse:
    """Lines of the log after ?since=."""
    since = request.query.get("since", "0")
    if not since.isdigit():
        raise bad_request("since is a number")
    return web.json_response({"log": journal.since(request.app[PORTAL], int(since))})


async def read_workflows(request: web.Request) -> web.StreamResponse:
    """All workflows with what they wait for."""
    store = request.app[PORTAL].store
    return web.json_response({"workflows": [*store.rows(workflows.TABLE), *store.rows(workflows.PAST)]})


async def settings(request: web.Request) -> web.StreamResponse:
    """What a page posts into the settings frame of a placed robot: {entity, stage, robot_id, user_id}."""
    portal, wanted = request.app[PORTAL], await body(request)
    try:
        kind = plans.kind_of(portal, wanted.get("entity"))
        plan = plans.on_stage(portal, kind, str(wanted.get("stage"))) or {"robots": []}
        robot = next((row for row in plan["robots"] if row["id"] == wanted.get("robot_id")), None)
        if robot is None:
            raise ValueError("no such robot on the stage")
        options = plans.settings_options(portal, kind, robot)
    except ValueError as error:
        raise bad_request(str(error)) from error
    component = portal.store.table(components.TABLE)[f"{robot['app_id']}:{robot['code']}"]
    user_id = str(wanted.get("user_id", "1"))
    if user_id not in portal.users:
        raise bad_request("no such user", 404)
    app = portal.apps[robot["app_id"]]
    return web.json_response(apps.launch(portal, app, user_id, options=options, handler=component["PLACEMENT_HANDLER"]))


def attach(app: web.Application) -> None:
    """Adds the routes."""
    app.add_routes(
        [
            web.get("/sandbox/automation", read),
            web.post("/sandbox/automation", write),
            web.get("/sandbox/automation/log", read_log),
            web.post("/sandbox/automation/settings", settings),
            web.get("/sandbox/workflows", read_workflows),
        ]
    )
