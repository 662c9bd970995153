"""The portal's side of application frames: launches, and what the frame protocol needs from the server.

The window of the portal (static/bridge.js) speaks the protocol; a frame is known by the access token it was launched with.
"""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from sandbox.portal import apps, auth
from sandbox.portal.pages import rendering, visit, widgets
from sandbox.portal.pages.visit import Visit, mistake
from sandbox.portal.store import Row

BARE = "BI_ANALYTICS_MENU"


async def launch(request: web.Request) -> web.StreamResponse:
    """{placement_id | app_id, options?, uri?}: the POST that opens a bound placement, or an application itself."""
    visitor, asked = visit.of(request), await visit.wanted(request)
    options = asked.get("options")
    if asked.get("placement_id"):
        return web.json_response(_placement(visitor, asked, options or {}))
    app = _known(visitor, asked.get("app_id"))
    return web.json_response(apps.launch(visitor.portal, app, visitor.user_id, options=options))


def _placement(visitor: Visit, asked: dict[str, Any], options: dict[str, Any]) -> apps.Launch:
    row = visitor.portal.store.table("placements").get(str(asked["placement_id"]))
    if row is None:
        raise mistake("the widget is gone", 404)
    app, code = _installed(visitor, row["app_id"]), row["placement"]
    if asked.get("uri") and widgets.has_address(code):
        options = {"URI": str(asked["uri"]), **options}
    handler = row["handler"]
    if code == BARE:
        return {"url": handler, "fields": {}}
    return apps.launch(visitor.portal, app, visitor.user_id, placement=code, options=options, handler=handler)


def _known(visitor: Visit, app_id: Any) -> Row:
    app = visitor.portal.apps.get(str(app_id))
    if app is None:
        raise mistake("the application is gone", 404)
    if not app["installed"] and not visitor.admin:
        raise mistake("only an administrator installs applications", 403)
    return app


def _installed(visitor: Visit, app_id: Any) -> Row:
    app = _known(visitor, app_id)
    if not app["installed"]:
        raise mistake("the installation of the application is not finished", 403)
    return app


def _owner(visitor: Visit, asked: dict[str, Any]) -> Row:
    """The application whose frame asks. Its token must be the signed-in person's, and may be out of date."""
    row = visitor.portal.store.table("access_tokens").get(str(asked.get("token", "")))
    if row is None or row["user_id"] != visitor.user_id:
        raise mistake("no such frame", 403)
    return _known(visitor, row["app_id"])


async def init(request: web.Request) -> web.StreamResponse:
    """{token}: what getInitData tells beside the launch itself."""
    visitor, asked = visit.of(request), await visit.wanted(request)
    app = _owner(visitor, asked)
    options = visitor.portal.store.table("options")
    return web.json_response(
        {
            "LANG": visitor.user.get("LANGUAGE", "en"),
            "IS_ADMIN": visitor.admin,
            "INSTALL": not app["installed"],
            "FIRST_RUN": not app["installed"],
            "APP_OPTIONS": options.get(f"{app['ID']}:", {}),
            "USER_OPTIONS": options.get(f"{app['ID']}:{visitor.user_id}", {}),
            "app": {"id": app["ID"], "title": app["title"]},
        }
    )


async def refresh(request: web.Request) -> web.StreamResponse:
    """{token}: a fresh pair for the frame."""
    visitor, asked = visit.of(request), await visit.wanted(request)
    pair = auth.issue(visitor.portal, _owner(visitor, asked)["ID"], visitor.user_id)
    seconds = str(auth.ACCESS_SECONDS)
    return web.json_response({"AUTH_ID": pair["access"], "REFRESH_ID": pair["refresh"], "AUTH_EXPIRES": seconds})


async def finish(request: web.Request) -> web.StreamResponse:
    """{token}: the command setInstallFinish."""
    visitor, asked = visit.of(request), await visit.wanted(request)
    app = _owner(visitor, asked)
    if not visitor.admin:
        raise mistake("only an administrator installs applications", 403)
    return web.json_response({"finished": apps.finish_installation(visitor.portal, app, visitor.user_id)})


async def store_option(request: web.Request) -> web.StreamResponse:
    """{token, of: "app"|"user", name, value}: the commands setAppOption (administrators only) and setUserOption."""
    visitor, asked = visit.of(request), await visit.wanted(request)
    app, whole = _owner(visitor, asked), asked.get("of") == "app"
    if whole and not visitor.admin:
        raise mistake("only an administrator changes options of an application", 403)
    if len(json.dumps(asked.get("value"))) > 65_000:
        raise mistake("the value is too long")
    owner = f"{app['ID']}:" if whole else f"{app['ID']}:{visitor.user_id}"
    held = visitor.portal.store.table("options").setdefault(owner, {})
    held[str(asked.get("name"))] = asked.get("value")
    visitor.portal.store.touch()
    return web.json_response(held)


async def client_library(_request: web.Request) -> web.StreamResponse:
    """The classic client library for pages of applications."""
    return web.FileResponse(rendering.FOLDER / "static" / "bx24.js")


def attach(app: web.Application) -> None:
    """Adds the addresses."""
    app.router.add_get("/api/v1/", client_library)
    app.router.add_post("/pages/launch", launch)
    app.router.add_post("/pages/frame/init", init)
    app.router.add_post("/pages/frame/refresh", refresh)
    app.router.add_post("/pages/frame/finish", finish)
    app.router.add_post("/pages/frame/option", store_option)
