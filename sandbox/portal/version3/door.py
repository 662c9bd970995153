"""The HTTP edge of REST 3.0: `/rest/api/METHOD` and `/rest/api/USER/KEY/METHOD`, JSON only.

What has to do with authorization and limits is refused in the form of the other version, as one door stands before both.
"""

from __future__ import annotations

import json
import time
from typing import Any

from aiohttp import web

from sandbox import faults
from sandbox.portal import rest_api
from sandbox.portal.errors import RestError
from sandbox.portal.execute import refusal, time_block
from sandbox.portal.portal import PORTAL, Portal
from sandbox.portal.version3 import batch, repeats
from sandbox.portal.version3.errors import RefusedError
from sandbox.portal.version3.operations import run
from sandbox.record import note_arrival

BARE = frozenset({"documentation", "rest.documentation.openapi"})
Body = dict[str, Any]


def attach(app: web.Application) -> None:
    """Adds the addresses."""
    app.router.add_route("*", "/rest/api/{address:.+}", handle)


async def handle(request: web.Request) -> web.StreamResponse:
    """Answers one request."""
    if request.method == "OPTIONS":
        allowed = f"{rest_api.FOR_BROWSERS['Access-Control-Allow-Headers']}, {repeats.KEY.lower()}"
        return web.Response(headers={**rest_api.FOR_BROWSERS, "Access-Control-Allow-Headers": allowed})
    portal = request.app[PORTAL]
    note_arrival(portal.clock.now())
    webhook, called = rest_api.parts(request.match_info["address"])
    name, _ = rest_api.method_name(called)
    rule = await portal.faults.pick_for(name, request)
    return await faults.act(rule, request, lambda: _answer(portal, request, webhook, name))


async def _answer(
    portal: Portal, request: web.Request, webhook: rest_api.Webhook | None, name: str
) -> web.StreamResponse:
    headers = {**rest_api.FOR_BROWSERS, "Content-Type": "application/json"}
    began, started, params = portal.clock.timestamp(), time.perf_counter(), None
    error: str | None = None
    try:
        portal.limits.count_request(request.remote or "")
        params = await _read(request)
        said = params if isinstance(params, dict) else dict(request.query)
        identity = rest_api.authorize(portal, request, webhook, said)
        asked = repeats.Asked(portal, identity, name, request.headers.get(repeats.KEY))
        result, extra = asked.once(
            params, lambda: (batch.run_all if name == "batch" else run)(portal, identity, name, params)
        )
        headers |= extra
        status, body = 200, result if name in BARE else {"result": result}
        if name not in BARE:
            body["time"] = time_block(portal, began, time.perf_counter() - started)
    except RestError as refused:
        status, body, error = refused.status, refusal(refused).body, refused.code
    except RefusedError as refused:
        status, body, error = refused.status, {"error": refused.printed()}, refused.code
    kept = params if isinstance(params, dict) else {"commands": params}
    portal.recorder.add(
        at=portal.clock.now(), method=f"api/{name}", params=kept, via="single", status=status, error=error
    )
    return web.Response(body=json.dumps(body, ensure_ascii=False).encode(), status=status, headers=headers)


async def _read(request: web.Request) -> Any:
    """The JSON of a body; what stands in the address is not read."""
    raw = await request.read() if request.method == "POST" else b""
    if not raw.strip():
        return {}
    try:
        if request.content_type != "application/json":
            raise ValueError
        found = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise RefusedError("INVALIDJSON", "The request body is not valid JSON") from error
    if not isinstance(found, dict | list):
        raise RefusedError("INVALIDJSON", "The request body is not valid JSON")
    return found
