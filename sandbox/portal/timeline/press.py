"""A person presses something on a card of the timeline, and reads the timeline.

Called by the portal's pages and by the control interface: `POST /sandbox/activities/{id}/press`,
`GET /sandbox/timeline/{entity_type_id}/{id}`.
"""

from __future__ import annotations

from typing import Any

from aiohttp import web

from sandbox.control import bad_request, body
from sandbox.portal import apps
from sandbox.portal.events import emit
from sandbox.portal.identity import Actor
from sandbox.portal.portal import PORTAL, Portal
from sandbox.portal.readings import declare
from sandbox.portal.store import Row
from sandbox.portal.timeline import activities, feed, layout

EVENT = "onCrmTimelineItemAction"
NESTING = declare(
    "timeline_action_params",
    "flat",
    "nested",
    about="Parameters of a pressed button in onCrmTimelineItemAction: beside the five documented keys, or under "
    "`actionParams`. The documentation shows no sample of the event.",
)


class PressError(ValueError):
    """The press leads nowhere: no such button, or the card waits for its application."""


def press(portal: Portal, row: Row, button: str, user_id: str) -> dict[str, Any]:
    """Presses a button, link, tag, menu item or title by its key or path. What the person's screen has to do next."""
    path, action = _find(row, button)
    pressed = row.get("_pressed")
    if pressed and (pressed["animation"] == "loader" or pressed["path"] == path):
        raise PressError("the card waits for its application")
    context = {
        "entityTypeId": int(row["OWNER_TYPE_ID"]),
        "entityId": int(row["OWNER_ID"]),
        "activityId": int(row["ID"]),
    }
    if action["type"] == "redirect":
        return {"type": "redirect", "uri": action.get("uri", "")}
    app = portal.apps.get(row["_app"])
    if app is None:
        raise PressError("the application of the card is gone")
    params = action.get("actionParams", {})
    if action["type"] == "openRestApp":
        launch = apps.launch(portal, app, user_id, options={**params, **context})
        return {"type": "openRestApp", "launch": launch, "slider": action.get("sliderParams", {})}
    data: dict[str, Any] = {"id": action["id"], **context, "userId": int(user_id)}
    data |= {"actionParams": params} if portal.readings[NESTING] == "nested" else params | data
    _wait(row, path, action.get("animationType"))
    portal.store.touch()
    emit(portal, EVENT, data, Actor(user_id), app_id=app["ID"])
    return {"type": "restEvent", "waiting": row.get("_pressed")}


def _wait(row: Row, path: str, animation: str | None) -> None:
    if animation == "loader" or (animation == "disable" and path.startswith("footer.buttons.")):
        row["_pressed"] = {"path": path, "animation": animation}


def _find(row: Row, button: str) -> tuple[str, dict[str, Any]]:
    found = layout.actions(row.get("_layout") or {})
    if button in found:
        return button, found[button]
    for path, action in found.items():
        if path.rpartition(".")[2] == button:
            return path, action
    raise PressError(f"nothing to press under {button!r}")


async def press_route(request: web.Request) -> web.StreamResponse:
    """Control: {button, user_id}."""
    portal = request.app[PORTAL]
    wanted = await body(request)
    row = activities.find(portal, request.match_info["id"])
    if row is None:
        raise bad_request("no such activity", 404)
    user_id = str(wanted.get("user_id", "1"))
    if user_id not in portal.users:
        raise bad_request("no such user", 404)
    try:
        return web.json_response(press(portal, row, str(wanted.get("button", "")), user_id))
    except PressError as error:
        raise bad_request(str(error)) from error


async def feed_route(request: web.Request) -> web.StreamResponse:
    """Control: the timeline of one element."""
    number = request.match_info["type"]
    if not number.isdigit():
        raise bad_request("the type is a number")
    return web.json_response({"entries": feed.entries(request.app[PORTAL], int(number), request.match_info["id"])})


def attach(app: web.Application) -> None:
    """Adds the routes."""
    app.router.add_post("/sandbox/activities/{id}/press", press_route)
    app.router.add_get("/sandbox/timeline/{type}/{id}", feed_route)
