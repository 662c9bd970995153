"""The page of ready-made sets and an order's reviews, at a phone's and a desk's width, light and dark, in both languages of the house."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from b24app.services import orders, people, reviews
from storage.models import Lot
from tests.browser.placements.conftest import Opened, Site
from tests.browser.placements.test_look import broken_rules

Open = Callable[..., Opened]


@pytest.mark.parametrize("look", [("ru", False, 1180), ("uz", True, 320)])
def test_a_set_is_switched_on_and_a_review_published(opened: Open, site: Site, look: tuple[str, bool, int]) -> None:
    """An administrator switches a set on behind the designer's button and publishes a review on the deal; nothing leaves its frame."""
    language, dark, width = look
    name = f"{language}-{'dark' if dark else 'light'}-{width}"
    tab = opened("robot_designer", width=width, dark=dark, language=language)
    first = tab.app.locator("#do-switch_rule-announce_lot")
    first.locator("input[name='number.hours']").fill("36")
    first.locator("input[name=on]").check()
    first.locator("button").click()
    expect(tab.app.locator(".notice")).to_be_visible()
    tab.picture(f"ready-sets-{name}")
    assert (tab.overflow() <= 0, tab.faults, broken_rules(tab)) == (True, [], [])
    tab = opened("deal_tab", reviewed(site), width=width, dark=dark, language=language)
    tab.picture(f"order-reviews-{name}")
    tab.app.locator("[id^=do-decide_review][id$=-yes]").click()
    expect(tab.app.locator(".notice")).to_be_visible()
    assert (tab.overflow() <= 0, tab.faults, broken_rules(tab)) == (True, [], [])


def reviewed(site: Site) -> str:
    """Make a shipped order with a review of its buyer; answers the id of its deal."""
    market = site.market
    market.buyer()
    factory = market.factory()
    offer = market.offer(market.lot(published=True), factory)
    market.talk(offer)
    order = market.award(offer)
    with site.transactions() as uow:
        maker = people.members_of(uow, factory)[0]
        orders.report(uow, maker, order, step="shipped")
        buyer = people.members_of(uow, market.get(Lot, 1).company_id)[0]
        reviews.give(uow, buyer, order, 4, "Швы ровные, цвет держится. Отгрузили на два дня позже.")
    return market.in_crm[f"order/{order}"]
