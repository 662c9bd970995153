"""Launches made by the stand-in portal, confirmed by asking it back: nothing of the chain is ours but the application."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from b24app.app import create_app
from b24app.bitrix24.client import RestClient
from b24app.bitrix24.install import Installer
from b24app.bitrix24.oauth import AuthorizationServer, TokenKeeper
from b24app.config import Settings
from b24app.manifest import manifest
from b24app.services import settings as stored
from sandbox.processes import free_port
from storage.db import db
from storage.embedded import EmbeddedServer
from storage.models import CrmLink
from storage.sealing import keyring
from storage.unit_of_work import Transactions
from tests.conftest import KEY
from tests.contract.bitrix24.world import PortalWorld, running_portal
from tests.contract.placements.world import DEAL, Marketplace
from tests.serving import serving


@dataclass
class Office:
    """The portal with our application installed, and employees who open its pages."""

    world: PortalWorld
    app: dict[str, Any]
    market: Marketplace

    def open(
        self, placement: str, options: dict[str, str] | None = None, user_id: str = "1", **changes: str
    ) -> requests.Response:
        """Open a widget as an employee; `changes` replace what the portal posts."""
        wanted = {"app_id": self.app["app_id"], "user_id": user_id, "placement": placement, "options": options or {}}
        made = self.world.control("launch", wanted)
        return requests.post(made["url"], data={**made["fields"], **changes}, timeout=20)

    def deal(self, lot_id: int) -> str:
        """Make a deal on the portal that stands for a lot; answers its id."""
        made = self.world.as_user("crm.item.add", {"entityTypeId": DEAL, "fields": {"title": "Лот"}})
        deal_id = str(made["item"]["id"])
        with self.market.transactions() as uow:
            uow.session.query(CrmLink).filter_by(ref=f"lot/{lot_id}").update({"entity_id": deal_id})
        return deal_id


@pytest.fixture(scope="module")
def address(postgres: EmbeddedServer, template_database: str) -> Iterator[str]:
    """A database of this module's own: the installation stays in it from one test to the next."""
    name = f"launches_{os.getpid()}"
    postgres.create_database(name, template=template_database)
    yield make_url(postgres.address(name)).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    postgres.drop_database(name)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, address: str) -> Iterator[Office]:
    """Everything running, the application installed; logging stays the test runner's."""
    keyring.use([KEY])
    tmp_path, transactions = tmp_path_factory.mktemp("office"), Transactions(create_engine(address))
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with running_portal(tmp_path) as world, pytest.MonkeyPatch.context() as patch:
        patch.setattr("b24app.logs.configure", lambda level: None)
        app = world.add_app(url, list(manifest().scopes))
        settings = Settings(
            database_url=address,
            public_url=url,
            secret_keys=(KEY,),
            bitrix_client_id=app["client_id"],
            bitrix_client_secret=app["client_secret"],
            bitrix_oauth_url=world.url,
            bitrix_portal_url=world.url,
            files_dir=str(tmp_path),
        )
        flask = create_app(settings)
        client = RestClient()
        keeper = TokenKeeper(transactions, AuthorizationServer(settings))
        with serving(flask, port):
            made = world.control(f"apps/{app['app_id']}/install-launch", {"user_id": "1"})
            assert requests.post(made["url"], data=made["fields"], timeout=20).ok
            assert Installer(settings, transactions, client, keeper, manifest()).apply().state == "done"
            world.control(f"apps/{app['app_id']}/install-finish", {})
            yield Office(world, app, Marketplace(transactions))
        client.close()
        with flask.app_context():
            db.engine.dispose()
        transactions.engine.dispose()


def test_the_installed_tab_opens_for_whom_the_portal_confirms(office: Office) -> None:
    """The address that the installation bound shows the lot of the deal, in a frame that only this portal may make."""
    office.market.buyer()
    deal = office.deal(office.market.lot())
    answer = office.open("CRM_DEAL_DETAIL_TAB", {"ID": deal})
    assert answer.status_code == 200, answer.text
    assert "+7 900 123-45-67" in answer.text
    assert f"frame-ancestors {office.world.url};" in answer.headers["Content-Security-Policy"] + ";"


def test_a_forged_token_is_refused_by_the_portal_itself(office: Office) -> None:
    """The right path and application token do not help somebody whose access token the portal does not know."""
    answer = office.open("CRM_DEAL_DETAIL_TAB", {"ID": "1"}, AUTH_ID="forged")
    assert (answer.status_code, "page-token" in answer.text) == (403, False)


def test_a_deal_that_does_not_exist_is_not_shown(office: Office) -> None:
    """What the visitor cannot read on the portal he cannot read here."""
    assert office.open("CRM_DEAL_DETAIL_TAB", {"ID": "424242"}).status_code == 403


def test_the_left_menu_opens_and_a_button_works(office: Office) -> None:
    """The page token of a confirmed administrator changes a setting."""
    answer = office.open("LEFT_MENU")
    assert answer.status_code == 200, answer.text
    token = re.search(r'name="page-token" content="([^"]+)"', answer.text)
    assert token
    base = answer.url.split("/placements/")[0]
    form = {"responsible_ids": "1", "card_language": "uz"}
    pressed = requests.post(
        f"{base}/placements/act/save_people", data=form, headers={"X-Page-Token": token[1]}, timeout=20
    )
    assert pressed.status_code == 200, pressed.text
    with office.market.transactions() as uow:
        assert stored.get(uow, "card_language") == "uz"
