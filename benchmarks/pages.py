"""How long the server takes for each screen and action of the Mini App in a grown marketplace; the promise is 100 ms at p95.

Measured in one process through the application's own routes: what remains is the way through gunicorn and the network.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import cycle

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from b24app import resident
from b24app.assets import Assets
from b24app.config import Settings
from benchmarks import market, tails
from benchmarks.results import Figure
from storage import migrating
from storage.embedded import EmbeddedServer, data_directory
from storage.engines import engine_on
from storage.models import Company
from storage.unit_of_work import Transactions
from telegram_bridge.miniapp.routes import create_blueprint
from telegram_bridge.miniapp.session import HEADER, Pass, Passes

DATABASE = "benchmark_market"
KEY = "benchmark benchmark benchmark 01"
TIMES = 90
WARM_UP = 5
TARGET_MS = 100.0
SEARCHED = ("футболки", "futblka", "denim", "буxоро", "ipak don", "oeko", "paxta futbolka", "намtosh")
BUYER_GETS = {
    "home": "/app/",
    "catalogue": "/app/catalogue",
    "catalogue_search": "/app/catalogue?q={word}",
    "catalogue_filters": "/app/catalogue?segment=tshirts&volume=1000&unit=pcs&days=60&certificate=oeko_tex_100&verified=1&equipment=juki",
    "catalogue_deep_page": "/app/catalogue/more?sort=new&after={cursor}",
    "factory": "/app/catalogue/{factory}",
    "favourites": "/app/favourites",
    "compare": "/app/compare",
    "my_lots": "/app/lots",
    "lot": "/app/lots/{lot}",
}
BUYER_ACTS = {
    "favourite": {"on": "true"},
    "compare_factory": {"on": "true"},
    "talk_to_factory": {},
    "save_draft": {
        "form": "lot",
        "step": "product",
        "q.product": "Футболки хлопковые, 180 г/м²",
        "q.quantity": "20000",
    },
    "choose_notices": {"lots": "true"},
}
OFFER = {
    "q.price.amount": "3.20",
    "q.price.currency": "USD",
    "q.moq": "1000",
    "q.lead_time_days": "45",
    "q.incoterms": "FOB",
    "q.valid_until": (datetime.now(UTC) + timedelta(days=30)).strftime("%Y-%m-%d"),
}
FACTORY_GETS = {
    "lots_for_me": "/app/tenders",
    "my_offers": "/app/offers",
    "my_orders": "/app/orders",
    "statistics": "/app/statistics",
    "profile": "/app/profile",
}


def measure() -> list[Figure]:
    """Give the p95 of every screen and action in milliseconds, and the worst of them."""
    with grown() as transactions:
        times = _times(transactions)
    how = f"{market.FACTORIES} factories, {market.LOTS} lots, one process"
    found = [
        Figure(f"miniapp.{name}", tails.p95(taken), "ms", f"{tails.told(taken)}; {how}", at_most=TARGET_MS)
        for name, taken in times.items()
    ]
    worst = max(found, key=lambda figure: figure.value)
    return [*found, Figure("miniapp.worst", worst.value, "ms", worst.name, at_most=TARGET_MS)]


@contextmanager
def grown() -> Iterator[Transactions]:
    """Give a grown marketplace in a database that is dropped afterwards."""
    with EmbeddedServer(data_directory("benchmark-postgres"), throwaway=True) as server:
        server.drop_database(DATABASE)
        server.create_database(DATABASE)
        engine = engine_on(server.address(DATABASE).replace("postgresql:", "postgresql+psycopg:", 1))
        migrating.upgrade(engine)
        transactions = Transactions(engine)
        market.build(transactions)
        yield transactions
        engine.dispose()
        server.drop_database(DATABASE)


def _times(transactions: Transactions) -> dict[str, list[float]]:
    client = _client(transactions)
    chance = random.Random(market.SEED)
    times: dict[str, list[float]] = {}
    searched = cycle(SEARCHED)
    for name, path in {**BUYER_GETS, **FACTORY_GETS}.items():
        of_factory = name in FACTORY_GETS
        for turn in range(TIMES + WARM_UP):
            number = chance.randrange(1, market.BUYERS)
            person = chance.randrange(1, market.FACTORIES) if of_factory else market.FACTORIES + number
            lot = number - 1 + market.BUYERS * chance.randrange(1, market.LOTS // market.BUYERS)
            address = path.format(
                word=next(searched),
                cursor=f"{int(time.time()) - 600_000}.1",
                factory=chance.randrange(1, market.FACTORIES),
                lot=lot,
            )
            taken = _get(client, address, person)
            if turn >= WARM_UP:
                times.setdefault(name, []).append(taken)
    for name, form in BUYER_ACTS.items():
        for turn in range(TIMES + WARM_UP):
            person = market.FACTORIES + chance.randrange(1, market.BUYERS)
            about = (
                {}
                if name in {"save_draft", "choose_notices"}
                else {"factory_id": str(chance.randrange(1, market.FACTORIES))}
            )
            taken = _post(client, name, {**form, **about}, person)
            if turn >= WARM_UP:
                times.setdefault(name, []).append(taken)
    times["submit_offer"] = _offers(client, transactions, chance)
    return times


def _offers(client: FlaskClient, transactions: Transactions, chance: random.Random) -> list[float]:
    """Let verified factories answer open lots: the dearest action, for it also scores and announces the offer."""
    with transactions() as uow:
        verified = list(uow.session.scalars(select(Company.id).where(Company.verified_until > uow.now).limit(5000)))
    taken = []
    for _ in range(TIMES + WARM_UP):
        lot = 20 * chance.randrange(1, market.LOTS // 20)
        taken.append(_post(client, "submit_offer", {**OFFER, "lot_id": str(lot)}, chance.choice(verified)))
    return taken[WARM_UP:]


def _client(transactions: Transactions) -> FlaskClient:
    app = Flask("benchmark", static_folder=None)
    app.register_blueprint(create_blueprint(settings=_settings(), transactions=transactions, assets=Assets()))
    resident.settle()
    return app.test_client()


def _settings() -> Settings:
    return Settings(
        database_url="",
        public_url="http://localhost",
        secret_keys=(KEY,),
        bitrix_client_id="",
        bitrix_client_secret="",
        telegram_bot_token="",
    )


def _headers(person: int) -> dict[str, str]:
    return {HEADER: Passes((KEY,), max_age_seconds=3600).issue(Pass(person, str(person), int(time.time())))}


def _get(client: FlaskClient, path: str, person: int) -> float:
    headers = _headers(person)
    started = time.perf_counter()
    answer = client.get(path, headers=headers)
    return _taken(started, answer.status_code, path)


def _post(client: FlaskClient, name: str, form: dict[str, str], person: int) -> float:
    headers = _headers(person)
    started = time.perf_counter()
    answer = client.post(f"/app/act/{name}", data=form, headers=headers)
    return _taken(started, answer.status_code, name)


def _taken(started: float, status: int, what: str) -> float:
    taken = (time.perf_counter() - started) * 1000
    if status != 200:
        raise RuntimeError(f"{what} answered {status}")
    return taken
