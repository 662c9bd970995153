"""Applications: the list with the form of a local application, the page of one in a frame, removal."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from sandbox import wire
from sandbox.contract import load
from sandbox.portal import apps
from sandbox.portal.pages import menu, widgets
from sandbox.portal.pages.rendering import missing, page, problem, show
from sandbox.portal.pages.visit import Visit


def known_scopes() -> list[str]:
    """Every scope that some documented method or placement needs."""
    contract = load("bitrix24")
    found: set[str] = set()
    for facts in [*contract["methods"].values(), *contract["placements"].values()]:
        scope = facts.get("scope") or []
        found |= {scope} if isinstance(scope, str) else set(scope)
    return sorted(name for name in found if name.replace("_", "").replace(".", "").isalnum())


async def listing(visitor: Visit) -> web.StreamResponse:
    """All applications."""
    return show(visitor, "applications.html", **_known(visitor))


def _known(visitor: Visit) -> dict[str, Any]:
    rows = [{**apps.describe(visitor.portal, row), "id": row["ID"]} for row in visitor.portal.apps.values()]
    return {"apps": rows, "scopes": known_scopes(), "problem": "", "given": {}}


async def add(visitor: Visit) -> web.StreamResponse:
    """The form: title, handler_url, install_url, scopes. Leads to the installation."""
    form = await visitor.request.post()
    given = {key: str(form.get(key, "")).strip() for key in ("title", "handler_url", "install_url")}
    wrong = [key for key in ("handler_url", "install_url") if given[key] and not _is_address(given[key])]
    if not given["handler_url"] or wrong:
        text = "The address of the handler must begin with http:// or https://"
        return show(visitor, "applications.html", status=400, **{**_known(visitor), "problem": text, "given": given})
    app = apps.add(visitor.portal, {**given, "scopes": [str(one) for one in form.getall("scopes", [])]})
    raise web.HTTPSeeOther(f"/apps/{app['ID']}/")


def _is_address(text: str) -> bool:
    return text.startswith(("http://", "https://"))


async def details(visitor: Visit) -> web.StreamResponse:
    """What an administrator sees of an application: its keys, its placements, its removal."""
    app = visitor.portal.apps.get(visitor.request.match_info["id"])
    if app is None:
        return missing(visitor)
    places = [row for row in visitor.portal.store.rows("placements") if row["app_id"] == app["ID"]]
    events = [row for row in visitor.portal.store.rows("event_bindings") if row["app_id"] == app["ID"]]
    described = apps.describe(visitor.portal, app)
    return show(visitor, "application.html", app={**described, "id": app["ID"]}, places=places, events=events)


async def remove(visitor: Visit) -> web.StreamResponse:
    """Deletes an application; the tick `clean` also asks it to delete its data."""
    form = await visitor.request.post()
    app = visitor.portal.apps.get(visitor.request.match_info["id"])
    if app is not None:
        apps.remove(visitor.portal, app, clean=bool(form.get("clean")))
    raise web.HTTPSeeOther("/apps/")


async def opened(visitor: Visit) -> web.StreamResponse:
    """An application, or its item of the left menu, in a frame; before the end of installation its install page."""
    match = visitor.request.match_info
    app = visitor.portal.apps.get(match["id"])
    placement = visitor.portal.store.table("placements").get(match.get("placement", ""))
    if app is None or ("placement" in match and placement is None):
        return missing(visitor)
    if not app["installed"] and not visitor.admin:
        return problem(visitor, app["title"], "The installation of the application is not finished.", 403)
    wanted: dict[str, Any] = {"app_id": app["ID"]}
    if placement and app["installed"]:
        wanted = {"placement_id": placement["ID"]}
        if placement["placement"] == "CONTACT_CENTER":
            wanted["options"] = {"ID": str(placement["ID"])}
    title = menu.placement_title(placement, visitor.language) if placement else ""
    return show(visitor, "application_frame.html", app=app, title=title or app["title"], wanted=wanted)


async def linked(visitor: Visit) -> web.StreamResponse:
    """The address that applications put into texts: /marketplace/view/CLIENT_ID/?params[name]=value."""
    match, portal = visitor.request.match_info, visitor.portal
    app = next((row for row in portal.apps.values() if row["client_id"] == match["code"]), None)
    bound = [row for row in widgets.bound(visitor, "REST_APP_URI") if app and row["app_id"] == app["ID"]]
    if app is None or not bound:
        return missing(visitor)
    params = wire.decode_query(visitor.request.query_string).get("params")
    wanted = {"placement_id": bound[0]["ID"], "options": params if isinstance(params, dict) else {}}
    return show(visitor, "application_frame.html", app=app, title=app["title"], wanted=wanted, linked=True)


def attach(app: web.Application) -> None:
    """Adds the addresses."""
    app.router.add_get("/apps/", page(listing))
    app.router.add_post("/apps/add/", page(add, admin=True))
    app.router.add_get(r"/apps/{id:\d+}/", page(details, admin=True))
    app.router.add_post(r"/apps/{id:\d+}/remove/", page(remove, admin=True))
    app.router.add_get(r"/marketplace/app/{id:\d+}/", page(opened))
    app.router.add_get(r"/marketplace/view/{code:local\.[^/]+}/", page(linked))
    app.router.add_get(r"/marketplace/view/{id:\d+}/{placement:\d+}/", page(opened))
