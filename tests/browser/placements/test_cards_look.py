"""The form that sends a card into a conversation: what it shows, and that it fits."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.looks import shown
from tests.browser.placements.conftest import Opened, Site

Open = Callable[..., Opened]
LOOKS = [("ru", False, 1180), ("uz", True, 320), ("en", False, 320), ("ru", True, 1180)]
CARDS = {"ru": "Карточки…", "uz": "Kartochkalar…", "en": "Cards…"}


@pytest.mark.parametrize(("language", "dark", "width"), shown(LOOKS))
def test_cards_are_read_before_they_are_sent(site: Site, opened: Open, language: str, dark: bool, width: int) -> None:
    """Each card stands with its name and all its lines beside its button, within the frame; sending says so."""
    site.market.buyer()
    lot = site.market.lot(published=True)
    site.market.talk(site.market.offer(lot, site.market.factory()), "Добрый день!")
    tab = opened("deal_tab", site.market.in_crm[f"lot/{lot}"], width=width, dark=dark, language=language)
    tab.app.locator("summary", has_text=CARDS[language]).click()
    cards = tab.app.locator("form:has(input[name=card])")
    expect(cards).to_have_count(3)
    tab.picture(f"deal_tab-cards-{language}-{'dark' if dark else 'light'}-{width}")
    assert (tab.overflow(), tab.faults) == (0, [])
    assert cards.first.locator(".words").evaluate("box => getComputedStyle(box).whiteSpace") == "pre-line"
    cards.first.locator("button").click()
    expect(tab.app.get_by_role("status").first).to_be_visible()
