"""Rules about factories: audits, suspension, subscription, the choice of an offer."""

from __future__ import annotations

import pytest

from b24app.services import audits, companies
from b24app.services.industries import pack
from storage.models import Audit, Company
from tests.contract.placements.world import AUDIT, Marketplace
from tests.contract.robots.test_calls import deal, payload, run

LINES = [line.code for line in pack().audit.checklist]


@pytest.fixture
def order(market: Marketplace) -> str:
    """The document of an order at ABC Textiles."""
    lot = market.lot(published=True)
    offer = market.offer(lot, 2)
    market.talk(offer)
    return f"DEAL_{market.in_crm[f'order/{market.award(offer)}']}"


def scored_audit(market: Marketplace, points: int) -> str:
    """The document of an audit whose lines all have these points."""
    audit = market.audit(2)
    with market.transactions() as uow:
        audits.accept_documents(uow, audit, "user/1")
        audits.record_visit(uow, audit, uow.now, note="", video_url="", actor="user/1")
        audits.save_scores(uow, audit, {code: {"points": points} for code in LINES}, "user/1")
    return f"DYNAMIC_{AUDIT}_{market.in_crm[f'audit/{audit}']}"


def test_an_order_begins_the_audit_of_its_factory_once(market: Marketplace, order: str) -> None:
    """A rule on an order finds the factory by itself; while the audit runs, another is refused in the log."""
    values, sentence = run(market, payload("request_audit", order, reason="Ежегодный"))
    assert (values["factory_name"], "начат" in sentence) == ("ABC Textiles", True)
    again, refused = run(market, payload("request_audit", order, "token-2"))
    assert (again, refused.startswith("Отказано:")) == ({}, True)


def test_a_lot_has_no_factory_yet(market: Marketplace) -> None:
    """On a lot the rule asks for the factory's id instead of guessing one, and takes it when it is named."""
    lot = market.lot()
    refused, sentence = run(market, payload("request_audit", deal(market, f"lot/{lot}")))
    assert (refused, "нет фабрики" in sentence) == ({}, True)
    named = payload("request_audit", deal(market, f"lot/{lot}"), "token-2", company_id=market.in_crm["company/2"])
    assert run(market, named)[0]["factory_name"] == "ABC Textiles"


@pytest.mark.parametrize(("points", "verdict"), [(5, "pass"), (2, "fail")])
def test_a_verdict_follows_the_points(market: Marketplace, points: int, verdict: str) -> None:
    """Without a verdict in its settings the rule gives the one that the points speak for."""
    values, _ = run(market, payload("record_audit_verdict", scored_audit(market, points)))
    assert values["verdict"] == verdict
    with market.transactions() as uow:
        company = uow.session.get_one(Company, 2)
        assert companies.standing(company, uow.now).verified == (verdict == "pass")


def test_an_audit_that_is_not_scored_gets_no_verdict(market: Marketplace) -> None:
    """The log says what is missing and nothing changes."""
    audit = market.audit(2)
    document = f"DYNAMIC_{AUDIT}_{market.in_crm[f'audit/{audit}']}"
    values, sentence = run(market, payload("record_audit_verdict", document))
    assert (values, "чек-лист" in sentence) == ({}, True)
    assert market.get(Audit, audit).state == "documents"


def test_a_factory_is_suspended_and_its_subscription_checked(market: Marketplace, order: str) -> None:
    """The next steps learn whether the subscription runs; a suspended factory is not suspended twice."""
    values, _ = run(market, payload("check_subscription", order))
    assert (values["active"], values["verified"]) == ("Y", "Y")
    assert run(market, payload("suspend_factory", order, "token-2", reason="Жалоба"))[0] != {}
    assert market.get(Company, 2).publication == "suspended"
    assert run(market, payload("suspend_factory", order, "token-3", reason="Жалоба"))[0] == {}


def test_the_best_open_offer_is_chosen(market: Marketplace) -> None:
    """A lot without an offer that may be chosen is refused; with one, the order is made for all that is left."""
    lot = market.lot(published=True)
    refused, _ = run(market, payload("award_lot", deal(market, f"lot/{lot}")))
    assert refused == {}
    market.talk(market.offer(lot, 2))
    values, _ = run(market, payload("award_lot", deal(market, f"lot/{lot}"), "token-2", quantity="0"))
    assert (values["factory_name"], values["quantity"]) == ("ABC Textiles", 20000)
