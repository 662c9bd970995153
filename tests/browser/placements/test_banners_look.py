"""The page of banners in its states: empty, being edited with a preview, filled; at a phone's and a desk's width, light and dark."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.placements.conftest import Opened, Site
from tests.browser.placements.test_look import broken_rules
from tests.contract.placements.test_banners import png

Open = Callable[..., Opened]
WORDS = {
    "ru": ("Баннеры", "Создать первый", "Показать как в Mini App", "Сохранить"),
    "uz": ("Bannerlar", "Birinchisini yaratish", "Mini Appdagidek koʻrsatish", "Saqlash"),
}
TITLES = {"ru": "Ярмарка тканей в Ташкенте", "uz": "Toshkentda gazlamalar yarmarkasi", "en": "Fabric fair in Tashkent"}


@pytest.mark.parametrize("look", [("ru", False, 1180), ("uz", True, 320)])
def test_a_banner_is_made_seen_and_kept(opened: Open, site: Site, look: tuple[str, bool, int]) -> None:
    """A manager makes a banner with a picture, sees it as the Mini App will show it, and finds it in the list; nothing leaves its frame."""
    language, dark, width = look
    tab = opened("overview", width=width, dark=dark, language=language)
    page, first, show, save = WORDS[language]
    name = f"banners-{language}-{'dark' if dark else 'light'}-{width}"
    tab.app.get_by_role("button", name=page).click()
    expect(tab.app.locator(".empty")).to_be_visible()
    tab.picture(f"{name}-empty")
    tab.app.get_by_role("button", name=first).click()
    for code, title in TITLES.items():
        tab.app.locator(f"input[name='title.{code}']").fill(title)
        tab.app.locator(f"textarea[name='text.{code}']").fill("14–16.03")
    tab.app.locator("input[name=since]").fill("2031-03-14")
    tab.app.locator("input[type=file]").set_input_files(
        {"name": "fair.png", "mimeType": "image/png", "buffer": png(b"somebody")}
    )
    expect(tab.app.locator("input[name=file_id]")).to_be_checked()
    tab.app.get_by_role("button", name=show).click()
    expect(tab.app.locator(".promo b").first).to_have_text(TITLES["ru"])
    expect(tab.app.locator(".promo img")).to_have_count(3)
    tab.picture(f"{name}-editor")
    assert (tab.overflow() <= 0, tab.faults, broken_rules(tab)) == (True, [], [])
    tab.app.get_by_role("button", name=save, exact=True).click()
    expect(tab.app.locator(".promos li")).to_contain_text(TITLES[language])
    tab.picture(f"{name}-filled")
    assert (tab.overflow() <= 0, tab.faults, broken_rules(tab)) == (True, [], [])
