"""An installed application on a stand-in portal."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import requests
from flask import Flask
from sqlalchemy import Engine

from b24app.assets import Assets
from b24app.bitrix24 import routes
from b24app.bitrix24.client import RestClient
from b24app.bitrix24.enrolment import Enrolment
from b24app.bitrix24.gateway import Bitrix24Gateway
from b24app.bitrix24.install import Installer
from b24app.bitrix24.oauth import AuthorizationServer, TokenKeeper
from b24app.bitrix24.rounds import Question, Round
from b24app.bitrix24.visitors import VisitorCheck
from b24app.config import Settings
from b24app.domain.deliveries import SaveItem, ShowCard
from b24app.domain.delivery import Delivery
from b24app.domain.outcomes import Done, Envelope, Outcome
from b24app.manifest import manifest
from b24app.services import portals
from placements import install, install_connector
from sandbox.processes import free_port
from storage.embedded import EmbeddedServer
from storage.engines import engine_on
from storage.models import Card, CrmLink
from storage.sealing import keyring
from storage.unit_of_work import Transactions
from tests.conftest import KEY
from tests.contract.bitrix24.world import PortalWorld, running_portal
from tests.databases import RewindableDatabase
from tests.serving import serving


class NoAssets(Assets):
    """Bundles whose names do not matter here."""

    def url(self, name: str) -> str:
        """Give some address."""
        return f"/assets/{name}"


@dataclass(frozen=True)
class Verdict:
    """No bot was chosen, and none is missed."""

    bot: None = None
    bot_fault: str = ""
    channel_fault: str = ""


class NoBots:
    """Telegram where no bot matters."""

    def judge(self, token: str, channel_id: str) -> Verdict:
        """Find nothing."""
        return Verdict()

    def put_to_work(self) -> None:
        """Do nothing."""


@dataclass
class Deployment:
    """Our parts, wired as the composition root does, against the stand-in portal."""

    world: PortalWorld
    settings: Settings
    transactions: Transactions
    client: RestClient
    keeper: TokenKeeper
    installer: Installer
    app: dict[str, Any]

    def launch(self, user_id: str = "1") -> requests.Response:
        """Open the installation page as a person of the portal."""
        made = self.world.control(f"apps/{self.app['app_id']}/install-launch", {"user_id": user_id})
        return requests.post(made["url"], data=made["fields"], timeout=20)

    def install(self) -> None:
        """Install to the end."""
        answer = self.launch()
        assert answer.status_code == 200, answer.text
        progress = self.installer.apply()
        assert progress.state == "done", (progress.error, progress.failed, progress.checks)
        self.world.control(f"apps/{self.app['app_id']}/install-finish", {})

    def portal_id(self) -> int:
        """Give the id of the installation."""
        with self.transactions() as uow:
            portal = portals.current(uow)
            assert portal is not None
            return portal.id

    def call(self, method: str, params: dict[str, Any] | None = None) -> Any:
        """Call REST as the application."""
        return self.client.call(self.keeper.current(self.portal_id()), method, params).result


@pytest.fixture(scope="session")
def _portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalWorld]:
    """The stand-in portal of this test process."""
    with running_portal(tmp_path_factory.mktemp("portal")) as portal:
        portal.control("snapshot", {"name": "empty"})
        yield portal


@contextmanager
def _deployed(world: PortalWorld, transactions: Transactions, port: int, app: dict[str, Any]) -> Iterator[Deployment]:
    settings = Settings(
        database_url="",
        public_url=f"http://127.0.0.1:{port}",
        secret_keys=(KEY,),
        bitrix_client_id=app["client_id"],
        bitrix_client_secret=app["client_secret"],
        bitrix_oauth_url=world.url,
        bitrix_portal_url=world.url,
    )
    client, server = RestClient(), AuthorizationServer(settings)
    keeper = TokenKeeper(transactions, server)
    installer = Installer(settings, transactions, client, keeper, manifest())
    flask = _web(settings, transactions, Enrolment(settings, transactions, client, server))
    flask.register_blueprint(
        install_connector.create_blueprint(
            transactions=transactions,
            confirm_visitor=VisitorCheck(client, transactions).confirm,
            connect_line=installer.connect_line,
            assets=NoAssets(),
        )
    )
    with serving(flask, port):
        yield Deployment(world, settings, transactions, client, keeper, installer, app)
    client.close()


@pytest.fixture
def deployment(_portal: PortalWorld, transactions: Transactions) -> Iterator[Deployment]:
    """Our application, registered on an untouched portal but not installed yet."""
    _portal.rewind("empty")
    port = free_port()
    app = _portal.add_app(f"http://127.0.0.1:{port}", list(manifest().scopes))
    with _deployed(_portal, transactions, port, app) as made:
        yield made


@dataclass
class Home:
    """An installation that every test of this process starts from: a state of the portal, a database, a port."""

    app: dict[str, Any]
    database: RewindableDatabase
    port: int


@pytest.fixture(scope="session")
def _home(_portal: PortalWorld, postgres: EmbeddedServer, template_database: str) -> Iterator[Home]:
    keyring.use([KEY])
    _portal.rewind("empty")
    port, name = free_port(), f"installed_{os.getpid()}"
    app = _portal.add_app(f"http://127.0.0.1:{port}", list(manifest().scopes))
    postgres.drop_database(name)
    postgres.create_database(name, template=template_database)
    engine = _engine(postgres.address(name))
    with _deployed(_portal, Transactions(engine), port, app) as made:
        made.install()
    engine.dispose()
    _portal.control("snapshot", {"name": "installed"})
    yield Home(app, RewindableDatabase(postgres.address(name)), port)
    postgres.drop_database(name)


@pytest.fixture
def installed(_portal: PortalWorld, _home: Home) -> Iterator[Deployment]:
    """Our application, installed to the end; portal and database are as right after the installation."""
    _portal.rewind("installed")
    _home.database.end_connections()
    _home.database.rewind()
    engine = _engine(_home.database.address)
    with _deployed(_portal, Transactions(engine), _home.port, _home.app) as made:
        yield made
    engine.dispose()


def _engine(address: str) -> Engine:
    return engine_on(address.replace("postgresql:", "postgresql+psycopg:", 1))


def _web(settings: Settings, transactions: Transactions, enrolment: Enrolment) -> Flask:
    flask = Flask("contract")
    flask.register_blueprint(routes.create_blueprint(settings=settings, transactions=transactions))
    flask.register_blueprint(
        install.create_blueprint(
            settings=settings,
            transactions=transactions,
            enrolment=enrolment,
            start=lambda job: None,
            bots=NoBots(),
            assets=NoAssets(),
        )
    )
    return flask


@dataclass
class Carrier:
    """The gateway, with what the dispatcher would remember between two sends."""

    deployment: Deployment
    gateway: Bitrix24Gateway

    def send(self, *deliveries: Delivery) -> list[Outcome]:
        """Send messages and keep what was created."""
        outcomes = self.gateway.send(
            [envelope_of(delivery, lane=f"l{number}") for number, delivery in enumerate(deliveries)]
        )
        for delivery, outcome in zip(deliveries, outcomes, strict=True):
            if isinstance(outcome, Done):
                self.remember(delivery, outcome)
        return outcomes

    def done(self, delivery: Delivery) -> dict[str, Any]:
        """Send one message that must arrive; answers what came back."""
        (outcome,) = self.send(delivery)
        assert isinstance(outcome, Done), outcome
        return outcome.answer

    def remember(self, delivery: Delivery, outcome: Done) -> None:
        """Keep the ids that later messages need."""
        with self.deployment.transactions() as uow:
            if isinstance(delivery, SaveItem) and not uow.session.query(CrmLink).filter_by(ref=delivery.ref).count():
                ids = {name: outcome.answer[name] for name in ("entity_type_id", "entity_id")}
                uow.session.add(CrmLink(ref=delivery.ref, snapshot={"fm": delivery.fields.get("fm", [])}, **ids))
            if isinstance(delivery, ShowCard) and outcome.answer:
                known = uow.session.query(Card).filter_by(card=delivery.card).first()
                if known is None:
                    activity_id = outcome.answer["activity_id"]
                    uow.session.add(Card(card=delivery.card, ref=delivery.ref, activity_id=activity_id))

    def item(self, ref: str) -> dict[str, Any]:
        """Give the CRM item of a ref as the portal shows it."""
        with self.deployment.transactions() as uow:
            link = uow.session.query(CrmLink).filter_by(ref=ref).one()
        params = {"entityTypeId": link.entity_type_id, "id": link.entity_id, "useOriginalUfNames": "Y"}
        return dict(self.deployment.call("crm.item.get", params)["item"])


def envelope_of(delivery: Delivery, attempt: int = 1, lane: str = "l") -> Envelope:
    """Put a message into an envelope."""
    return Envelope(row_id=1, key="k", lane=lane, attempt=attempt, delivery=delivery)


def asked(made: Deployment, question: Question) -> int:
    """Ask one thing of the portal, as a worker's round does; answers how much it found."""
    return Round(made.transactions, made.client, made.keeper, [question]).ask_all()[0]


@pytest.fixture
def carrier(installed: Deployment) -> Carrier:
    """A gateway to the portal that we are installed on."""
    gateway = Bitrix24Gateway(
        installed.settings, installed.transactions, installed.client, installed.keeper, manifest()
    )
    return Carrier(installed, gateway)
