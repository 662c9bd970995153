"""The Bot API server: addresses, JSON answers, recording, faults, limits.

``create_app`` is what ``python -m sandbox telegram`` runs. Methods themselves live in ``methods``.
"""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import json
import logging
import mimetypes
from collections.abc import AsyncIterator
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from sandbox import control, faults
from sandbox.contract import method_facts, methods_lowered
from sandbox.options import Options
from sandbox.record import note_arrival
from sandbox.telegram.call import METHODS, Call
from sandbox.telegram.courier import Courier
from sandbox.telegram.deadlines import close_due, lift_due
from sandbox.telegram.demo import populate, register_tokens
from sandbox.telegram.errors import ApiError, not_simulated
from sandbox.telegram.files import MAX_UPLOAD_BYTES
from sandbox.telegram.limits import Limits
from sandbox.telegram.methods import register_all
from sandbox.telegram.model import Bot
from sandbox.telegram.pages.routes import attach as attach_pages
from sandbox.telegram.params import coerce_all
from sandbox.telegram.people import attach as attach_people
from sandbox.telegram.storing import load_folder, save_folder
from sandbox.telegram.world import World
from sandbox.wire import UnreadableBodyError, Upload, read_params

Json = dict[str, Any]
SAVE_EVERY_SECONDS = 5
LOOK_EVERY_SECONDS = 0.5
WORLD = web.AppKey("world", World)
COURIER = web.AppKey("courier", Courier)
_log = logging.getLogger(__name__)


class BotApi:
    """Turns HTTP requests and webhook answers into method calls."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """``/bot<token>/<method>`` in every documented way of passing parameters."""
        note_arrival(self.world.clock.now())
        name = request.match_info["method"]
        rule = await self.world.faults.pick_for(name, request)
        return await faults.act(rule, request, lambda: self._answer(request, name, rule))

    async def _answer(self, request: web.Request, name: str, rule: faults.Rule | None) -> web.Response:
        raw: Json = {}
        try:
            bot = self._bot(request.match_info["token"])
            raw = await self._read(request)
            self._strike(rule)
            call = await self.run(bot, name, raw)
            body: Json = {"ok": True, "result": call.result}
            if call.note:
                body["description"] = call.note
            status, error = 200, None
        except ApiError as refusal:
            body, status, error = refusal.as_answer(), refusal.code, refusal.description
        self._record(name, raw, status, error)
        headers = {"Retry-After": str(body["parameters"]["retry_after"])} if status == 429 else None
        return web.Response(body=_dumps(body), status=status, content_type="application/json", headers=headers)

    def _record(self, name: str, raw: Json, status: int, error: str | None) -> None:
        documented = methods_lowered("telegram").get(name.lower())
        self.world.recorder.add(
            at=self.world.clock.now(),
            method=documented[0] if documented else name,
            params={key: _recordable(value) for key, value in raw.items()},
            via="single",
            status=status,
            error=error,
        )

    def _bot(self, token: str) -> Bot:
        bot = self.world.bot_by_token(token)
        number, colon, _ = token.partition(":")
        if bot is None:
            if not colon or not number.isdigit():
                raise ApiError(404, "Not Found")
            raise ApiError(401, "Unauthorized")
        if bot.logged_out_until > self.world.now():
            raise ApiError(400, "Logged out")
        return bot

    async def _read(self, request: web.Request) -> Json:
        try:
            return await read_params(request)
        except UnreadableBodyError as error:
            raise ApiError(400, f"Bad Request: {error}") from error
        except web.HTTPRequestEntityTooLarge:
            raise ApiError(413, "Request Entity Too Large") from None

    def _strike(self, rule: faults.Rule | None) -> None:
        if rule is None:
            return
        if rule.action in {"retry_after", "queue_limit", "operating_limit"}:
            seconds = max(1, round(rule.seconds))
            raise ApiError(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})
        if rule.action == "blocked":
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        if rule.action == "expire_token":
            raise ApiError(401, "Unauthorized")
        if rule.action == "error":
            raise ApiError(rule.status, rule.description or rule.error)

    async def run(self, bot: Bot, name: str, raw: Json) -> Call:
        """Validates and executes one call; raises ApiError."""
        facts = method_facts("telegram", name)
        if not facts:
            raise ApiError(404, "Not Found: method not found")
        lowered = name.lower()
        call = Call(self.world, bot, lowered, coerce_all(facts, raw, lowered), raw)
        found = METHODS.get(lowered)
        if found is None:
            if call.get("business_connection_id"):
                raise ApiError(400, "Bad Request: business connection not found")
            raise not_simulated(name)
        if call.get("business_connection_id"):
            raise ApiError(400, "Bad Request: business connection not found")
        limits = self.world.limits
        if limits.enabled and limits.counts(lowered) and "chat_id" in call.params:
            pieces = call.get("media") if lowered == "sendmediagroup" else call.get("message_ids")
            limits.take(bot.id, str(call.params["chat_id"]), len(pieces) if isinstance(pieces, list) else 1)
        result = found.handler(call)
        call.result = await result if inspect.isawaitable(result) else result
        return call

    async def from_webhook(self, bot: Bot, name: str, raw: Json) -> None:
        """Executes what a webhook answered; refusals are only recorded."""
        note_arrival(self.world.clock.now())
        status, error = 200, None
        try:
            await self.run(bot, name, raw)
        except ApiError as refusal:
            status, error = refusal.code, refusal.description
        self._record(name, raw, status, error)

    async def file(self, request: web.Request) -> web.StreamResponse:
        """``/file/bot<token>/<path>``: the content of a file."""
        bot = self.world.bot_by_token(request.match_info["token"])
        path = request.match_info["path"]
        found = next((stored for stored in self.world.state.files.values() if stored.path == path), None)
        if bot is None or found is None:
            refusal = ApiError(401, "Unauthorized") if bot is None else ApiError(404, "Not Found")
            return web.Response(body=_dumps(refusal.as_answer()), status=refusal.code, content_type="application/json")
        kind = found.mime_type or mimetypes.guess_type(path)[0] or "application/octet-stream"
        return web.Response(body=self.world.blobs[found.unique_id], content_type=kind.partition(";")[0])

    async def unknown(self, _request: web.Request) -> web.StreamResponse:
        """Any other address below /bot."""
        return web.Response(
            body=_dumps(ApiError(404, "Not Found").as_answer()), status=404, content_type="application/json"
        )


def _dumps(body: Json) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _recordable(value: Any) -> Any:
    """A parameter decoded from its JSON text; of a file only name and size."""
    if isinstance(value, Upload):
        return {"filename": value["filename"], "size": len(value["content"])}
    if isinstance(value, str) and value[:1] in {"{", "["}:
        with contextlib.suppress(ValueError, RecursionError):
            return json.loads(value)
    return value


@web.middleware
async def _errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A fault of the stand-in itself answers 500 in the shape of the Bot API and is logged."""
    try:
        return await handler(request)
    except (web.HTTPException, asyncio.CancelledError, ConnectionError):
        raise
    except Exception:
        _log.exception("the Telegram stand-in failed")
        body = ApiError(500, "Internal Server Error").as_answer()
        return web.Response(body=_dumps(body), status=500, content_type="application/json")


