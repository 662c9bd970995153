"""Everybody at every door: whoever has no business there finds nothing, and no factory ever learns how to reach a buyer."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from b24app.services import gates
from storage.models import Company, Lot, OutboxRow, Person
from storage.unit_of_work import Transactions
from telegram_bridge.miniapp.door import ACTIONS
from tests.contract.miniapp.conftest import Visitor
from tests.contract.miniapp.market import PLANTED, Market, filled, screens

Visit = Callable[[Person], Visitor]


@pytest.mark.parametrize("who", ["newcomer", "other buyer", "other factory"])
def test_nobody_acts_on_what_is_anothers(
    who: str, market: Market, forms: dict[str, Any], visitor: Visit, transactions: Transactions
) -> None:
    """No action does anything with another company's number: there is no such thing, or it is not theirs to do."""
    with transactions() as uow:
        before = len(uow.session.scalars(select(OutboxRow.id)).all())
    done = []
    for name, form in forms.items():
        meant = set(form.fields) & {
            "lot_id",
            "offer_id",
            "order_id",
            "conversation_id",
            "link_id",
            "person_id",
            "review_id",
            "meeting_id",
        }
        if not meant or name == "submit_offer":
            continue
        answer = visitor(market.people[who]).act(name, **filled(form, market.ids))
        led_away = who == "newcomer" and answer.get_json().keys() == {"go", "replace", "toast"}
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
