"""A web process with the Mini App alone, and phones to open it with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint, Flask, Response
from playwright.sync_api import Browser

from b24app import assets
from b24app.config import Settings
from storage.unit_of_work import Transactions
from telegram_bridge import files_door
from telegram_bridge.current_bot import CurrentBot
from telegram_bridge.miniapp.routes import create_blueprint
from tests.browser.miniapp.phones import Phone, open_phone
from tests.conftest import KEY
from tests.launching import BOT_TOKEN
from tests.serving import serving

HERE = Path(__file__).parent


@dataclass
class Site:
    """Where the web process listens."""

    url: str
    transactions: Transactions
    files_dir: str


def settings_for(url: str, files_dir: str) -> Settings:
    """Give settings of a deployment that has the Mini App only, framed by a page of its own."""
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


def files_of(settings: Settings, transactions: Transactions) -> Blueprint:
    """Give the door of the files; nothing in these tests is fetched from Telegram."""
    bot = CurrentBot(settings, transactions)
    return files_door.create_blueprint(settings=settings, transactions=transactions, bot=bot)


@pytest.fixture
def site(transactions: Transactions, tmp_path: Path) -> Iterator[Site]:
    """A running web process on a free port, with a database of its own."""
    app = Flask("miniapp-tests", static_folder=None)
    with serving(app) as url:
        app.register_blueprint(create_blueprint(settings=settings_for(url, str(tmp_path)), transactions=transactions))
        app.register_blueprint(assets.create_blueprint())
        app.register_blueprint(files_of(settings_for(url, str(tmp_path)), transactions))
        app.add_url_rule(
            "/host", view_func=lambda: Response((HERE / "host.html").read_text("utf-8"), mimetype="text/html")
        )
        yield Site(url, transactions, str(tmp_path))


@pytest.fixture
def phone(site: Site, browser: Browser) -> Iterator[Callable[..., Phone]]:
    """Opens the Mini App as somebody: `phone(IVAN, width=320, dark=True)`; at the end no page may have complained."""
    phones: list[Phone] = []

    def open_as(user: dict[str, Any], path: str = "/app/", **how: Any) -> Phone:
        phones.append(open_phone(browser, site.url, user, path, **how))
        return phones[-1]

    yield open_as
    complaints = [complaint for opened in phones for complaint in opened.complaints]
    for opened in phones:
        opened.page.close()
    assert complaints == []
