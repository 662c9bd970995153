"""The HTTP edge of REST: addresses, authorization data, limits, faults, the JSON answer."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from aiohttp import web

from sandbox import faults
from sandbox.faults import Rule
from sandbox.portal import auth
from sandbox.portal.errors import RestError
from sandbox.portal.execute import Outcome, execute, record_call, refusal
from sandbox.portal.identity import Identity
from sandbox.portal.portal import PORTAL, Portal
from sandbox.portal.registry import METHODS
from sandbox.record import note_arrival
from sandbox.wire import UnreadableBodyError, read_params

AUTH_KEYS = ("auth", "access_token")
# Pages of applications call REST from their frames, from origins of their own.
FOR_BROWSERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "origin, content-type, accept, authorization",
}
_HEADERS = {**FOR_BROWSERS, "Content-Type": "application/json"}
Webhook = tuple[str, str]
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def attach(app: web.Application) -> None:
    """Adds the REST addresses; like any web server, this one takes several slashes for one."""
    app.router.add_route("*", "/rest/{address:.+}", handle)
    app.router.add_route("*", "/{slashes:/+}rest/{address:.+}", handle)


async def handle(request: web.Request) -> web.StreamResponse:
    """Answers one REST request; a browser that only asks whether it may send one is always told yes."""
    if request.method == "OPTIONS":
        return web.Response(headers=FOR_BROWSERS)
    portal = request.app[PORTAL]
    note_arrival(portal.clock.now())
    webhook, called = parts(request.match_info["address"])
    name, xml = method_name(called)
    rule = await portal.faults.pick_for(name, request)
    if rule is None:
        return await _answer(portal, request, webhook, name, None, xml=xml)
    return await faults.act(rule, request, lambda: _answer(portal, request, webhook, name, rule, xml=xml))


def parts(address: str) -> tuple[Webhook | None, str]:
    """User and key of a webhook, if the address holds them, and the method: `METHOD` or `USER/KEY/METHOD`, with or
    without a slash behind. Raises HTTPNotFound."""
    found = [part for part in address.split("/") if part]
    if len(found) == 3:
        return (found[0], found[1]), found[2]
    if len(found) == 1:
        return None, found[0]
    raise web.HTTPNotFound


def method_name(raw: str) -> tuple[str, bool]:
    """The method in lower case without its format suffix, and whether XML was asked for."""
    name = raw.lower()
    for suffix in (".json", ".xml"):
        if name.endswith(suffix):
            return name.removesuffix(suffix), suffix == ".xml"
    return name, False


async def _answer(
    portal: Portal, request: web.Request, webhook: Webhook | None, name: str, rule: Rule | None, *, xml: bool
) -> web.StreamResponse:
    params: dict[str, Any] = {}
    try:
        if portal.limits.factor:
            portal.limits.count_request(request.remote or "")
        if rule and rule.action == "queue_limit":
            raise RestError("QUERY_LIMIT_EXCEEDED", "Too many requests", 503)
        if xml:
            raise RestError("ERROR_UNSUPPORTED_FORMAT", "XML answers are not simulated", 501)
        params = await _read(request)
        if name not in METHODS:
            raise RestError("ERROR_METHOD_NOT_FOUND", "Method not found!", 404)
        if rule and rule.action == "expire_token":
            auth.expire_all(portal)
        identity = authorize(portal, request, webhook, params)
    except RestError as error:
        outcome = refusal(error)
        record_call(portal, name, params, "single", outcome)
        return respond(outcome)
    for key in AUTH_KEYS:
        params.pop(key, None)
    return respond(await execute(portal, identity, name, params, via="single", rule=rule))


async def _read(request: web.Request) -> dict[str, Any]:
    try:
        return await read_params(request)
    except UnreadableBodyError as error:
        raise RestError("INVALID_REQUEST", str(error), 400) from error


def authorize(portal: Portal, request: web.Request, webhook: Webhook | None, params: dict[str, Any]) -> Identity:
    """The caller of a request. Raises RestError."""
    if webhook:
        return auth.by_webhook(portal, *webhook)
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "bearer" and token:
        return auth.by_token(portal, token.strip())
    for key in AUTH_KEYS:
        value = params.get(key)
        if isinstance(value, dict):
            value = value.get("access_token")
        if value:
            return auth.by_token(portal, str(value))
    raise RestError("NO_AUTH_FOUND", "Wrong authorization data", 401)


def respond(outcome: Outcome) -> web.Response:
    """An outcome as the JSON response, or as the file that it carries."""
    if outcome.file is not None:
        named = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(outcome.file.name)}"}
        return web.Response(body=outcome.file.content, headers={**FOR_BROWSERS, **named})
    body = outcome.body
    if outcome.error is None:
        body["time"] = outcome.time
    return web.Response(body=_encode(body).encode(), status=outcome.status, headers=_HEADERS)
