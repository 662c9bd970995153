"""Triggers: each is fired by its fact, once, on the item that app.yaml names."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest

from b24app.errors import DomainError
from b24app.services import audit_verdicts, audits, automation, conversations, messages, orders, people, reviews
from b24app.services.industries import pack
from b24app.services.spoken import Spoken
from storage.models import Audit, Company, CrmLink, Offer, Order, OutboxRow
from tests.contract.placements.world import Marketplace


def fired(market: Marketplace) -> list[tuple[str, str]]:
    """Give (code, item) of every trigger so far."""
    with market.transactions() as uow:
        rows = uow.session.query(OutboxRow).filter_by(kind="FireTrigger").order_by(OutboxRow.id)
        return [(row.payload["code"], row.payload["ref"]) for row in rows]


def places_of(market: Marketplace, code: str) -> list[str]:
    """Give the items on which a trigger was fired."""
    return [ref for known, ref in fired(market) if known == code]


@pytest.fixture
def offer(market: Marketplace) -> int:
    """The offer of a factory for the buyer's lot."""
    return market.offer(market.lot(published=True), 2)


def test_an_offer_and_what_becomes_of_it(market: Marketplace, offer: int) -> None:
    """The lot's deal hears of the answer, of the contact and of the choice, each once, however often it is pressed."""
    for decide in (market.talk, market.talk, market.award, market.award):
        with suppress(DomainError):
            decide(offer)
    lot = f"lot/{market.get(Offer, offer).lot_id}"
    assert [one for one in fired(market) if one[1] == lot] == [
        ("factory_responded", lot),
        ("contact_allowed", lot),
        ("offer_awarded", lot),
    ]


def test_words_of_each_side(market: Marketplace, offer: int) -> None:
    """A message fires the trigger of its side once, also when the same message comes again."""
    talk = market.talk(offer, "Здравствуйте", "Salom")
    with market.transactions() as uow:
        conversation = conversations.get(uow, talk)
        buyer = people.members_of(uow, 1)[0]
        messages.say(uow, buyer, conversation, Spoken(kind="text", text="Здравствуйте", source_key=f"{talk}:0"))
    lot = f"lot/{market.get(Offer, offer).lot_id}"
    assert (places_of(market, "buyer_message"), places_of(market, "factory_message")) == ([lot], [lot])


def test_who_cannot_be_reached_is_told_on_everything_that_runs(market: Marketplace, offer: int) -> None:
    """Blocking the bot and taking back consent fire on the order of either side and on the running lot, once a time."""
    market.talk(offer)
    order = f"order/{market.award(offer)}"
    running = f"lot/{market.lot(published=True, client_key='lot-2')}"
    with market.transactions() as uow:
        buyer, factory = (people.members_of(uow, company)[0] for company in (1, 2))
        for _ in range(2):
            automation.blocked(uow, buyer)
            automation.consent_withdrawn(uow, factory)
    assert places_of(market, "bot_blocked") == [running, order]
    assert places_of(market, "consent_withdrawn") == [order]


def test_progress_and_reviews_of_an_order(market: Marketplace, offer: int) -> None:
    """The order's deal hears of progress, of a plan that is missed, of a review and of few stars, once each."""
    market.talk(offer)
    order = market.award(offer)
    step = next(iter(orders.steps()))
    with market.transactions() as uow:
        orders.set_progress(uow, order, step=step, percent=50, note="", actor="person/2")
        made = uow.session.get_one(Order, order)
        made.state = "shipped"
        author = people.members_of(uow, 1)[0]
        for _ in range(2):
            reviews.give(uow, author, order, 1, "Плохо")
    ref = f"order/{order}"
    assert [places_of(market, code) for code in ("progress_changed", "review_received", "low_rating")] == [[ref]] * 3


@pytest.mark.parametrize("verdict", ["pass", "fail"])
def test_the_end_of_an_audit_and_of_its_badge(market: Marketplace, verdict: str) -> None:
    """The audit's item hears of the verdict, and of the day when the badge ran out, once each."""
    audit = market.audit(2)
    with market.transactions() as uow:
        audits.accept_documents(uow, audit, "user/1")
        audits.record_visit(uow, audit, uow.now, note="", video_url="", actor="user/1")
        points = 5 if verdict == "pass" else 1
        audits.save_scores(uow, audit, {line.code: {"points": points} for line in pack().audit.checklist}, "user/1")
        audit_verdicts.decide(uow, audit, verdict, "Проверено", "user/1")
    expected = [f"audit/{audit}"]
    assert places_of(market, "audit_passed" if verdict == "pass" else "audit_failed") == expected
    if verdict == "fail":
        return
    with market.transactions() as uow:
        company = uow.session.get_one(Company, market.get(Audit, audit).company_id)
        company.verified_until = uow.now - timedelta(seconds=1)
        uow.session.query(CrmLink).filter_by(ref="company/2").update({"snapshot": {"verification_status": "verified"}})
    for _ in range(2):
        with market.transactions() as uow:
            audit_verdicts.expire(uow)
    assert places_of(market, "badge_expired") == expected
