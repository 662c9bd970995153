"""What stands before every address of the portal: who may turn its knobs, and what a crash answers.

Programs reach the control interface as they like: it is theirs. A browser does not: a page of another origin is
refused, and so is a signed-in person who does not administer the portal, except for the work of operators.
"""

from __future__ import annotations

import traceback
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

from sandbox.portal.oauth import USER_COOKIE
from sandbox.portal.portal import PORTAL

CONTROL = "/sandbox/"
FOR_EVERYBODY = ("/sandbox/openlines/", "/sandbox/activities/", "/sandbox/connectors/")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def crashes(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A fault of the portal itself answers 500 as JSON, and its trace is written out."""
    try:
        return await handler(request)
    except (web.HTTPException, ConnectionError):
        raise
    except Exception as error:
        traceback.print_exception(error)
        text = "Internal server error"
        return web.json_response({"error": "INTERNAL_SERVER_ERROR", "error_description": text}, status=500)


@web.middleware
async def knobs(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuses browsers that have no business with the control interface."""
    if request.path.startswith(CONTROL) and (refused := _refused(request)):
        return web.json_response({"error": refused}, status=403)
    return await handler(request)


def _refused(request: web.Request) -> str:
    origin = request.headers.get("Origin")
    if origin and urlsplit(origin).netloc != request.host:
        return "a page of another address may not control the portal"
    user = request.app[PORTAL].users.get(request.cookies.get(USER_COOKIE, ""))
    if user is None or user.get("ADMIN") or request.path.startswith(FOR_EVERYBODY):
        return ""
    return "only an administrator controls the portal"
