"""Pages with nothing to show, pages that only show, and pages that cannot: each says so and keeps inside its frame."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from b24app.errors import Retryable
from tests.browser.looks import shown
from tests.browser.placements.conftest import Opened, Site
from tests.browser.placements.test_look import broken_rules
from tests.contract.placements.conftest import Somebody

Open = Callable[..., Opened]
LOOKS = shown(
    [
        ("ru", False, 1180),
        ("uz", True, 320),
        ("ru", True, 1180),
        ("uz", False, 320),
        ("en", False, 700),
        ("en", True, 1180),
    ]
)


def calm(tab: Opened) -> tuple[bool, list[str], list[str]]:
    """Give whether the page keeps inside its frame, what it complained of, and which accessibility rules it breaks."""
    return tab.overflow() <= 0, tab.faults, broken_rules(tab)


@pytest.mark.parametrize(("language", "dark", "width"), LOOKS)
def test_every_view_without_anything_in_it(opened: Open, language: str, dark: bool, width: int) -> None:
    """On a marketplace where nothing happened yet each view of the overview says what will stand there; its tab is in sight."""
    look = f"{language}-{'dark' if dark else 'light'}-{width}"
    tab = opened("overview", width=width, dark=dark, language=language)
    for number in range(tab.app.locator("nav button").count()):
        button = tab.app.locator("nav button").nth(number)
        view = str(button.get_attribute("hx-get")).rpartition("/")[2]
        button.click()
        chosen = tab.app.locator(f'nav button[aria-current][hx-get$="/{view}"]')
        expect(chosen).to_be_in_viewport()
        tab.picture(f"empty-{view}-{look}")
        assert calm(tab) == (True, [], []), view


@pytest.mark.parametrize(("language", "dark", "width"), LOOKS)
def test_who_may_not_and_when_nobody_answers(opened: Open, site: Site, language: str, dark: bool, width: int) -> None:
    """Somebody who may only look is told so; who may not read the item, and everybody while the portal is silent, gets a calm page."""
    look = f"{language}-{'dark' if dark else 'light'}-{width}"
    site.market.buyer()
    lot = site.market.in_crm[f"lot/{site.market.lot()}"]
    looking = opened("deal_tab", lot, who="observer", width=width, dark=dark, language=language)
    expect(looking.app.locator(".banner").first).to_be_visible()
    looking.picture(f"observer-deal_tab-{look}")
    assert calm(looking) == (True, [], [])
    site.portal.known["observer"] = Somebody("9", "Анна Котова", False, can_read=False)
    shut_out = opened("deal_tab", lot, who="observer", width=width)
    shut_out.picture(f"no-permission-{width}")
    site.portal.down = Retryable("503")
    silent = opened("deal_tab", lot, width=width)
    silent.picture(f"portal-silent-{width}")
    assert (shut_out.overflow() <= 0, silent.overflow() <= 0) == (True, True)
