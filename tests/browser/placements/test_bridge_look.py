"""The pages of conversations, at a phone's and a desk's width, light and dark, in both languages of the house."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, expect

from b24app.services import conversations, lines, reply_templates
from b24app.services import settings as stored
from storage.models import Conversation
from tests.browser.placements.conftest import Opened, Site
from tests.browser.placements.test_look import broken_rules

Open = Callable[..., Opened]
NAMES = {"ru": "Переписка", "uz": "Yozishmalar"}


@pytest.fixture
def deal(site: Site) -> str:
    """A lot with a conversation on open-line chat 777, two lines and a template."""
    market = site.market
    market.buyer()
    lot = market.lot(published=True)
    offer = market.offer(lot, market.factory())
    market.talk(offer, "Добрый день! Мой номер +7 911 222-33-44", "Assalomu alaykum, namuna tayyor")
    with site.transactions() as uow:
        talk = uow.session.query(Conversation).one()
        talk.line_chat_id = "777"
        conversations.release(uow, talk.id, "user/1")
        stored.put(uow, "translation_url", "https://translate.example/", "user/1")
        words = {"ru": "Здравствуйте, {name}! По лоту {lot} ждём образец.", "uz": "Assalomu alaykum, {name}!"}
        reply_templates.save(uow, None, "Образец", words, "user/1")
        lines.connected(uow, "2", "user/1").troubles = ["loud", "offline"]
        lines.connected(uow, "1", "user/1").title = "Переписка покупателей и фабрик"
    return market.in_crm[f"lot/{lot}"]


@pytest.mark.parametrize("look", [("ru", False, 1180), ("uz", True, 320)])
def test_pages_of_conversations_are_readable(opened: Open, deal: str, look: tuple[str, bool, int]) -> None:
    """Settings, the panels of the messenger and the form above the timeline keep inside their frame and break no rule of WCAG AA."""
    language, dark, width = look
    for code, entity in (
        ("overview", ""),
        ("deal_button", deal),
        ("chat_textarea", "777"),
        ("chat_sidebar", "777"),
        ("chat_mobile", "777"),
    ):
        tab = opened(code, entity, width=width, dark=dark, language=language)
        if code == "overview":
            tab.app.get_by_role("button", name=NAMES[language]).click()
            tab.app.locator("details.fold summary").first.click()
        expect(tab.app.locator("[aria-busy]")).to_have_count(0)
        if code == "deal_button":
            tab.app.locator("input[name=files]").set_input_files(
                FilePayload(name="namuna-2026.pdf", mimeType="application/pdf", buffer=b"%PDF-1.4")
            )
            expect(tab.app.locator(".choose-file [data-names]")).to_have_text("namuna-2026.pdf")
        for ask in tab.app.locator("details.ask summary").all()[:2]:
            ask.click()
        tab.picture(f"bridge-{code}-{language}-{width}")
        assert (tab.overflow() <= 0, tab.faults, broken_rules(tab)) == (True, [], []), code
        tab.page.close()
