"""What scripts of the pages ask for: REST methods as the signed-in person, signing in, the pulse of live updates."""

from __future__ import annotations

from aiohttp import web

from sandbox.portal.identity import Actor
from sandbox.portal.oauth import USER_COOKIE
from sandbox.portal.pages import rendering, visit
from sandbox.portal.pages.visit import LANGUAGES, Refused, mistake
from sandbox.portal.portal import PORTAL
from sandbox.portal.timeline import activities

YEAR = 365 * 24 * 3600


async def call(request: web.Request) -> web.StreamResponse:
    """{method, params}: runs a REST method as the signed-in person; a refusal keeps its code, text and status."""
    visitor, asked = visit.of(request), await visit.wanted(request)
    params = asked.get("params") or {}
    if not isinstance(params, dict):
        raise mistake("params must be an object")
    try:
        answer = await visitor.answer(str(asked.get("method", "")), params)
    except Refused as refused:
        return web.json_response({"error": refused.description, "code": refused.code}, status=refused.status)
    return web.json_response(answer)


async def complete(request: web.Request) -> web.StreamResponse:
    """A person completes an activity; on pages that is possible for applications' cards too, by REST it is not."""
    visitor = visit.of(request)
    await visit.wanted(request)
    row = activities.find(visitor.portal, request.match_info["id"])
    if row is None:
        raise mistake("no such activity", 404)
    if not activities.may_work_with(visitor.portal, visitor.user_id, row):
        raise mistake("no right to this activity", 403)
    activities.change(visitor.portal, Actor(visitor.user_id), row, {"COMPLETED": "Y", "STATUS": "2"})
    return web.json_response({"ok": True})


async def sign_in(request: web.Request) -> web.StreamResponse:
    """The switcher in the top bar: another person, or another language of the same one; back to the page."""
    portal, form = request.app[PORTAL], await request.post()
    user_id, language = str(form.get("user", "")), str(form.get("language", ""))
    user = portal.users.get(user_id)
    if user is None:
        raise mistake("no such person")
    if user_id == visit.of(request).user_id and language in LANGUAGES and user["LANGUAGE"] != language:
        user["LANGUAGE"] = language
        portal.store.touch()
    back = str(form.get("back") or "/")
    answer = web.HTTPSeeOther(back if back.startswith("/") and not back.startswith("//") else "/")
    answer.set_cookie(USER_COOKIE, user_id, max_age=YEAR, samesite="Lax", httponly=True)
    raise answer


async def pulse(request: web.Request) -> web.StreamResponse:
    """A mark that changes with the portal's state; pages look again at themselves when it does."""
    return web.json_response({"changes": rendering.pulse(visit.of(request))})


def attach(app: web.Application) -> None:
    """Adds the addresses, and the folder of scripts and styles."""
    app.router.add_post("/pages/call", call)
    app.router.add_post(r"/pages/activities/{id:\d+}/complete", complete)
    app.router.add_post("/pages/sign-in", sign_in)
    app.router.add_get("/pages/pulse", pulse)
    app.router.add_static("/pages/static", rendering.FOLDER / "static")
