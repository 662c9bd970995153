"""Every page at every width, theme and language keeps inside its frame, readable and reachable."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.looks import shown
from tests.browser.placements.conftest import Opened, Site
from tests.conftest import PROJECT
from tests.contract.placements.conftest import Somebody

Open = Callable[..., Opened]
AXE = PROJECT / "static" / "node_modules" / "axe-core" / "axe.min.js"

LYING_ON_OTHERS = """() => {
  const shown = [...document.querySelectorAll(".field :is(input, select, textarea, button, .hint)")]
    .map((one) => [one, one.getBoundingClientRect()]).filter(([, box]) => box.height > 0);
  return shown.flatMap(([one, a], number) => shown.slice(number + 1)
    .filter(([, b]) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1)
    .map(([other]) => `${one.outerHTML.slice(0, 80)} / ${other.outerHTML.slice(0, 80)}`));
}"""
LOOKS = [
    ("ru", False, 1180),
    ("uz", True, 320),
    ("en", False, 320),
    ("uz", False, 700),
    ("ru", True, 1180),
]


def story(site: Site) -> dict[str, str]:
    """Make a marketplace with something on every page; answers the CRM id each page is opened on."""
    market = site.market
    market.buyer()
    factory, other = market.factory(), market.factory(3, "Silk Road Mill")
    waiting = market.lot(client_key="waiting", product="Полотенца махровые 50×90, 450 г/м², 6 цветов, вышивка логотипа")
    lot = market.lot(published=True)
    offer = market.offer(lot, factory)
    market.offer(lot, other, "2.95")
    market.talk(offer, "Добрый день! Мой номер +7 911 222-33-44", "Assalomu alaykum, namuna tayyor", "Когда отгрузка?")
    new = market.factory(4, "Namangan Denim", published=False)
    market.change(factory, company="ABC Global Textiles")
    audit = market.audit(factory)
    contact = next(entity for ref, entity in market.in_crm.items() if ref.startswith("contact/"))
    return {
        "lead_tab": market.in_crm["lead/1"],
        "contact_tab": contact,
        "contact_tab:waiting": market.contact(new),
        "company_tab": market.in_crm[f"company/{factory}"],
        "deal_tab": market.in_crm[f"lot/{lot}"],
        "deal_tab:waiting": market.in_crm[f"lot/{waiting}"],
        "audit_tab": market.in_crm[f"audit/{audit}"],
        "dispute_tab": "424242",
        "standing": market.in_crm[f"company/{factory}"],
        "overview": "",
    }


@pytest.mark.parametrize(("language", "dark", "width"), shown(LOOKS))
def test_pages_keep_inside_their_frame(site: Site, opened: Open, language: str, dark: bool, width: int) -> None:
    """No page scrolls sideways, none reports an error, and nothing that the accessibility rules of WCAG AA forbid is there."""
    for name, entity_id in story(site).items():
        code = name.split(":")[0]
        tab = opened(code, entity_id, width=width, dark=dark, language=language)
        expect(tab.app.locator("[aria-busy]")).to_have_count(0)
        tab.page.wait_for_timeout(150)
        theme = "dark" if dark else "light"
        tab.picture(f"{name.replace(':', '-')}-{language}-{theme}-{width}")
        assert tab.overflow() <= 0, name
        assert tab.faults == [], name
        assert broken_rules(tab) == [], name
        tab.page.close()


def broken_rules(tab: Opened) -> list[str]:
    """Run the accessibility checker inside the frame; the strict policy of the page does not bind the tool."""
    frame = tab.page.frames[1]
    frame.evaluate(AXE.read_text(encoding="utf-8") + "; null")
    found = frame.evaluate("axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa'] })")
    return [
        f"{rule['id']}: {json.dumps([node['target'] for node in rule['nodes']])[:300]}" for rule in found["violations"]
    ]


@pytest.mark.parametrize(
    ("view", "heading", "name"),
    [("Состояние", "Состояние связи", "health"), ("Настройки", "Как вы видите эти страницы", "settings")],
)
def test_the_overview_has_three_views(site: Site, opened: Open, view: str, heading: str, name: str) -> None:
    """Inner navigation swaps the view, marks where one is, and stays readable."""
    tab = opened("overview", width=320)
    tab.app.get_by_role("button", name=view).click()
    expect(tab.app.locator("h2").first).to_have_text(heading)
    expect(tab.app.locator("[aria-current=page]")).to_have_text(view)
    tab.page.wait_for_timeout(150)
    tab.picture(f"overview-{name}-320")
    assert (tab.overflow(), broken_rules(tab), tab.faults) == (0, [], [])


@pytest.mark.parametrize("width", [1180, 320])
def test_nothing_in_the_settings_lies_on_anything_else(site: Site, opened: Open, width: int) -> None:
    """The names of chosen employees stand beside the button that chooses them, not on it; so do all controls and hints."""
    opened("overview", who="manager").page.close()
    tab = opened("overview", width=width)
    tab.app.get_by_role("button", name="Настройки").click()
    expect(tab.app.locator(".field .hint", has_text="Пётр Иванов")).to_be_visible()
    expect(tab.app.locator("[data-choose]").first).to_be_visible()
    assert tab.page.frames[1].evaluate(LYING_ON_OTHERS) == []


def test_the_theme_changes_at_once(site: Site, opened: Open) -> None:
    """Choosing dark and Uzbek repaints the page without opening it again."""
    tab = opened("overview")
    tab.app.get_by_role("button", name="Настройки").click()
    tab.app.get_by_label("Тёмная").check()
    tab.app.locator("select[name=language]").select_option("uz")
    tab.app.get_by_role("button", name="Сохранить").first.click()
    expect(tab.app.get_by_role("status")).to_have_text("Saqlandi.")
    expect(tab.app.locator("html")).to_have_attribute("data-theme", "dark")
    tab.picture("settings-uz-dark")


def test_the_keyboard_reaches_everything(site: Site, opened: Open) -> None:
    """With Tab and Enter alone a lot is approved."""
    site.market.buyer()
    lot = site.market.lot()
    tab = opened("deal_tab", site.market.in_crm[f"lot/{lot}"])
    tab.app.locator("#do-approve_lot").focus()
    tab.page.keyboard.press("Enter")
    expect(tab.app.get_by_role("status").filter(has_text="опубликован")).to_be_visible()


EARLY = {
    "deal_tab": ("#do-approve_lot", "[role=status]:has-text('опубликован')"),
    "robot_settings": ("[data-hours='72']", "[data-hours='72'][aria-pressed=true]"),
}


@pytest.mark.parametrize("code", EARLY)
def test_nothing_pressed_before_the_script_arrives_is_lost(site: Site, opened: Open, code: str) -> None:
    """On a slow line a button takes no press before it can act on it; the first press it takes, works."""
    site.market.buyer()
    item = site.market.in_crm[f"lot/{site.market.lot()}"] if code == "deal_tab" else "wait_for_reply"

    def slow_line(page: Page) -> None:
        def late(route: Route) -> None:
            page.wait_for_timeout(700)
            route.continue_()

        page.route("**/assets/*.js", late)

    button, outcome = EARLY[code]
    tab = opened(code, item, before=slow_line)
    tab.app.locator(button).click()
    expect(tab.app.locator(outcome).first).to_be_visible()


def test_strangers_and_foreign_items_get_a_calm_page(site: Site, opened: Open) -> None:
    """No permission and nothing to do are said in words, with nothing broken around them."""
    foreign = opened("deal_tab", "424242", width=320)
    expect(foreign.app.locator(".empty")).to_be_visible()
    foreign.picture("foreign-320")
    site.portal.known["observer"] = Somebody("9", "Анна Котова", False, can_read=False)
    stranger = opened("deal_tab", "424242", who="observer", width=320)
    expect(stranger.app.locator(".empty")).to_contain_text("Эта страница вам недоступна")
