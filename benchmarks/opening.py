"""How fast the Mini App opens: what a first visit transfers, and how long a later one takes to an enabled bottom button.

Called by `python -m benchmarks`. In a real browser, framed by a stand-in for Telegram; the marketplace is almost empty, for the screens
of a grown one are measured by `pages`.
"""

from __future__ import annotations

import json
import logging
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from urllib.parse import quote

from flask import Flask, Response
from playwright.sync_api import BrowserContext, ViewportSize, sync_playwright
from sqlalchemy import create_engine

from b24app import assets
from b24app.i18n import compile_catalogues
from benchmarks.results import Figure
from storage import migrating
from storage.embedded import EmbeddedServer, data_directory
from storage.sealing import keyring
from storage.unit_of_work import Transactions
from telegram_bridge.miniapp.routes import create_blueprint
from tests import factories
from tests.browser.browser import launch
from tests.browser.miniapp.conftest import HERE, settings_for
from tests.browser.miniapp.phones import IVAN
from tests.conftest import KEY
from tests.launching import LIGHT, fragment, init_data
from tests.serving import serving

DATABASE = "benchmark_opening"
LOADS = 20
MOST_BYTES = 60_000
PHONE: ViewportSize = {"width": 390, "height": 780}


def measure() -> list[Figure]:
    """Give the bytes of a first opening and the median time of the later ones."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    compile_catalogues()
    keyring.use([KEY])
    with _site() as url, sync_playwright() as playwright:
        browser = launch(playwright)
        context = browser.new_context(viewport=PHONE)
        first, transferred = _open(context, url)
        times = [_open(context, url)[0] for _ in range(LOADS)]
        browser.close()
    how = f"Chromium on this machine, {LOADS} openings with cached assets, to an enabled bottom button"
    return [
        Figure("opening.transferred", transferred, "bytes", "everything of a first visit, packed", at_most=MOST_BYTES),
        Figure("opening.first", first, "ms", "the first visit, nothing cached"),
        Figure("opening.cached", statistics.median(times), "ms", f"median; {how}"),
        Figure("opening.cached_worst", max(times), "ms", f"the slowest; {how}"),
    ]


def _open(context: BrowserContext, url: str) -> tuple[float, float]:
    page = context.new_page()
    launch = fragment(init_data(IVAN, datetime.now(UTC)), LIGHT)
    spot = quote(json.dumps({"path": "/app/", "launch": launch, "scheme": "light"}))
    started = time.perf_counter()
    page.goto(f"{url}/host#{spot}")
    page.locator("#main:not([disabled]):not([hidden])").wait_for()
    taken = (time.perf_counter() - started) * 1000
    sizes = page.frames[1].evaluate(
        """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
            .reduce((sum, entry) => sum + entry.transferSize, 0)"""
    )
    page.close()
    return taken, float(sizes)


@contextmanager
def _site() -> Iterator[str]:
    with EmbeddedServer(data_directory("benchmark-postgres"), throwaway=True) as server:
        server.drop_database(DATABASE)
        server.create_database(DATABASE)
        engine = create_engine(server.address(DATABASE).replace("postgresql:", "postgresql+psycopg:", 1))
        migrating.upgrade(engine)
        transactions = Transactions(engine)
        with transactions() as uow:
            factories.buyer(uow, str(IVAN["id"]))
        app = Flask("opening", static_folder=None)
        with serving(app) as url:
            app.register_blueprint(create_blueprint(settings=settings_for(url, "var/files"), transactions=transactions))
            app.register_blueprint(assets.create_blueprint())
            host = (HERE / "host.html").read_text("utf-8")
            app.add_url_rule("/host", view_func=lambda: Response(host, mimetype="text/html"))
            yield url
        engine.dispose()
        server.drop_database(DATABASE)
