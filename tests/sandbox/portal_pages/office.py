"""A portal with an application whose pages live in its frames through the official SDK, and people at browsers."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from aiohttp import web
from playwright.sync_api import Browser, FrameLocator, Page, expect

from sandbox.options import Options
from sandbox.portal.portal import PORTAL
from sandbox.portal.server import create_app
from sandbox.wire import read_params
from tests.sandbox.portal_automation.world import Ear, World

MODULES = Path(__file__).resolve().parents[3] / "static" / "node_modules"
SDK = MODULES / "@bitrix24" / "b24jssdk" / "dist" / "umd" / "index.min.js"
PAGE = """<!doctype html><meta charset="utf-8"><title>app</title><script src="/sdk.js"></script>
<body style="margin:0"><h1 id="where">{path}</h1><p id="state">…</p><script>
B24Js.initializeB24Frame().then((b24) => {{ window.b24 = b24; state.textContent = "ready"; }},
  (error) => {{ state.textContent = String(error); }});
</script>"""


@contextmanager
def serving(app: web.Application) -> Iterator[str]:
    """Runs an application wholly in a thread of its own (the browser's loop occupies this one); gives its address."""
    ready: Future[tuple[str, asyncio.AbstractEventLoop, asyncio.Event]] = Future()
    thread = threading.Thread(target=lambda: asyncio.run(_serve(app, ready)))
    thread.start()
    url, loop, stop = ready.result(20)
    try:
        yield url
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()


async def _serve(app: web.Application, ready: Future[Any]) -> None:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    stop = asyncio.Event()
    ready.set_result((f"http://{host}:{port}", asyncio.get_running_loop(), stop))
    await stop.wait()
    await runner.cleanup()


CLASSIC = """<!doctype html><meta charset="utf-8"><title>app</title><script src="{portal}/api/v1/"></script>
<body style="margin:0"><h1 id="where">{path}</h1><p id="state">…</p><script>
BX24.init(() => {{ state.textContent = "ready"; }});
</script>"""


class AppServer(Ear):
    """The application: every POST of a browser is answered with a page that speaks through the SDK."""

    def app(self) -> web.Application:
        """The server."""
        app = web.Application()
        app.router.add_get("/sdk.js", self._sdk)
        app.router.add_post("/{path:.*}", self._page)
        return app

    async def _sdk(self, _request: web.Request) -> web.StreamResponse:
        return web.FileResponse(SDK)

    async def _page(self, request: web.Request) -> web.StreamResponse:
        self.heard.append((request.path, await read_params(request)))
        template = CLASSIC if request.path.startswith("/classic") else PAGE
        portal = f"http://{request.query.get('DOMAIN', '')}"
        text = template.format(path=request.path, portal=portal)
        return web.Response(text=text, content_type="text/html")


class Desk:
    """One person's browser window."""

    def __init__(self, world: World, page: Page) -> None:
        self.world, self.page = world, page
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(str(error)))

    def go(self, path: str) -> Page:
        """Opens a page of the portal."""
        self.page.goto(self.world.url + path)
        return self.page

    def frame(self) -> FrameLocator:
        """The application's frame, once the SDK in it is ready."""
        frame = self.page.frame_locator("iframe.app").last
        expect(frame.locator("#state")).to_have_text("ready")
        return frame

    def ask(self, script: str) -> Any:
        """Evaluates a script in the application's frame, where `b24` is the SDK."""
        return self.frame().locator("#state").evaluate(f"async () => {script}")


def sit_down(world: World, browser: Browser, user_id: str = "1", width: int = 1280) -> Desk:
    """A new window of a person."""
    context = browser.new_context(viewport={"width": width, "height": 800})
    context.add_cookies([{"name": "sandbox_user", "value": user_id, "url": world.url}])
    return Desk(world, context.new_page())


@contextmanager
def open_office() -> Iterator[World]:
    """A fresh portal with an installed application and its server."""
    server = AppServer()
    app = create_app(Options(webhooks=("1/KEY",)))
    with serving(server.app()) as server.url, serving(app) as url:
        world = World(url, app[PORTAL], server)
        yield world
        world.session.close()


def look(world: World, path: str, user_id: str = "1", **more: Any) -> Any:
    """Fetches a page of the portal as a person, without a browser."""
    return world.session.get(world.url + path, cookies={"sandbox_user": user_id}, timeout=30, **more)


def bind_tab(world: World) -> None:
    """Binds a tab of the application to cards of deals."""
    world.result("placement.bind", PLACEMENT="CRM_DEAL_DETAIL_TAB", HANDLER=f"{world.ear.url}/tab", TITLE="Lot")


def write_from_outside(world: World, text: str) -> None:
    """A person writes through a connector of the application on line 1."""
    icon = {"DATA_IMAGE": "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E"}
    handler = f"{world.ear.url}/connector"
    world.result("imconnector.register", ID="trade", NAME="Trade chat", ICON=icon, PLACEMENT_HANDLER=handler)
    world.result("imconnector.activate", CONNECTOR="trade", LINE=1, ACTIVE="1")
    world.result("imconnector.connector.data.set", CONNECTOR="trade", LINE=1, DATA={"name": "Trade chat"})
    message = {
        "user": {"id": "77", "name": "Ivan", "last_name": "Petrov"},
        "message": {"id": "1", "date": 1_700_000_000, "text": text, "disable_crm": "Y"},
        "chat": {"id": "c77"},
    }
    world.result("imconnector.send.messages", CONNECTOR="trade", LINE=1, MESSAGES=[message])
