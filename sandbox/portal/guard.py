"""What stands before every address of the portal: who may turn its knobs, where it lives, what a crash answers.

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
ELSEWHERE = (CONTROL, "/oauth/")
FOR_EVERYBODY = ("/sandbox/openlines/", "/sandbox/activities/", "/sandbox/connectors/")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def door(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuses browsers that have no business with the control interface, and leads callers of an old address to the
    new one; a fault of the portal itself answers 500 as JSON, and its trace is written out."""
    try:
        path = request.path
        if path.startswith(CONTROL) and (refused := _refused(request)):
            return web.json_response({"error": refused}, status=403)
        _learn_address(request, path)
        return await handler(request)
    except (web.HTTPException, ConnectionError):
        raise
    except Exception as error:
        traceback.print_exception(error)
        text = "Internal server error"
        return web.json_response({"error": "INTERNAL_SERVER_ERROR", "error_description": text}, status=500)


def _learn_address(request: web.Request, path: str) -> None:
    """Learns the portal's address from the first request. Raises HTTPFound for an address that it once had.

    The authorization server and the control interface are other machines than the portal: they do not move with it.
    """
    portal = request.app[PORTAL]
    host = request.host
    if host in portal.store.values.get("old_domains", ()) and host != portal.domain and not path.startswith(ELSEWHERE):
        raise web.HTTPFound(f"http://{portal.domain}{request.raw_path}")
    if portal.seen_host.endswith(":0"):
        portal.seen_host = host


def _refused(request: web.Request) -> str:
    origin = request.headers.get("Origin")
    if origin and urlsplit(origin).netloc != request.host:
        return "a page of another address may not control the portal"
    user = request.app[PORTAL].users.get(request.cookies.get(USER_COOKIE, ""))
    if user is None or user.get("ADMIN") or request.path.startswith(FOR_EVERYBODY):
        return ""
    return "only an administrator controls the portal"
