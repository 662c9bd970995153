"""The authorization server and the portal's authorization page: codes, tokens, trusted `app.info`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from sandbox import faults
from sandbox.portal import auth
from sandbox.portal.errors import RestError
from sandbox.portal.portal import PORTAL, Portal
from sandbox.portal.readings import declare
from sandbox.portal.store import Row
from sandbox.wire import read_params

CODE_SECONDS = 30
USER_COOKIE = "sandbox_user"
UNKNOWN_CLIENT = declare(
    "unknown_client_code",
    "invalid_client",
    "wrong_client",
    about="Code for an unknown client_id: the table of the authorization server names invalid_client, the official "
    "client library knows wrong_client with status 200.",
)


def attach(app: web.Application) -> None:
    """Adds the addresses of the authorization server; under `/oauth` it is whole, as under a host of its own."""
    app.router.add_get("/oauth/authorize/", authorize)
    app.router.add_get("/oauth/authorize", authorize)
    app.router.add_route("*", "/oauth/token/", token)
    app.router.add_route("*", "/oauth/token", token)
    app.router.add_route("*", "/{slashes:/+}oauth/token/", token)
    app.router.add_route("*", "/oauth/{slashes:/+}oauth/token/", token)
    app.router.add_route("*", "/oauth/{slashes:/+}rest/{method}{tail:/?}", trusted)
    app.router.add_route("*", "/oauth/oauth/token/", token)
    app.router.add_route("*", "/oauth/rest/{method}{tail:/?}", trusted)


def app_by_client_id(portal: Portal, client_id: str) -> Row | None:
    """The installed application with this code."""
    return next((app for app in portal.apps.values() if app["client_id"] == client_id), None)


async def authorize(request: web.Request) -> web.StreamResponse:
    """Sends the signed-in user back to the application with a one-time code."""
    portal = request.app[PORTAL]
    app = app_by_client_id(portal, request.query.get("client_id", ""))
    user_id = request.query.get("sandbox_user") or request.cookies.get(USER_COOKIE) or "1"
    if app is None or user_id not in portal.users:
        return web.Response(status=400, text="Application is not installed.")
    code = portal.store.secret()
    expires = portal.clock.timestamp() + CODE_SECONDS
    portal.store.table("codes")[code] = {"app_id": app["ID"], "user_id": user_id, "expires": expires}
    query = {
        "code": code,
        "state": request.query.get("state", ""),
        "domain": portal.domain,
        "member_id": portal.member_id,
        "scope": ",".join(app["scopes"]),
        "server_domain": portal.domain,
    }
    joint = "&" if "?" in app["handler_url"] else "?"
    raise web.HTTPFound(f"{app['handler_url']}{joint}{urlencode(query)}")


async def token(request: web.Request) -> web.StreamResponse:
    """Exchanges a code or a refresh token for a new pair."""
    portal = request.app[PORTAL]
    rule = portal.faults.pick("oauth.token")

    async def answer() -> web.StreamResponse:
        params = await read_params(request)
        try:
            return web.json_response(grant(portal, params))
        except RestError as error:
            body = {"error": error.code, "error_description": error.description}
            return web.json_response(body, status=error.status)

    return await faults.act(rule, request, answer)


def grant(portal: Portal, params: dict[str, Any]) -> dict[str, Any]:
    """The token answer. Raises RestError with the codes of the authorization server."""
    kind = params.get("grant_type")
    if kind not in {"authorization_code", "refresh_token"}:
        raise RestError("invalid_request", "Invalid grant_type parameter or parameter missing", 400)
    app = app_by_client_id(portal, str(params.get("client_id", "")))
    if app is None and portal.readings[UNKNOWN_CLIENT] == "wrong_client":
        raise RestError("wrong_client", "Wrong client", 200)
    if app is None or app["client_secret"] != params.get("client_secret"):
        raise RestError("invalid_client", "The client credentials are invalid", 400)
    name, table = ("code", "codes") if kind == "authorization_code" else ("refresh_token", "refresh_tokens")
    if not params.get(name):
        raise RestError("invalid_request", f"Missing parameter. {name} is required", 400)
    row = portal.store.table(table).get(str(params[name]))
    if row is None or row["app_id"] != app["ID"] or row["expires"] <= portal.clock.timestamp():
        raise RestError("invalid_grant", "Invalid grant", 400)
    del portal.store.table(table)[str(params[name])]
    return describe(portal, app, auth.issue(portal, app["ID"], row["user_id"]), renewed=kind == "refresh_token")


def describe(portal: Portal, app: Row, pair: Row, *, renewed: bool) -> dict[str, Any]:
    """A pair of tokens in the form of the authorization server."""
    answer = {
        "access_token": pair["access"],
        "client_endpoint": portal.client_endpoint,
        "domain": portal.domain,
        "expires_in": auth.ACCESS_SECONDS,
        "member_id": portal.member_id,
        "refresh_token": pair["refresh"],
        "scope": ",".join(app["scopes"]),
        "server_endpoint": portal.server_endpoint,
        "status": app["status"],
    }
    if renewed:
        answer |= {"expires": int(pair["expires"]), "user_id": int(pair["user_id"])}
    return answer


async def trusted(request: web.Request) -> web.StreamResponse:
    """`app.info` of the authorization server: what a token really belongs to."""
    portal = request.app[PORTAL]
    params = await read_params(request)
    if request.match_info["method"].lower().removesuffix(".json") != "app.info":
        return web.json_response(
            {"error": "ERROR_METHOD_NOT_FOUND", "error_description": "Method not found!"}, status=404
        )
    try:
        identity = auth.by_token(portal, str(params.get("auth", "")))
    except RestError as error:
        return web.json_response({"error": error.code, "error_description": error.description}, status=error.status)
    app = portal.apps[identity.app_id or ""]
    row = portal.store.table("access_tokens")[identity.token or ""]
    install = {
        "installed": app["installed"],
        "version": str(app["version"]),
        "status": app["status"],
        "scope": ",".join(app["scopes"]),
        "domain": portal.domain,
        "uri": f"http://{portal.domain}",
        "client_endpoint": portal.client_endpoint,
        "member_id": portal.member_id,
        "member_type": "server",
    }
    result = {
        "client_id": app["client_id"],
        "scope": ",".join(app["scopes"]),
        "expires": datetime.fromtimestamp(row["expires"], UTC).isoformat(timespec="seconds"),
        "install": install,
        "user_id": int(identity.user_id),
    }
    stamp = portal.clock.timestamp()
    moment = portal.stamp()
    times = {"start": stamp, "finish": stamp, "duration": 0.0, "processing": 0.0}
    return web.json_response({"result": result, "time": {**times, "date_start": moment, "date_finish": moment}})
