"""A web process with our pages alone, a stand-in for the portal's window on another origin, and employees to open pages."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response
from PIL import Image
from playwright.sync_api import Browser, FrameLocator, Page

from b24app import assets
from b24app.config import Settings
from b24app.services import settings as stored
from placements import routes
from storage.models import Portal as PortalRow
from storage.unit_of_work import Transactions
from telegram_bridge import files_door
from telegram_bridge.current_bot import CurrentBot
from tests.conftest import KEY, PROJECT
from tests.contract.placements.conftest import PLACEMENTS, Portal, Somebody, World
from tests.contract.placements.world import APPLICATION_TOKEN, MEMBER_ID, PATH_SECRET, Marketplace
from tests.serving import serving

HERE = Path(__file__).parent
PICTURES = PROJECT / os.environ.get("PICTURES", "build/pictures") / "desk"


@dataclass
class Site:
    """Where the web process and the portal's stand-in listen, and what the marketplace holds."""

    url: str
    portal_url: str
    portal: Portal
    market: Marketplace
    transactions: Transactions


@dataclass
class Opened:
    """A widget in the portal's window."""

    page: Page
    app: FrameLocator
    faults: list[str] = field(default_factory=list)

    def heard(self, command: str) -> list[Any]:
        """Give what the page asked of the portal's window."""
        return [params for name, params in self.page.evaluate("window.heard") if name == command]

    def picture(self, name: str) -> None:
        """Keep a picture of the whole window."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        size = self.page.viewport_size or {"width": 1180}
        # The frame follows its content, and is painted by another process, a moment after either changed.
        self.page.wait_for_timeout(250)
        height: int = self.page.evaluate("document.documentElement.scrollHeight")
        self.page.set_viewport_size({"width": size["width"], "height": max(height, 400)})
        self.page.wait_for_timeout(250)
        taken = Image.open(io.BytesIO(self.page.screenshot()))
        # A palette keeps flat pages as they are at a third of the bytes.
        taken.convert("RGB").quantize(128).save(PICTURES / f"{name}.png", optimize=True)

    def overflow(self) -> int:
        """Give by how many pixels the page is wider than its frame."""
        width: int = self.page.frames[1].evaluate("document.documentElement.scrollWidth - innerWidth")
        return width


def settings_for(url: str, seconds: int = 900, files_dir: str = "") -> Settings:
    """Give settings of a deployment that has the pages only."""
    return Settings(
        database_url="",
        public_url=url,
        secret_keys=(KEY,),
        bitrix_client_id="",
        bitrix_client_secret="",
        page_token_seconds=seconds,
        files_dir=files_dir,
    )


@pytest.fixture
def page_token_seconds() -> int:
    """How long a page token lives; a test may shorten it."""
    return 900


@pytest.fixture
def site(transactions: Transactions, page_token_seconds: int, tmp_path: Path) -> Iterator[Site]:
    """A running web process on a free port, with a database of its own."""
    portal = Portal(
        {
            "admin": Somebody("1", "Ольга Смирнова", True),
            "manager": Somebody("7", "Пётр Иванов", False),
            "observer": Somebody("9", "Анна Котова", False),
        }
    )
    app = Flask("desk-tests", static_folder=None)
    with serving(app) as url:
        portal_url = url.replace("127.0.0.1", "localhost")
        settings = settings_for(url, page_token_seconds, str(tmp_path))
        bot = CurrentBot(settings, transactions)
        app.register_blueprint(files_door.create_blueprint(settings=settings, transactions=transactions, bot=bot))
        app.register_blueprint(
            routes.create_blueprint(
                settings=settings,
                transactions=transactions,
                confirm_visitor=portal,
                outside=World(files_dir=str(tmp_path)).outside,
            )
        )
        app.register_blueprint(assets.create_blueprint())
        app.add_url_rule(
            "/host", view_func=lambda: Response((HERE / "host.html").read_text("utf-8"), mimetype="text/html")
        )
        market = Marketplace(transactions)
        market.install()
        with transactions() as uow:
            uow.session.query(PortalRow).update({"client_endpoint": f"{portal_url}/rest/"})
            stored.put(uow, "responsible_ids", "7", "user/1")
        yield Site(url, portal_url, portal, market, transactions)


@pytest.fixture
def opened(site: Site, browser: Browser) -> Iterator[Callable[..., Opened]]:
    """Opens a widget as somebody: `opened("deal_tab", "102", who="manager", width=320, dark=True, language="uz")`."""
    pages: list[Page] = []

    def open_as(
        code: str,
        entity_id: str = "",
        *,
        who: str = "admin",
        width: int = 1180,
        dark: bool = False,
        language: str = "ru",
        before: Callable[[Page], None] = lambda page: None,
    ) -> Opened:
        with site.transactions() as uow:
            look = f"{language},{'dark' if dark else 'light'}"
            stored.put(uow, f"desk_look:{site.portal.known[who].user_id}", look, "user/1")
        page = browser.new_page(viewport={"width": width, "height": 900}, device_scale_factor=1)
        pages.append(page)
        opened = Opened(page, page.frame_locator("iframe"))
        page.on("pageerror", lambda error: opened.faults.append(str(error)))
        page.on("console", lambda said: opened.faults.append(said.text) if said.type == "error" else None)
        before(page)
        page.goto(f"{site.portal_url}/host")
        page.evaluate("start", launch(site, code, entity_id, who))
        opened.app.locator("#page:not([inert])").wait_for()
        return opened

    yield open_as
    for page in pages:
        page.close()


def rule(code: str, **values: Any) -> dict[str, Any]:
    """Give what the designer of automation posts into the settings page of a robot, as its documentation shows it."""
    fields = {"TITLE": {"Id": "TITLE", "Type": "string", "Name": "Название"}}
    document = ["crm", "CCrmDocumentDeal", "DEAL"]
    return {"code": code, "current_values": values, "document_type": document, "document_fields": fields}


def _options(code: str, entity_id: str) -> dict[str, Any]:
    if code == "robot_settings":
        return rule(entity_id)
    if code.startswith("chat_"):
        return {"dialogId": f"chat{entity_id}", "URI": "/online/"}
    if code == "standing":
        return {"MODE": "view", "ENTITY_ID": "CRM_COMPANY", "ENTITY_VALUE_ID": entity_id}
    return {"ID": entity_id} if entity_id else {}


def launch(site: Site, code: str, entity_id: str, who: str) -> dict[str, Any]:
    """Give what the portal's window posts for a widget."""
    host = site.portal_url.removeprefix("http://")
    query = f"DOMAIN={host}&PROTOCOL=0&LANG=ru&APP_SID=sid1"
    fields = {
        "AUTH_ID": who,
        "AUTH_EXPIRES": "3600",
        "REFRESH_ID": "r",
        "SERVER_ENDPOINT": "https://oauth.example/rest/",
        "APPLICATION_TOKEN": APPLICATION_TOKEN,
        "APPLICATION_SCOPE": "crm",
        "member_id": MEMBER_ID,
        "status": "L",
        "PLACEMENT": PLACEMENTS[code][0],
        "PLACEMENT_OPTIONS": json.dumps(_options(code, entity_id)),
    }
    action = f"{site.url}/placements/{PATH_SECRET}/{code}?{query}"
    return {"action": action, "fields": fields, "sid": "sid1", "token": who, "expires": 3600}
