"""Everybody at every door: whoever has no business there finds nothing, and no factory ever learns how to reach a buyer."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from marshmallow import fields
from marshmallow.validate import OneOf
from sqlalchemy import select

from b24app.assets import Assets
from b24app.config import Settings
from b24app.services import colleagues, gates, lot_changes, messages, offers, orders, people
from storage.models import Company, Lot, OutboxRow, Person
from storage.unit_of_work import Transactions
from telegram_bridge.miniapp.door import ACTIONS, Door
from telegram_bridge.miniapp.routes import PARTS
from tests import factories
from tests.contract.miniapp.conftest import Visitor

Visit = Callable[[Person], Visitor]
PLANTED = ("northern style", "northern-style", "petrov", "1234567", "123-45-67", "tverskaya", "secretuser")
SPOKEN = "Northern Style, call +7 900 123-45-67 or northern-style.ru, @secretuser, ask for Petrov"


@dataclass
class Market:
    """Everybody, and the numbers of what belongs to Ivan and ABC Textiles."""

    people: dict[str, Person]
    ids: dict[str, int]


@pytest.fixture
def market(transactions: Transactions) -> Market:
    """A contracted order, a second lot still open with a conversation, a team, strangers of both kinds, a newcomer; contacts planted."""
    with transactions() as uow:
        ivan, _ = factories.buyer(uow)
        ivan.username = "secretuser"
        abc, company = factories.factory(uow)
        link = colleagues.invite(uow, abc, company, "production")
        worker = people.meet(uow, telegram_id="3001", chat_id="3001", first_name="Laylo")
        people.choose_language(uow, worker, "uz")
        colleagues.join(uow, worker, link.id)
        own = {"email": "anna@other.example", "website": "other.example", "phone": "+998 90 000 00 01"}
        other_buyer, _ = factories.buyer(
            uow, "1002", company="Other", full_name="Anna Smirnova", legal_address="Samarkand, Registan 1", **own
        )
        other_factory, _ = factories.factory(uow, "2002", company="Other factory")
        ordered = factories.lot(uow, ivan, packaging=SPOKEN, requirements_note=SPOKEN, place="Petrov")
        won = factories.offer(uow, abc, ordered)
        offers.allow(uow, won.id, "user/1")
        order = offers.award(uow, ivan, won.id)
        orders.report(uow, abc, order.id, step="fabric")
        lot = factories.lot(uow, ivan, key="key-2", packaging=SPOKEN, requirements_note=SPOKEN)
        offer = factories.offer(uow, abc, lot)
        thread = offers.allow(uow, offer.id, "user/1")
        messages.say(uow, ivan, thread, kind="text", text=SPOKEN, source_key="1001:1")
        lot_changes.revise(uow, ivan, lot.id, {**lot.fields, "logistics": SPOKEN})
        everybody = {
            "newcomer": factories.person(uow, "9"),
            "buyer": ivan,
            "factory": abc,
            "production": worker,
            "other buyer": other_buyer,
            "other factory": other_factory,
        }
        open_link = colleagues.invite(uow, abc, company, "sales")
        ids = {
            "lot_id": lot.id,
            "offer_id": offer.id,
            "order_id": order.id,
            "conversation_id": thread.id,
            "company_id": company.id,
            "factory_id": company.id,
            "number": lot.number,
            "link_id": open_link.id,
            "person_id": worker.id,
        }
        return Market(everybody, ids)


def screens(web: Flask, ids: dict[str, int]) -> Iterator[str]:
    """Give the address of every screen, with the numbers filled in."""
    for rule in web.url_map.iter_rules():
        if "GET" in (rule.methods or set()) and rule.rule.startswith("/app/"):
            path = re.sub(r"<int:(\w+)>", lambda found: str(ids.get(found[1], 1)), rule.rule)
            yield path.replace("<name>", "lot").replace("<step>", "product")


@pytest.fixture
def forms(settings: Settings, transactions: Transactions, tmp_path: Any) -> dict[str, Any]:
    """What every action takes."""
    door = Door(settings=settings, transactions=transactions, assets=Assets(tmp_path))
    for part in PARTS:
        part.add_to(door)
    return door.forms


def filled(form: Any, ids: dict[str, int]) -> dict[str, str]:
    """Fill a form with somebody else's numbers and values that pass its own checks."""
    values = {}
    for name, field in form.fields.items():
        choices = [rule.choices for rule in field.validators if isinstance(rule, OneOf)]
        if name in ids:
            values[name] = str(ids[name])
        elif choices:
            values[name] = str(next(iter(choices[0])))
        elif isinstance(field, fields.Date):
            values[name] = "2027-01-31"
        elif isinstance(field, fields.Boolean):
            values[name] = "true"
        elif isinstance(field, fields.Integer) and field.required:
            values[name] = "1"
        elif isinstance(field, fields.String):
            values[name] = "fabric" if name == "step" else "somewords"
    return values


