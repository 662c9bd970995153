"""How often the Mini App asks the database: what a screen or an action costs does not grow unnoticed."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Engine

from storage.models import Person
from storage.unit_of_work import Transactions
from tests import factories
from tests.contract.miniapp.conftest import Visitor
from tests.contract.miniapp.market import Market
from tests.counting import counted

Visit = Callable[[Person], Visitor]
SCREENS = [
    ("buyer", "/app/", 4),
    ("buyer", "/app/catalogue", 6),
    ("buyer", "/app/catalogue?q=ABC&equipment=juki", 8),
    ("buyer", "/app/catalogue/{factory_id}", 11),
    ("buyer", "/app/favourites", 4),
    ("buyer", "/app/compare", 4),
    ("buyer", "/app/lots", 4),
    ("buyer", "/app/lots/{lot_id}", 16),
    ("buyer", "/app/orders", 4),
    ("factory", "/app/", 4),
    ("factory", "/app/tenders", 8),
    ("factory", "/app/tenders/{lot_id}", 9),
    ("factory", "/app/offers", 6),
    ("factory", "/app/orders", 6),
    ("factory", "/app/statistics", 9),
    ("factory", "/app/profile", 2),
]
OFFER = {
    "q.price.amount": "3.20",
    "q.price.currency": "USD",
    "q.moq": "1000",
    "q.lead_time_days": "45",
    "q.incoterms": "FOB",
    "q.valid_until": "2099-01-31",
}
DRAFT = {"form": "lot", "step": "product", "q.product": "T-shirts", "q.quantity": "20000"}
ACTIONS = [
    ("buyer", "favourite", {"on": "true"}, 8),
    ("buyer", "compare_factory", {"on": "true"}, 10),
    ("buyer", "talk_to_factory", {}, 21),
    ("buyer", "save_draft", DRAFT, 7),
    ("buyer", "choose_notices", {"lots": "true"}, 4),
    ("factory", "submit_offer", OFFER, 25),
]
ABOUT = {
    "favourite": ["factory_id"],
    "compare_factory": ["factory_id"],
    "talk_to_factory": ["factory_id"],
    "submit_offer": ["lot_id"],
}


def test_a_screen_asks_the_database_so_often_at_most(market: Market, visitor: Visit, engine: Engine) -> None:
    """Each screen of a buyer and a factory takes no more statements than it was given."""
    dearer = {}
    for who, path, most in SCREENS:
        there = visitor(market.people[who])
        with counted(engine) as sent:
            assert there.get(path.format(**market.ids)).status_code == 200
        if len(sent) > most:
            dearer[path] = sent
    assert {path: len(sent) for path, sent in dearer.items()} == {}, "\n".join(next(iter(dearer.values())))


def test_an_action_asks_the_database_so_often_at_most(
    market: Market, visitor: Visit, transactions: Transactions, engine: Engine
) -> None:
    """Each frequent action of a buyer and a factory takes no more statements than it was given."""
    with transactions() as uow:
        ids = {**market.ids, "lot_id": factories.lot(uow, market.people["buyer"], key="key-3").id}
    dearer = {}
    for who, name, form, most in ACTIONS:
        there = visitor(market.people[who])
        # The first action of a person makes the counter of how often they act.
        there.act("choose_notices", orders="true")
        about = {key: str(ids[key]) for key in ABOUT.get(name, ())}
        with counted(engine) as sent:
            assert there.act(name, **form, **about).status_code == 200
        if len(sent) > most:
            dearer[name] = sent
    assert {name: len(sent) for name, sent in dearer.items()} == {}, "\n".join(next(iter(dearer.values())))
