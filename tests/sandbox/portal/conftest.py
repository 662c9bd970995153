"""A real portal server on a free port for each test, spoken to by plain HTTP."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

import pytest
import requests
from aiohttp import web

from sandbox.options import Options
from sandbox.portal.registry import METHODS
from sandbox.portal.server import create_app, portal_modules

WEBHOOKS = ("1/admin", "2/manager", "3/own", "4/none")


class Running:
    """A server in a thread of its own, and a client to it."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.session = requests.Session()
        self._loop = asyncio.new_event_loop()
        self._started = threading.Event()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.port = 0

    def start(self) -> None:
        """Waits until the port listens."""
        self._thread.start()
        assert self._started.wait(20)

    def stop(self) -> None:
        """Ends the server cleanly; a second time does nothing."""
        self.session.close()
        if self._loop.is_closed():
            return
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(20)
        self._loop.close()

    def _run(self) -> None:
        self._loop.run_until_complete(self._serve())

    async def _serve(self) -> None:
        runner = web.AppRunner(create_app(self.options), access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.port = runner.addresses[0][1]
        self._started.set()
        await self._stop.wait()
        await runner.cleanup()

    @property
    def host(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """The root of the server."""
        return f"http://{self.host}"

    def send(self, method: str, params: dict[str, Any] | None = None, hook: str = "1/admin") -> requests.Response:
        """One REST call through a webhook with a JSON body."""
        return self.session.post(f"{self.url}/rest/{hook}/{method}", json=params or {}, timeout=20)

    def call(self, method: str, params: dict[str, Any] | None = None, hook: str = "1/admin") -> Any:
        """The result of a call that must succeed."""
        answer = self.send(method, params, hook)
        assert answer.status_code == 200, answer.text
        body = answer.json()
        assert "error" not in body, body
        return body["result"]

    def refused(self, method: str, params: dict[str, Any] | None = None, hook: str = "1/admin") -> tuple[int, str]:
        """Status and code, as text, of a call that must fail."""
        answer = self.send(method, params, hook)
        return answer.status_code, str(answer.json()["error"])

    def as_app(self, token: str, method: str, params: dict[str, Any] | None = None) -> requests.Response:
        """One REST call with an access token."""
        return self.session.post(f"{self.url}/rest/{method}", json={**(params or {}), "auth": token}, timeout=20)

    def control(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """A POST to the control interface that must succeed."""
        answer = self.session.post(f"{self.url}/sandbox/{path}", json=body or {}, timeout=70)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def look(self, path: str) -> Any:
        """A GET of the control interface."""
        answer = self.session.get(f"{self.url}/sandbox/{path}", timeout=20)
        assert answer.status_code == 200, answer.text
        return answer.json()


class Listener:
    """An application's server: remembers what is posted to it."""

    def __init__(self) -> None:
        self.received: list[dict[str, str]] = []
        received = self.received

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                text = self.rfile.read(length).decode()
                received.append({**dict(parse_qsl(text, keep_blank_values=True)), "path": self.path})
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_arguments: object) -> None:
                """Keeps the test output clean."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self._thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Closes the server."""
        self.server.shutdown()
        self.server.server_close()
        self._thread.join(5)

    def events(self, name: str) -> list[dict[str, str]]:
        """What came with this event code."""
        return [fields for fields in self.received if fields.get("event") == name]


@pytest.fixture
def make_portal() -> Iterator[Callable[..., Running]]:
    """Starts portals with chosen options."""
    started: list[Running] = []

    def make(**chosen: Any) -> Running:
        portal = Running(Options(**{"webhooks": WEBHOOKS, **chosen}))
        portal.start()
        started.append(portal)
        return portal

    yield make
    for portal in started:
        portal.stop()


@pytest.fixture
def portal(make_portal: Callable[..., Running]) -> Running:
    """A portal without limits and with a webhook for each of its people."""
    return make_portal()


@pytest.fixture
def listener() -> Iterator[Listener]:
    """The server of an application."""
    server = Listener()
    yield server
    server.stop()


class InstalledApp:
    """An application on the portal with the tokens of its administrator."""

    def __init__(self, portal: Running, listener: Listener, scopes: list[str]) -> None:
        self.portal = portal
        self.handler = f"{listener.url}/app"
        wanted = {"title": "Test", "handler_url": f"{listener.url}/app", "install_url": f"{listener.url}/install"}
        self.data = portal.control("apps", {**wanted, "scopes": scopes})
        self.id = self.data["app_id"]
        launch = portal.control(f"apps/{self.id}/install-launch")
        self.launch = launch
        self.token = launch["fields"]["AUTH_ID"]
        self.refresh_token = launch["fields"]["REFRESH_ID"]

    def finish(self) -> None:
        """Ends the installation, as the page does."""
        assert self.portal.control(f"apps/{self.id}/install-finish") == {"finished": True}

    def call(self, method: str, params: dict[str, Any] | None = None) -> Any:
        """The result of a call in the context of the application."""
        answer = self.portal.as_app(self.token, method, params)
        assert answer.status_code == 200, answer.text
        return answer.json()["result"]


@contextmanager
def with_every_scope() -> Iterator[InstalledApp]:
    """An application that may do everything, installed on a portal of its own."""
    portal_modules()
    portal, listener = Running(Options(port=0)), Listener()
    portal.start()
    installed = InstalledApp(portal, listener, sorted({scope for found in METHODS.values() for scope in found.scopes}))
    installed.finish()
    try:
        yield installed
    finally:
        portal.stop()
        listener.stop()


@pytest.fixture
def app(portal: Running, listener: Listener) -> InstalledApp:
    """An application whose installation is finished."""
    scopes = ["crm", "placement", "user", "bizproc", "im", "imopenlines", "imconnector", "userfieldconfig", "task"]
    installed = InstalledApp(portal, listener, scopes)
    installed.finish()
    return installed
