"""How long the server takes for the portal's tabs in a grown marketplace, how big they are, and what matching costs beside its filter.

Tabs are opened through their own launch by an employee whom the portal vouches for at once: what is measured is everything but the
portal's word. Matching is compared with the bare filter of the hard conditions over 100,000 factories in the same run.
"""

from __future__ import annotations

import json
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import NoReturn

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import ColumnClause, Text, cast, column, func, insert, literal, select, text
from sqlalchemy import table as sql_table

from b24app import resident
from b24app.assets import Assets
from b24app.config import Settings
from b24app.services import matching
from benchmarks import market, pages, tails
from benchmarks.results import Figure
from placements import routes
from placements.calls import Launch
from placements.outside import Outside
from storage.models import CatalogueEntry, CrmLink, Lot, Portal
from storage.sealing import keyring
from storage.unit_of_work import Transactions

TIMES = 90
WARM_UP = 5
MATCHED_LOTS = 20
MORE_FACTORIES = 80_000
MEMBER, PATH, TOKEN = "benchmark", "benchmark-path", "benchmark-token"
TABS = {
    "overview": ("LEFT_MENU", "overview", 0),
    "lead_tab": ("CRM_LEAD_DETAIL_TAB", "lead_tab", market.FACTORIES),
    "contact_tab": ("CRM_CONTACT_DETAIL_TAB", "contact_tab", market.FACTORIES),
    "company_tab": ("CRM_COMPANY_DETAIL_TAB", "company_tab", 0),
    "deal_tab": ("CRM_DEAL_DETAIL_TAB", "deal_tab", 0),
}
CHOSEN = {
    "lead_tab": market.BUYERS,
    "contact_tab": market.BUYERS,
    "company_tab": market.FACTORIES,
    "deal_tab": market.LOTS,
}
LINKED = ((1, "lead", "companies"), (4, "company", "companies"), (3, "contact", "people"), (2, "lot", "lots"))


@dataclass(frozen=True)
class Employee:
    """An administrator whom the portal knows."""

    user_id: str = "1"
    name: str = "Load"
    is_admin: bool = True
    can_read: bool = True


def measure() -> list[Figure]:
    """Give the p95 and the size of each tab, the overview's p95, and what matching costs."""
    with pages.grown() as transactions:
        client = _client(transactions)
        return [*_tabs(client), *_matching(transactions)]


def _tabs(client: FlaskClient) -> list[Figure]:
    chance = random.Random(market.SEED)
    found: list[Figure] = []
    for name, (placement, code, base) in TABS.items():
        taken, sizes = [], []
        for _ in range(TIMES + WARM_UP):
            number = str(base + chance.randrange(1, CHOSEN[code])) if code in CHOSEN else ""
            seconds, size = _open(client, placement, code, number)
            taken.append(seconds * 1000)
            sizes.append(size / 1000)
        most = 100 if name == "overview" else 50
        taken = taken[WARM_UP:]
        how = f"{tails.told(taken)}; {market.FACTORIES} factories, {market.LOTS} lots, without the portal's word"
        found.append(Figure(f"desk.{name}", tails.p95(taken), "ms", how, at_most=most))
        found.append(
            Figure(f"desk.{name}.size", max(sizes), "kB", "the largest, before the shared bundles", at_most=60)
        )
    return found


def _open(client: FlaskClient, placement: str, code: str, number: str) -> tuple[float, int]:
    body = {
        "AUTH_ID": "visitor",
        "AUTH_EXPIRES": "3600",
        "member_id": MEMBER,
        "APPLICATION_TOKEN": TOKEN,
        "PLACEMENT": placement,
        "PLACEMENT_OPTIONS": json.dumps({"ID": number} if number else {}),
    }
    query = {"DOMAIN": "portal.example", "PROTOCOL": "1", "LANG": "ru", "APP_SID": "benchmark"}
    started = time.perf_counter()
    answer = client.post(f"/placements/{PATH}/{code}", query_string=query, data=body)
    seconds = time.perf_counter() - started
    if answer.status_code != 200:
        raise RuntimeError(f"{code} answered {answer.status_code}")
    return seconds, len(answer.data)


def _client(transactions: Transactions) -> FlaskClient:
    keyring.use([pages.KEY])
    with transactions() as uow:
        uow.session.add(
            Portal(
                member_id=MEMBER,
                client_endpoint="https://portal.example/rest/",
                domain="portal.example",
                state="active",
                application_token=TOKEN,
                path_secret=PATH,
                owner_user_id="1",
                language="ru",
            )
        )
        for kind, noun, table in LINKED:
            id_column: ColumnClause[int] = column("id")
            rows = select(literal(f"{noun}/") + cast(id_column, Text), literal(kind), cast(id_column, Text))
            into = ["ref", "entity_type_id", "entity_id"]
            uow.session.execute(insert(CrmLink).from_select(into, rows.select_from(sql_table(table))))
        uow.session.execute(text("ANALYZE"))
    app = Flask("benchmark", static_folder=None)
    app.register_blueprint(
        routes.create_blueprint(
            settings=_settings(), transactions=transactions, confirm_visitor=_vouch, outside=_OUTSIDE, assets=Assets()
        )
    )
    resident.settle()
    return app.test_client()


class _NoBots:
    def judge(self, token: str, channel_id: str) -> NoReturn:
        raise AssertionError("nothing measured here asks Telegram")

    def put_to_work(self) -> None:
        raise AssertionError("nothing measured here asks Telegram")


_OUTSIDE = Outside(
    _NoBots(), lambda token, user_id: None, lambda job: None, lambda stream, name: None, lambda stream, name: None
)
"""Nothing that is measured here asks the outside."""


def _vouch(launch: Launch) -> Employee:
    return Employee()


def _settings() -> Settings:
    return Settings(
        database_url="",
        public_url="http://localhost",
        secret_keys=(pages.KEY,),
        bitrix_client_id="",
        bitrix_client_secret="",
    )


def _matching(transactions: Transactions) -> list[Figure]:
    with transactions() as uow:
        market.more_factories(uow, MORE_FACTORIES)
    with transactions() as uow:
        uow.session.execute(text("ANALYZE catalogue_entries"))
        entries = uow.session.scalar(select(func.count()).select_from(CatalogueEntry)) or 0
        lots = list(
            uow.session.scalars(select(Lot).where(Lot.state == "published").order_by(Lot.id).limit(MATCHED_LOTS))
        )
        whole: list[float] = []
        bare: list[float] = []
        left: list[int] = []
        for lot in lots * 3:
            filtering = select(func.count()).select_from(matching.candidates(lot, uow.now).subquery())
            whole.append(_milliseconds(partial(matching.factories_for, uow, lot.id, "ru")))
            bare.append(_milliseconds(partial(uow.session.scalar, filtering)))
            left.append(uow.session.scalar(filtering) or 0)
    how = f"median of {len(whole)} interleaved, {entries} factories, {round(statistics.median(left))} left by the hard conditions"
    return [
        Figure("matching.filter", statistics.median(bare), "ms", f"the bare filter, counted; {how}"),
        Figure("matching.whole", statistics.median(whole), "ms", f"scored, ordered, the best 50 explained; {how}"),
        Figure(
            "matching.over_allowance",
            statistics.median(w / (2 * b + 20) for w, b in zip(whole, bare, strict=True)),
            "ratio",
            "whole / (2 × filter + 20 ms), each pair measured one after the other",
            at_most=1,
        ),
    ]


def _milliseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000
