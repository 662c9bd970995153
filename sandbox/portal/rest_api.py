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
from sandbox.wire import UnreadableBodyError, read_params

AUTH_KEYS = ("auth", "access_token")
# Pages of applications call REST from their frames, from origins of their own.
FOR_BROWSERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "origin, content-type, accept, authorization",
}
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def attach(app: web.Application) -> None:
    """Adds the REST addresses."""
    app.router.add_route("*", "/rest/{method:[^/]+}{tail:/?}", handle)
    app.router.add_route("*", "/rest/{user}/{key}/{method:[^/]*}{tail:/?}", handle)


async def handle(request: web.Request) -> web.StreamResponse:
    """Answers one REST request; a browser that only asks whether it may send one is always told yes."""
    if request.method == "OPTIONS":
        return web.Response(headers=FOR_BROWSERS)
    portal = request.app[PORTAL]
    name, xml = method_name(request.match_info["method"])
    rule = portal.faults.pick(name)
    return await faults.act(rule, request, lambda: _answer(portal, request, name, rule, xml=xml))


def method_name(raw: str) -> tuple[str, bool]:
    """The method in lower case without its format suffix, and whether XML was asked for."""
    name = raw.lower()
    for suffix in (".json", ".xml"):
        if name.endswith(suffix):
            return name.removesuffix(suffix), suffix == ".xml"
    return name, False


async def _answer(
    portal: Portal, request: web.Request, name: str, rule: Rule | None, *, xml: bool
) -> web.StreamResponse:
    params: dict[str, Any] = {}
    try:
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
        identity = authorize(portal, request, params)
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


def authorize(portal: Portal, request: web.Request, params: dict[str, Any]) -> Identity:
    """The caller of a request. Raises RestError."""
    if user_id := request.match_info.get("user"):
        return auth.by_webhook(portal, user_id, request.match_info["key"])
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
    body = {**outcome.body, "time": outcome.time}
    if outcome.error is not None:
        body = outcome.body
    return web.Response(
        body=_encode(body).encode(), status=outcome.status, content_type="application/json", headers=FOR_BROWSERS
    )