@pytest.mark.parametrize("who", ["newcomer", "other buyer", "other factory"])
def test_nobody_acts_on_what_is_anothers(
    who: str, market: Market, forms: dict[str, Any], visitor: Visit, transactions: Transactions
) -> None:
    """No action does anything with another company's number: there is no such thing, or it is not theirs to do."""
    with transactions() as uow:
        before = len(uow.session.scalars(select(OutboxRow.id)).all())
    done = []
    for name, form in forms.items():
        meant = set(form.fields) & {"lot_id", "offer_id", "order_id", "conversation_id", "link_id", "person_id"}
        if not meant or name == "submit_offer":
            continue
        answer = visitor(market.people[who]).act(name, **filled(form, market.ids))
        led_away = who == "newcomer" and answer.get_json() == {"go": "/app/", "replace": True}
        if answer.status_code not in {403, 404} and not led_away:
            done.append((name, answer.status_code, answer.text))
    with transactions() as uow:
        assert (done, len(uow.session.scalars(select(OutboxRow.id)).all())) == ([], before)


@pytest.mark.parametrize("who", ["newcomer", "other buyer", "other factory"])
def test_nobody_reads_what_is_anothers(who: str, market: Market, web: Flask, visitor: Visit) -> None:
    """No screen opened with another company's numbers tells its names, words or contacts."""
    told = {}
    for path in screens(web, market.ids):
        text = visitor(market.people[who]).get(path).text.lower()
        if found := [word for word in PLANTED if word in text]:
            told[path] = found
    assert told == {}


@pytest.mark.parametrize("who", ["factory", "production", "other factory"])
def test_no_factory_learns_how_to_reach_a_buyer(
    who: str, market: Market, web: Flask, visitor: Visit, transactions: Transactions
) -> None:
    """Neither a screen nor a bot message holds what was planted, before the contract of that lot; nobody's error page does."""
    told = {}
    for path in screens(web, market.ids):
        text = visitor(market.people[who]).get(path).text.lower()
        if found := [word for word in PLANTED if word in text]:
            told[path] = found
    assert told == {}
    with transactions() as uow:
        rows = uow.session.scalars(select(OutboxRow).where(OutboxRow.network == "telegram")).all()
        chat_ids = {market.people[name].chat_id for name in ("factory", "production", "other factory")}
        said = [
            json.dumps(row.payload, ensure_ascii=False).lower() for row in rows if row.payload["chat_id"] in chat_ids
        ]
    assert said
    assert [text for text in said if any(word in text for word in PLANTED)] == []


@pytest.mark.parametrize(
    ("action", "allowed"),
    [("submit_offer", False), ("confirm_offer", False), ("invite_colleague", False), ("report_progress", True)],
)
def test_production_makes_and_does_not_trade(
    action: str, allowed: bool, market: Market, forms: dict[str, Any], visitor: Visit
) -> None:
    """A colleague from production moves orders on and is refused everything that binds the company."""
    form = (
        {**filled(forms[action], market.ids), "step": "cutting"}
        if action == "report_progress"
        else filled(forms[action], market.ids)
    )
    form.pop("photo", None)
    form.pop("percent", None)
    assert (visitor(market.people["production"]).act(action, **form).status_code == 200) is allowed


def test_nobody_presses_without_end(market: Market, visitor: Visit, transactions: Transactions) -> None:
    """Beyond what fingers can do an action is refused, politely and for this person only."""
    ivan, other = market.people["buyer"], market.people["other buyer"]
    with transactions() as uow:
        gates.hold(uow, f"person:{ivan.id}", 10 * ACTIONS.burst, uow.now.timestamp())
    assert [visitor(one).act("choose_notices").status_code for one in (ivan, other)] == [429, 200]


def test_the_market_is_what_the_tests_think(market: Market, transactions: Transactions) -> None:
    """The planted words are really there, and the owner does see his own."""
    with transactions() as uow:
        assert "123-45-67" in json.dumps(uow.session.get_one(Lot, market.ids["lot_id"]).fields)
        assert uow.session.scalars(select(Company).where(Company.name == "Northern Style")).one()
