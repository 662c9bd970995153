"""A web process with our pages alone, and a portal that vouches for whom it is told to."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from b24app.assets import Assets
from b24app.config import Settings
from b24app.errors import NotAllowed
from b24app.services import settings as stored
from placements import routes
from placements.calls import Launch
from placements.outside import Outside
from storage.models import OutboxRow
from storage.unit_of_work import Transactions
from telegram_bridge import pictures
from telegram_bridge.miniapp import uploads
from telegram_bridge.miniapp.uploads import Stored
from tests.conftest import KEY
from tests.contract.placements.world import (
    APPLICATION_TOKEN,
    AUDIT,
    COMPANY,
    CONTACT,
    DEAL,
    DISPUTE,
    LEAD,
    MEMBER_ID,
    PATH_SECRET,
    Marketplace,
)
from tests.databases import Prepared

PLACEMENTS = {
    "lead_tab": ("CRM_LEAD_DETAIL_TAB", LEAD),
    "deal_tab": ("CRM_DEAL_DETAIL_TAB", DEAL),
    "contact_tab": ("CRM_CONTACT_DETAIL_TAB", CONTACT),
    "company_tab": ("CRM_COMPANY_DETAIL_TAB", COMPANY),
    "audit_tab": (f"CRM_DYNAMIC_{AUDIT}_DETAIL_TAB", AUDIT),
    "dispute_tab": (f"CRM_DYNAMIC_{DISPUTE}_DETAIL_TAB", DISPUTE),
    "overview": ("LEFT_MENU", 0),
    "lead_button": ("CRM_LEAD_DETAIL_ACTIVITY", LEAD),
    "contact_button": ("CRM_CONTACT_DETAIL_ACTIVITY", CONTACT),
    "company_button": ("CRM_COMPANY_DETAIL_ACTIVITY", COMPANY),
    "deal_button": ("CRM_DEAL_DETAIL_ACTIVITY", DEAL),
    "chat_sidebar": ("IM_SIDEBAR", 0),
    "chat_mobile": ("IMMOBILE_CONTEXT_MENU", 0),
    "chat_textarea": ("IM_TEXTAREA", 0),
    "standing": ("USERFIELD_TYPE", 0),
    "robot_designer": ("CRM_DEAL_ROBOT_DESIGNER_TOOLBAR", 0),
    "robot_settings": ("DEFAULT", 0),
    "reports": ("CRM_ANALYTICS_MENU", 0),
}


class NoAssets(Assets):
    """Bundles whose names do not matter here."""

    def url(self, name: str) -> str:
        """Give some address."""
        return f"/assets/{name}"


@dataclass(frozen=True)
class Somebody:
    """An employee the portal knows."""

    user_id: str
    name: str
    is_admin: bool
    can_read: bool = True


@dataclass(frozen=True)
class Verdict:
    """Nothing against whatever bot was chosen."""

    bot: None = None
    bot_fault: str = ""
    channel_fault: str = ""


@dataclass
class World:
    """What actions ask of the outside: every bot is fine, every administrator is confirmed, jobs are noted."""

    done: list[str] = field(default_factory=list)
    files_dir: str = ""

    def keep_picture(self, stream: IO[bytes], name: str) -> Stored | None:
        """Keep pictures as the real one does, where there is a place for them."""
        return pictures.keep(stream, name, self.files_dir) if self.files_dir else None

    def keep_file(self, stream: IO[bytes], name: str) -> Stored | None:
        """Keep what is sent in conversations as the real one does, where there is a place for it."""
        return uploads.taken(stream, name, self.files_dir) if self.files_dir else None

    def judge(self, token: str, channel_id: str) -> Verdict:
        """Find nothing wrong."""
        return Verdict()

    def put_to_work(self) -> None:
        """Note it."""
        self.done.append("bot")

    def take_over(self, refresh_token: str, user_id: str) -> None:
        """Note whose rights are used now."""
        self.done.append(f"owner {user_id}")

    @property
    def outside(self) -> Outside:
        """Give it as the pages take it."""
        return Outside(self, self.take_over, self.done.append, self.keep_picture, self.keep_file)


@dataclass
class Portal:
    """The portal's word on tokens: whom each belongs to, and which items each may not read."""

    known: dict[str, Somebody] = field(default_factory=dict)
    asked: list[Launch] = field(default_factory=list)
    down: Exception | None = None

    def __call__(self, launch: Launch) -> Somebody:
        """Confirm a launch the way the portal does."""
        self.asked.append(launch)
        if self.down:
            raise self.down
        if launch.access_token not in self.known:
            raise NotAllowed(code="unknown_token")
        return self.known[launch.access_token]