def create_app(options: Options) -> web.Application:
    """The whole stand-in as an aiohttp application."""
    register_all()
    world = World(seed=options.seed, limits=Limits(options.limits), record=options.record)

    def fill(fresh: World) -> None:
        populate(fresh)
        register_tokens(fresh, options.tokens)

    world.populate = fill
    earlier = load_folder(options.data) if options.data else None
    if earlier:
        world.load(earlier)
        register_tokens(world, options.tokens)
    else:
        world.reset()
    api = BotApi(world)
    courier = Courier(world, api.from_webhook)
    app = web.Application(client_max_size=MAX_UPLOAD_BYTES + 1_000_000, middlewares=[_errors])
    app[WORLD] = world
    app[COURIER] = courier
    app.router.add_route("*", "/bot{token:[^/]+}/{method:[^/]+}", api.handle)
    app.router.add_route("*", "/bot{rest:.*}", api.unknown)
    app.router.add_get("/file/bot{token:[^/]+}/{path:.+}", api.file)
    control.attach(app, world)
    attach_people(app, world)
    attach_pages(app, world)
    app.cleanup_ctx.append(lambda _app: _lifetime(world, courier, options))
    return app


async def _lifetime(world: World, courier: Courier, options: Options) -> AsyncIterator[None]:
    await courier.start()
    tasks = [asyncio.create_task(_meet_deadlines(world)), asyncio.create_task(_save_regularly(world, options))]
    yield
    await courier.stop()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    if options.data is not None:
        save_folder(options.data, world.state, world.blobs)
    world.recorder.close()


async def _meet_deadlines(world: World) -> None:
    while True:
        await asyncio.sleep(LOOK_EVERY_SECONDS)
        close_due(world)
        lift_due(world)


async def _save_regularly(world: World, options: Options) -> None:
    saved = -1
    while options.data is not None:
        await asyncio.sleep(SAVE_EVERY_SECONDS)
        if world.changes != saved:
            saved = world.changes
            save_folder(options.data, world.state, world.blobs)
