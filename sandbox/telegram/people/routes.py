"""Addresses of the control interface for people, bots and chats."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from sandbox.telegram.accounts import (
    add_member,
    admin_facts,
    games_of,
    make_bot,
    make_chat,
    make_person,
    migrate,
    switch_topics,
)
from sandbox.telegram.errors import ApiError, ControlError
from sandbox.telegram.model import Message, Person
from sandbox.telegram.people import paying, pressing, saying, showing, standing, webapps, who
from sandbox.telegram.world import World
from sandbox.wire import UnreadableBodyError, Upload, read_params

Json = dict[str, Any]
Act = Callable[[World, Person, Json], Any]


def _posted(message: Message) -> Json:
    return {"message_id": message.message_id, "date": message.date, "edit_date": message.edit_date}


def _send(world: World, someone: Person, wanted: Json) -> Json:
    posted = saying.send(world, someone, wanted)
    return {**_posted(posted[0]), "message_ids": [message.message_id for message in posted]}


def _read(world: World, someone: Person, wanted: Json) -> Json:
    chat = who.chat(world, someone, wanted)
    for message in chat.messages.values():
        if message.sender_id != someone.id:
            message.read = True
    return {"chat": chat.key}


def _topic(world: World, someone: Person, wanted: Json) -> Json:
    return vars(standing.make_topic(world, someone, wanted))


def _share(world: World, someone: Person, wanted: Json) -> Json:
    prepared = world.state.prepared.get(str(wanted.get("prepared_id")))
    if prepared is None or prepared["user_id"] != someone.id or prepared["expires_at"] < world.now():
        raise ControlError(404, "MESSAGE_EXPIRED")
    chat = who.chat(world, someone, wanted)
    return _posted(pressing.send_result(world, chat, someone, prepared["bot_id"], prepared["result"]))


ACTS: dict[str, Act] = {
    "send": _send,
    "edit": lambda world, someone, wanted: _posted(saying.edit(world, someone, wanted)),
    "delete": saying.delete,
    "react": lambda world, someone, wanted: _posted(saying.react(world, someone, wanted)),
    "vote": lambda world, someone, wanted: _posted(saying.vote(world, someone, wanted)),
    "press": pressing.press,
    "inline": pressing.inline,
    "start": lambda world, someone, wanted: _posted(standing.start(world, someone, wanted)),
    "block": standing.block,
    "unblock": standing.unblock,
    "delete_account": lambda world, someone, _wanted: standing.delete_account(world, someone),
    "join": standing.join,
    "leave": standing.leave,
    "topic": _topic,
    "read": _read,
    "open_webapp": webapps.open_webapp,
    "web_app_data": lambda world, someone, wanted: _posted(webapps.send_data(world, someone, wanted)),
    "invoke": lambda world, someone, wanted: {"result": webapps.invoke(world, someone, wanted)},
    "allow_write": webapps.allow_write,
    "share": _share,
    "invoice": paying.describe,
    "pay": paying.pay,
}


class _Routes:
    def __init__(self, world: World) -> None:
        self.world = world

    async def act(self, request: web.Request) -> web.StreamResponse:
        act = ACTS.get(request.match_info["act"])
        if act is None:
            raise ControlError(404, "people cannot do that")
        wanted = await _body(request)
        someone = who.person(self.world, request.match_info["id"])
        result = act(self.world, someone, wanted)
        if isinstance(result, Awaitable):
            result = await result
        return web.json_response({"ok": True, **(result or {})})

    async def users(self, request: web.Request) -> web.StreamResponse:
        if request.method == "POST":
            return web.json_response(showing.person_view(make_person(self.world, await _body(request))))
        return web.json_response({"users": [showing.person_view(p) for p in self.world.state.people.values()]})

    async def bots(self, request: web.Request) -> web.StreamResponse:
        if request.method == "POST":
            return web.json_response(showing.bot_view(make_bot(self.world, await _body(request))))
        return web.json_response({"bots": [showing.bot_view(bot) for bot in self.world.state.bots.values()]})

    async def games(self, request: web.Request) -> web.StreamResponse:
        bot = who.bot(self.world, request.match_info["id"])
        bot.games.update(games_of({"games": await _body(request)}))
        return web.json_response({"games": list(bot.games)})

    async def topics(self, request: web.Request) -> web.StreamResponse:
        bot, wanted = who.bot(self.world, request.match_info["id"]), await _body(request)
        switch_topics(bot, on=bool(wanted.get("on")))
        self.world.tell("people")
        return web.json_response(showing.bot_view(bot))

    async def chats(self, request: web.Request) -> web.StreamResponse:
        if request.method == "POST":
            return web.json_response(showing.chat_facts(self.world, make_chat(self.world, await _body(request))))
        found = [chat for chat in self.world.state.chats.values() if chat.type != "private"]
        return web.json_response({"chats": [showing.chat_facts(self.world, chat) for chat in found]})

    async def chats_of(self, request: web.Request) -> web.StreamResponse:
        someone = who.person(self.world, request.match_info["id"])
        return web.json_response({"chats": showing.chats_of(self.world, someone)})

    async def messages(self, request: web.Request) -> web.StreamResponse:
        raw_id = request.match_info.get("id") or request.query.get("user", "")
        if not raw_id:
            return await self._public_messages(request)
        someone = who.person(self.world, raw_id)
        chat = who.chat(self.world, someone, {"chat_id": request.match_info["chat"]})
        before = int(request.query.get("before", "0") or 0)
        found = showing.messages_of(
            self.world, chat, someone, before=before, deleted=request.query.get("deleted", "1") != "0"
        )
        return web.json_response({"chat": showing.chat_view(self.world, chat, someone), "messages": found})

    async def _public_messages(self, request: web.Request) -> web.StreamResponse:
        raw = request.match_info["chat"]
        named = self.world.public(raw)
        chat = self.world.state.chats.get(raw) or (self.world.state.chats.get(str(named.id)) if named else None)
        if chat is None:
            raise ControlError(404, f"no chat {raw}")
        nobody = Person(0, "")
        return web.json_response({"messages": showing.messages_of(self.world, chat, nobody)})

    async def members(self, request: web.Request) -> web.StreamResponse:
        chat = self.world.state.chats.get(request.match_info["chat"])
        if chat is None:
            raise ControlError(404, "no such chat")
        wanted = await _body(request)
        status = str(wanted.get("status", "member"))
        changes = {key: value for key, value in wanted.items() if key.startswith("can_")}
        facts = admin_facts(chat.type, **changes) if status == "administrator" else {"status": status, **changes}
        if status == "kicked":
            facts["until_date"] = int(wanted.get("until_date") or 0)
        actor = int(wanted.get("by") or 0) or next(iter(chat.members), 0)
        add_member(self.world, chat, actor, int(wanted["account_id"]), facts)
        return web.json_response(showing.chat_facts(self.world, chat))

    async def migrate(self, request: web.Request) -> web.StreamResponse:
        chat = self.world.state.chats.get(request.match_info["chat"])
        if chat is None:
            raise ControlError(404, "no such chat")
        wanted = await _body(request)
        fresh = migrate(self.world, chat, int(wanted.get("by") or 0) or next(iter(chat.members), 0))
        return web.json_response(showing.chat_facts(self.world, fresh))

    async def keys(self, _request: web.Request) -> web.StreamResponse:
        return web.json_response({"ed25519_public_key": webapps.public_key_hex()})

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: one line per change."""
        answer = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await answer.prepare(request)
        queue: asyncio.Queue[Json] = asyncio.Queue(maxsize=1000)
        self.world.watchers.add(queue)
        try:
            await answer.write(b": ready\n\n")
            while True:
                try:
                    change = await asyncio.wait_for(queue.get(), 15)
                    await answer.write(f"data: {json.dumps(change)}\n\n".encode())
                except TimeoutError:
                    await answer.write(b": still here\n\n")
        except (ConnectionError, asyncio.CancelledError):
            return answer
        finally:
            self.world.watchers.discard(queue)