@dataclass
class Desk:
    """A browser of an employee, as far as HTTP goes."""

    client: FlaskClient
    portal: Portal
    transactions: Transactions
    market: Marketplace
    token: str = ""
    world: World = field(default_factory=World)

    def fields(self, code: str, entity_id: str, **changes: str) -> dict[str, str]:
        """Give the body that the portal posts for a widget."""
        options = {"ID": entity_id, "URI": "/crm/deal/kanban/category/0/"} if entity_id else {}
        return {
            "AUTH_ID": "token-of-admin",
            "AUTH_EXPIRES": "3600",
            "REFRESH_ID": "refresh",
            "SERVER_ENDPOINT": "https://oauth.example/rest/",
            "APPLICATION_TOKEN": APPLICATION_TOKEN,
            "APPLICATION_SCOPE": "crm,placement",
            "member_id": MEMBER_ID,
            "status": "L",
            "PLACEMENT": PLACEMENTS[code][0],
            "PLACEMENT_OPTIONS": json.dumps(options),
            **changes,
        }

    def open(
        self, code: str, entity_id: str = "", *, secret: str = PATH_SECRET, lang: str = "ru", **changes: str
    ) -> TestResponse:
        """Open a page; its token is kept for what is pressed next."""
        query = {"DOMAIN": "portal.example", "PROTOCOL": "1", "LANG": lang, "APP_SID": "8f5e1c"}
        data = self.fields(code, entity_id, **changes)
        answer = self.client.post(f"/placements/{secret}/{code}", query_string=query, data=data)
        found = re.search(r'name="page-token" content="([^"]+)"', answer.text)
        self.token = found[1] if found else ""
        return answer

    def press(self, name: str, element: str = "", **form: Any) -> TestResponse:
        """Do a named action from the page opened last."""
        headers = {"X-Page-Token": self.token, "HX-Request": "true", "X-Page-Language": "ru"}
        if element:
            headers["HX-Trigger"] = element
        return self.client.post(f"/placements/act/{name}", data=form, headers=headers)

    def part(self, name: str, **asked: str) -> TestResponse:
        """Fetch a section of the page opened last."""
        headers = {"X-Page-Token": self.token, "X-Page-Language": "ru"}
        return self.client.get(f"/placements/part/{name}", query_string=asked, headers=headers)

    def sent_to_chats(self) -> dict[str, dict[str, Any]]:
        """Give what was last said to each chat of a conversation."""
        with self.transactions() as uow:
            query = select(OutboxRow).where(OutboxRow.kind == "SendConversationMessage").order_by(OutboxRow.id)
            return {row.payload["chat_id"]: row.payload for row in uow.session.scalars(query)}


@pytest.fixture
def settings() -> Settings:
    """Settings of a deployment that has the pages only."""
    return Settings(
        database_url="",
        public_url="https://app.example",
        secret_keys=(KEY,),
        bitrix_client_id="",
        bitrix_client_secret="",
    )


@pytest.fixture
def desk(transactions: Transactions, settings: Settings) -> Iterator[Desk]:
    """An installed application with an administrator, a manager, a moderator, an employee who only looks, and one shut out of the item."""
    portal = Portal(
        {
            "token-of-admin": Somebody("1", "Ольга", True),
            "token-of-manager": Somebody("7", "Пётр", False),
            "token-of-moderator": Somebody("8", "Дилноза", False),
            "token-of-observer": Somebody("9", "Анна", False),
            "token-of-stranger": Somebody("11", "Глеб", False, can_read=False),
        }
    )
    app, world = Flask(__name__), World()
    app.register_blueprint(
        routes.create_blueprint(
            settings=settings,
            transactions=transactions,
            confirm_visitor=portal,
            outside=world.outside,
            assets=NoAssets(),
        )
    )
    market = Marketplace(transactions)
    market.install()
    with transactions() as uow:
        stored.put(uow, "responsible_ids", "7", "user/1")
        stored.put(uow, "moderator_ids", "8", "user/1")
    with app.test_client() as client:
        yield Desk(client, portal, transactions, market, world=world)


@pytest.fixture
def talk(desk: Desk, prepared: Prepared) -> int:
    """A conversation of a Russian-speaking buyer and an Uzbek-speaking factory about a lot, its deal's tab open."""
    made, lot = desk.market.begin(prepared, "a conversation about a lot", _talk)
    desk.open("deal_tab", desk.market.in_crm[f"lot/{lot}"])
    return made


def _talk(market: Marketplace) -> tuple[int, int]:
    market.buyer()
    lot = market.lot(published=True)
    return market.talk(market.offer(lot, market.factory())), lot
