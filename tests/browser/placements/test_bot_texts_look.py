"""The page of the bot's texts, at a phone's and a desk's width, light and dark, in both languages of the house."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.placements.conftest import Opened, Site
from tests.browser.placements.test_look import broken_rules

Open = Callable[..., Opened]
SENT = "It was sent to {count} suitable factory."
WORDS = {
    "ru": ("Тексты бота", "Найти", "Изменить", "Показать как в Telegram", "Сохранить"),
    "uz": ("Bot matnlari", "Topish", "Oʻzgartirish", "Telegramdagidek koʻrsatish", "Saqlash"),
}


@pytest.mark.parametrize("look", [("ru", False, 1180), ("uz", True, 320)])
def test_a_text_is_found_tried_and_saved(opened: Open, site: Site, look: tuple[str, bool, int]) -> None:
    """An administrator finds a text that counts, sees a slip in the preview, mends it and saves; every state keeps inside its frame."""
    language, dark, width = look
    tab = opened("overview", width=width, dark=dark, language=language)
    page, find, edit, show, save = WORDS[language]
    name = f"bot-texts-{language}-{width}"
    tab.app.get_by_role("button", name=page).click()
    expect(tab.app.get_by_role("heading", name=page)).to_be_visible()
    tab.picture(f"{name}-list")
    tab.app.locator("input[name=q]").fill("suitable factor")
    tab.app.get_by_role("button", name=find).click()
    expect(tab.app.locator("#section-view .list > li")).to_have_count(1)
    tab.app.get_by_role("button", name=edit, exact=True).click()
    first = tab.app.locator(f"textarea[name='text.{language}.0']")
    first.fill("№")
    tab.app.get_by_role("button", name=show).click()
    expect(tab.app.locator("#section-bot_text_preview .problem")).to_have_count(1)
    tab.picture(f"{name}-slip")
    first.fill("{count}!")
    tab.app.get_by_role("button", name=save, exact=True).click()
    expect(tab.app.locator(".notice")).to_be_visible()
    tab.picture(f"{name}-saved")
    assert (tab.overflow() <= 0, tab.faults, broken_rules(tab)) == (True, [], [])