async def _body(request: web.Request) -> Json:
    """A JSON object, or form fields whose structured values are JSON texts."""
    try:
        raw = await read_params(request)
    except UnreadableBodyError as error:
        raise ControlError(400, str(error)) from error
    if request.content_type == "application/json":
        return raw
    return {name: _structured(value) for name, value in raw.items()}


def _structured(value: Any) -> Any:
    if isinstance(value, str) and not isinstance(value, Upload) and value[:1] in {"{", "["}:
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


@web.middleware
async def errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refusals of the control interface as ``{"error": text}``."""
    if not request.path.startswith("/sandbox/"):
        return await handler(request)
    try:
        return await handler(request)
    except ControlError as error:
        return web.json_response({"ok": False, "error": error.text}, status=error.status)
    except ApiError as error:
        return web.json_response({"ok": False, "error": error.description}, status=400)
    except (KeyError, TypeError, ValueError) as error:
        return web.json_response({"ok": False, "error": f"{type(error).__name__}: {error}"}, status=400)


def attach(app: web.Application, world: World) -> None:
    """Adds the routes and their error handling to the application."""
    routes = _Routes(world)
    app.middlewares.append(errors)
    app.add_routes(
        [
            web.post("/sandbox/users/{id}/{act}", routes.act),
            web.route("*", "/sandbox/users", routes.users),
            web.route("*", "/sandbox/bots", routes.bots),
            web.post("/sandbox/bots/{id}/games", routes.games),
            web.post("/sandbox/bots/{id}/topics", routes.topics),
            web.route("*", "/sandbox/chats", routes.chats),
            web.get("/sandbox/users/{id}/chats", routes.chats_of),
            web.get("/sandbox/users/{id}/chats/{chat}/messages", routes.messages),
            web.get("/sandbox/chats/{chat}/messages", routes.messages),
            web.post("/sandbox/chats/{chat}/members", routes.members),
            web.post("/sandbox/chats/{chat}/migrate", routes.migrate),
            web.get("/sandbox/keys", routes.keys),
            web.get("/sandbox/stream", routes.stream),
        ]
    )
