"""Robots around a lot's way from moderation to the first reply: one answer for each event token, also when it comes later."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from b24app.services import automation, lot_news, people
from b24app.services import settings as stored
from robots import calls
from storage.models import Lot, Order, OutboxRow, Person
from tests.contract.placements.world import Marketplace
from tests.contract.robots.test_calls import answer_to, deal, payload, run

SENT_AT_ONCE = "lot/%:published:%:company/%"


def sent(market: Marketplace, key: str) -> list[str]:
    """Give the keys of what was asked for outside under a pattern."""
    with market.transactions() as uow:
        rows = select(OutboxRow.key).where(OutboxRow.key.like(key)).order_by(OutboxRow.id)
        return list(uow.session.scalars(rows))


def waiting(market: Marketplace, document: str, token: str = "token-1", **properties: str) -> None:
    """Let a rule begin to wait."""
    with market.transactions() as uow:
        calls.handle(uow, payload("wait_for_reply", document, token, **properties))


def test_factories_hear_of_a_lot_from_the_rule_that_tells_them(market: Marketplace) -> None:
    """With telling left to automation the publication is silent, the robot tells each factory once, and says how many."""
    with market.transactions() as uow:
        stored.put(uow, "factories_told", lot_news.BY_RULE, "user/1")
    lot = market.lot(published=True)
    assert sent(market, SENT_AT_ONCE) == []
    values, sentence = run(market, payload("notify_factories", deal(market, f"lot/{lot}")))
    assert (values, len(sent(market, SENT_AT_ONCE))) == ({"count": 1}, 1)
    assert "1" in sentence
    again, _ = run(market, payload("notify_factories", deal(market, f"lot/{lot}"), "token-2"))
    assert (again, len(sent(market, SENT_AT_ONCE))) == ({"count": 0}, 1)


def test_an_offer_ends_the_waiting_for_a_factory(market: Marketplace) -> None:
    """The process stands still until a factory answers the lot, then gets its words and name, once."""
    lot = market.lot(published=True)
    waiting(market, deal(market, f"lot/{lot}"))
    assert sent(market, "robot:token-1") == []
    market.offer(lot, 2)
    values, sentence = answer_to(market, "token-1")
    assert (values["who"], values["timed_out"]) == ("ABC Textiles", "N")
    assert "Namunani" in values["text"]
    assert "ABC Textiles" in sentence


def test_a_message_ends_the_waiting_only_of_its_side(market: Marketplace) -> None:
    """Who waits for the factory does not hear the buyer; whoever waits for anybody does; each message fires its trigger."""
    lot = market.lot(published=True)
    offer = market.offer(lot, 2)
    waiting(market, deal(market, f"lot/{lot}"), "factory", who="factory")
    waiting(market, deal(market, f"lot/{lot}"), "any", who="any")
    market.talk(offer, "Здравствуйте!")
    assert answer_to(market, "any")[0]["timed_out"] == "N"
    assert sent(market, "robot:factory") == []
    assert len(sent(market, "message/%:trigger")) == 1


def test_waiting_in_vain_ends_with_time(market: Marketplace) -> None:
    """When nobody answers, the process goes on with “timed out”, and a later reply changes nothing."""
    lot = market.lot(published=True)
    waiting(market, deal(market, f"lot/{lot}"), hours="1")
    with market.transactions() as uow:
        assert automation.time_out(uow) == 0
        uow.now += timedelta(hours=2)
        assert automation.time_out(uow) == 1
    market.offer(lot, 2)
    values, _ = answer_to(market, "token-1")
    assert values == {"text": "", "who": "", "timed_out": "Y"}


@pytest.mark.parametrize("hours", ["0", "-3", "100000"])
def test_an_impossible_patience_is_refused(market: Marketplace, hours: str) -> None:
    """A rule that would wait not at all, or for ever, is told so in the process log and goes on."""
    lot = market.lot(published=True)
    values, sentence = run(market, payload("wait_for_reply", deal(market, f"lot/{lot}"), hours=hours))
    assert values == {}
    assert sentence.startswith("Отказано:")


def test_moderation_by_rule_publishes_only_what_hides_nothing(market: Marketplace) -> None:
    """A lot with a telephone number or a coarse word goes to the manager, a clean one is published, a returned one names the question."""
    leaking = market.lot()
    values, _ = run(market, payload("moderate_lot", deal(market, f"lot/{leaking}"), decision="clean"))
    assert (values["published"], values["hidden"], market.get(Lot, leaking).state) == ("N", "Y", "submitted")
    coarse = market.lot(client_key="lot-4", product="Футболки, и побыстрее, блять, 180 г/м²")
    values, _ = run(market, payload("moderate_lot", deal(market, f"lot/{coarse}"), "t-4", decision="clean"))
    assert (values["published"], market.get(Lot, coarse).state) == ("N", "submitted")
    clean = market.lot(client_key="lot-2", product="Футболки хлопковые, 180 г/м²")
    values, _ = run(market, payload("moderate_lot", deal(market, f"lot/{clean}"), "t-2", decision="clean"))
    assert (values["published"], market.get(Lot, clean).state) == ("Y", "published")
    back = {"decision": "return", "field": "product", "reason": "Уберите телефон"}
    run(market, payload("moderate_lot", deal(market, f"lot/{leaking}"), "t-3", **back))
    assert market.get(Lot, leaking).corrections == [{"field": "product", "reason": "Уберите телефон"}]


def test_progress_by_rule_is_the_factory_s_report(market: Marketplace) -> None:
    """The order moves, the deal and the buyer hear of it; an unknown step is refused with the list of steps."""
    lot = market.lot(published=True)
    offer = market.offer(lot, 2)
    market.talk(offer)
    order = market.award(offer)
    values, _ = run(market, payload("set_progress", deal(market, f"order/{order}"), step="nonsense"))
    assert values == {}
    step = "fabric"
    values, _ = run(market, payload("set_progress", deal(market, f"order/{order}"), "t-2", step=step, percent="40"))
    assert (market.get(Order, order).progress, market.get(Order, order).percent) == (step, 40)
    assert "40%" in values["progress"]


def test_who_blocks_the_bot_moves_what_runs(market: Marketplace) -> None:
    """A person who blocked the bot fires the trigger once on each running lot of the company."""
    lot = market.lot(published=True)
    with market.transactions() as uow:
        person = uow.session.get_one(Person, 1)
        changed = people.set_state(uow, person.chat_id, "blocked")
        assert changed is not None
        automation.blocked(uow, changed)
        assert people.set_state(uow, person.chat_id, "blocked") is None
    assert [key.rsplit(":", 1)[1] for key in sent(market, "person/1:blocked:%")] == [f"lot/{lot}"]
