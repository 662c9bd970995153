"""A web process with the Mini App alone, and phones to open it with."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask, Response
from playwright.sync_api import Browser, FrameLocator, Page, sync_playwright
from werkzeug.serving import BaseWSGIServer, make_server

from b24app import assets
from b24app.config import Settings
from b24app.i18n import compile_catalogues
from storage.unit_of_work import Transactions
from telegram_bridge.miniapp.routes import create_blueprint
from tests.conftest import KEY
from tests.launching import BOT_TOKEN, DARK, LIGHT, fragment, init_data

HERE = Path(__file__).parent
IVAN = {"id": 5000000001, "first_name": "Ivan", "last_name": "Petrov", "language_code": "ru"}
ABC = {"id": 5000000002, "first_name": "Aziza", "last_name": "Karimova", "language_code": "uz"}


@dataclass
class Site:
    """Where the web process listens."""

    url: str
    transactions: Transactions


@dataclass
class Phone:
    """A person's open Mini App: the host's page and the frame inside."""

    page: Page
    app: FrameLocator

    def press(self) -> None:
        """Press the host's bottom button once it is enabled."""
        self.page.locator("#main:not([disabled])").click()

    def bottom(self) -> str:
        """Read the host's bottom button."""
        return self.page.locator("#main").inner_text()

    def posted(self, kind: str) -> list[Any]:
        """Give what the Mini App told its host under a name."""
        return [data for name, data in self.page.evaluate("window.events") if name == kind]


def settings_for(url: str, files_dir: str) -> Settings:
    """Give settings of a deployment that has the Mini App only."""
    return Settings(
        database_url="",
        public_url=url,
        secret_keys=(KEY,),
        bitrix_client_id="",
        bitrix_client_secret="",
        telegram_bot_token=BOT_TOKEN,
        telegram_webapp_frame_origin=url,
        files_dir=files_dir,
    )


@pytest.fixture(scope="session", autouse=True)
def _catalogues() -> None:
    compile_catalogues()


@pytest.fixture
def site(transactions: Transactions, tmp_path: Path) -> Iterator[Site]:
    """A running web process on a free port, with a database of its own."""
    app = Flask("miniapp-tests", static_folder=None)
    server: BaseWSGIServer = make_server("127.0.0.1", 0, app, threaded=True)
    url = f"http://127.0.0.1:{server.server_port}"
    app.register_blueprint(create_blueprint(settings=settings_for(url, str(tmp_path)), transactions=transactions))
    app.register_blueprint(assets.create_blueprint())
    app.add_url_rule("/host", view_func=lambda: Response((HERE / "host.html").read_text("utf-8"), mimetype="text/html"))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Site(url, transactions)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for the tests of this process."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def phone(site: Site, browser: Browser) -> Iterator[Callable[..., Phone]]:
    """Opens the Mini App as somebody: `phone(IVAN, width=320, dark=True)`."""
    pages: list[Page] = []

    def open_as(
        user: dict[str, Any],
        path: str = "/app/",
        *,
        width: int = 390,
        height: int = 780,
        dark: bool = False,
        **more: str,
    ) -> Phone:
        page = browser.new_page(viewport={"width": width, "height": height}, device_scale_factor=2)
        pages.append(page)
        data = init_data(user, datetime.now(UTC), **more)
        spot = {"path": path, "launch": fragment(data, DARK if dark else LIGHT), "scheme": "dark" if dark else "light"}
        page.goto(f"{site.url}/host#{quote(json.dumps(spot))}")
        return Phone(page, page.frame_locator("#app"))

    yield open_as
    for page in pages:
        page.close()
