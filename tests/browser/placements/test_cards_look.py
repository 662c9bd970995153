"""The form that sends a card into a conversation: what it shows, and that it fits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.looks import shown
from tests.browser.placements.conftest import Opened, Site

Open = Callable[..., Opened]
LOOKS = [("ru", False, 1180), ("uz", True, 320), ("en", False, 320), ("ru", True, 1180)]
INVOICE = {
    "number": "INV-2026/77",
    "amount": "12500.50",
    "due_on": "2099-04-15",
    "purpose": "Образцы и доставка до склада в Ташкенте",
    "address": "https://docs.example/invoices/77?sign=0123456789abcdef0123456789abcdef",
}
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


@pytest.mark.parametrize(("language", "dark", "width"), shown(LOOKS))
def test_an_invoice_and_a_meeting_are_sent(site: Site, opened: Open, language: str, dark: bool, width: int) -> None:
    """Both forms fit the frame; what was sent stands in them when they are opened again: the invoice to be sent once more, the meeting."""
    site.market.buyer()
    lot = site.market.lot(published=True)
    site.market.talk(site.market.offer(lot, site.market.factory()), "Добрый день!")
    tab = opened("deal_tab", site.market.in_crm[f"lot/{lot}"], width=width, dark=dark, language=language)
    look = f"{language}-{'dark' if dark else 'light'}-{width}"
    invoice, meeting = (
        tab.app.locator(f"details:has(form[id^=do-{name}])") for name in ("send_invoice", "propose_meeting")
    )
    invoice.locator("summary").click()
    for name, value in INVOICE.items():
        invoice.locator(f"[name={name}]").fill(value)
    tab.picture(f"deal_tab-invoice-{look}")
    invoice.locator("button").click()
    expect(tab.app.get_by_role("status").first).to_be_visible()
    meeting.locator("summary").click()
    meeting.locator("[name=subject]").fill("Образцы и сроки")
    day = (datetime.now(UTC) + timedelta(days=3)).date()
    for number in (1, 2):
        meeting.locator(f"[name='slot.{number}']").fill(f"{day}T1{number}:30")
    tab.picture(f"deal_tab-meeting-{look}")
    meeting.locator("button").click()
    expect(invoice.locator("form")).to_have_count(2)
    expect(meeting.locator("button")).to_have_count(2)
    invoice.locator("summary").click()
    meeting.locator("summary").click()
    tab.picture(f"deal_tab-offered-{look}")
    assert (tab.overflow(), tab.faults) == (0, [])
