"""A real portal server on a free port, an application of it, and a server that hears what the portal posts."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
from aiohttp import web

from sandbox.options import Options
from sandbox.portal.portal import PORTAL, Portal
from sandbox.portal.server import create_app
from sandbox.wire import read_params

SCOPES = [
    "crm",
    "bizproc",
    "placement",
    "im",
    "imopenlines",
    "imconnector",
    "disk",
    "task",
    "tasks",
    "calendar",
    "telephony",
    "messageservice",
    "documentgenerator",
    "user",
]
Json = dict[str, Any]


@contextmanager
def serving(app: web.Application) -> Iterator[str]:
    """Runs an application in a thread of its own; gives its address."""
    loop = asyncio.new_event_loop()
    runner = web.AppRunner(app)
    loop.run_until_complete(runner.setup())
    site = web.TCPSite(runner, "127.0.0.1", 0)
    loop.run_until_complete(site.start())
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    host, port = runner.addresses[0][:2]
    try:
        yield f"http://{host}:{port}"
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.run_until_complete(runner.cleanup())
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


class Ear:
    """Everything that was posted to the handler server, decoded, in order; files that it offers for download."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, Json]] = []
        self.files: dict[str, bytes] = {}
        self.url = ""

    def app(self) -> web.Application:
        """The server."""
        app = web.Application()
        app.router.add_post("/{path:.*}", self._hear)
        app.router.add_get("/{path:.*}", self._offer)
        return app

    async def _hear(self, request: web.Request) -> web.StreamResponse:
        self.heard.append((request.path, await read_params(request)))
        return web.Response()

    async def _offer(self, request: web.Request) -> web.StreamResponse:
        content = self.files.get(request.path)
        return web.Response(status=404) if content is None else web.Response(body=content)


class World:
    """The portal as its caller sees it: REST by webhook and by the application, control, heard posts."""

    def __init__(self, url: str, state: Portal, ear: Ear) -> None:
        self.url, self.state, self.ear = url, state, ear
        self.session = requests.Session()
        self.app = self.control(
            "apps",
            title="Trade",
            handler_url=f"{ear.url}/app",
            install_url=f"{ear.url}/install",
            scopes=SCOPES,
        )
        launch = self.control(f"apps/{self.app['app_id']}/install-launch", user_id="1")
        self.token = launch["fields"]["AUTH_ID"]
        self.control(f"apps/{self.app['app_id']}/install-finish")

    def control(self, path: str, **wanted: Any) -> Json:
        """POST to the control interface; refusals are answered as they are."""
        answer: Json = self.session.post(f"{self.url}/sandbox/{path}", json=wanted, timeout=30).json()
        return answer

    def look(self, path: str) -> Json:
        """GET from the control interface."""
        answer: Json = self.session.get(f"{self.url}/sandbox/{path}", timeout=30).json()
        return answer

    def hook(self, method: str, **params: Any) -> Json:
        """A call by the administrator's webhook."""
        answer: Json = self.session.post(f"{self.url}/rest/1/KEY/{method}", json=params, timeout=30).json()
        return answer

    def listed(self, method: str, *params: Any) -> Any:
        """The result of a call by the administrator's webhook whose parameters are a JSON list."""
        answer: Json = self.session.post(f"{self.url}/rest/1/KEY/{method}", json=params, timeout=30).json()
        return answer["result"]

    def rest(self, method: str, **params: Any) -> Json:
        """A call by the application."""
        body = {**params, "auth": self.token}
        answer: Json = self.session.post(f"{self.url}/rest/{method}", json=body, timeout=30).json()
        return answer

    def result(self, method: str, **params: Any) -> Any:
        """The result of a call by the application that must succeed."""
        answer = self.rest(method, **params)
        assert "result" in answer, answer
        return answer["result"]

    def error(self, method: str, **params: Any) -> str:
        """The error code of a call by the application that must be refused."""
        answer = self.rest(method, **params)
        assert "error" in answer, answer
        return str(answer["error"])

    def as_webhook(self, method: str, user_id: str, **params: Any) -> dict[str, Any]:
        """The whole answer to an incoming webhook of an employee."""
        hook = self.control("webhooks", user_id=user_id, key="own")
        address = f"{self.url}/rest/{hook['user_id']}/{hook['key']}/{method}"
        return dict(self.session.post(address, json=params, timeout=10).json())

    def token_of(self, user_id: str) -> str:
        """A token of the application for another user."""
        launch = self.control("launch", app_id=self.app["app_id"], user_id=user_id)
        return str(launch["fields"]["AUTH_ID"])

    def deal(self, **fields: Any) -> str:
        """A new deal."""
        made = self.result("crm.item.add", entityTypeId=2, fields={"title": "Lot 104", **fields})
        return str(made["item"]["id"])

    def settle(self) -> None:
        """Waits until everything posted by the portal has arrived."""
        assert self.control("drain", seconds=20)["empty"]

    def heard(self, path: str) -> list[Json]:
        """What arrived at one address of the handler server."""
        self.settle()
        return [fields for heard, fields in self.ear.heard if heard == path]

    def bind(self, event: str, path: str) -> None:
        """Subscribes the application to an event."""
        assert self.result("event.bind", event=event, handler=f"{self.ear.url}{path}")


@contextmanager
def running() -> Iterator[World]:
    """A fresh portal with an installed application."""
    ear = Ear()
    app = create_app(Options(webhooks=("1/KEY",)))
    with serving(ear.app()) as ear.url, serving(app) as url:
        world = World(url, app[PORTAL], ear)
        yield world
        world.session.close()
