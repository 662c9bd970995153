"""How every page looks to a browser: nothing sticks out on a phone, nothing stands in the way of assistive technology."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.sandbox.portal_automation.world import World
from tests.sandbox.portal_pages.office import MODULES, Desk, bind_tab, write_from_outside

AXE = MODULES / "axe-core" / "axe.min.js"
PAGES = [
    "/crm/deal/kanban/category/0/",
    "/crm/deal/list/",
    "/crm/deal/details/1/",
    "/crm/deal/automation/0/",
    "/online/",
    "/online/1/",
    "/apps/",
    "/apps/1/",
    "/contact_center/",
    "/company/",
    "/notifications/",
    "/panel/",
    "/report/analytics/",
]
WIDGETS = (
    *(f"CRM_DEAL_{place}" for place in ("DETAIL_TOOLBAR", "DETAIL_ACTIVITY", "LIST_MENU", "LIST_TOOLBAR")),
    *("CRM_ANALYTICS_MENU", "IM_SIDEBAR", "IM_TEXTAREA", "IM_CONTEXT_MENU", "IM_NAVIGATION", "USER_PROFILE_MENU"),
)
ICON = {"iconName": "fa-star"}
RULES = "{ runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'best-practice'] }"


@pytest.fixture
def furnished(world: World) -> World:
    """A portal with something on every page."""
    bind_tab(world)
    for code in WIDGETS:
        world.result(
            "placement.bind", PLACEMENT=code, HANDLER=f"{world.ear.url}/w", TITLE="Lots of the day", OPTIONS=ICON
        )
    deal = world.deal(title="Лот № 1: футболки с очень длинным названием" + "_без_пробелов" * 4, opportunity=64000)
    comment = {"ENTITY_ID": deal, "ENTITY_TYPE": "deal", "COMMENT": "Call https://long.example/" + "a" * 90}
    world.hook("crm.timeline.comment.add", fields=comment)
    world.result("im.notify.personal.add", USER_ID=1, MESSAGE="Look at the lot")
    write_from_outside(world, "Hello " + "very" * 40)
    world.control("automation", entity=2, stage="NEW", robots=[{"code": "pause", "properties": {"seconds": 5}}])
    return world


@pytest.mark.parametrize("width", [320, 1280])
def test_pages_fit_and_are_accessible(furnished: World, desk: Callable[..., Desk], width: int) -> None:
    """At this width no page is wider than the window and axe finds nothing to object to."""
    window = desk("1", width)
    objections: dict[str, object] = {}
    for path in PAGES:
        page = window.go(path)
        page.add_script_tag(path=str(AXE))
        found = page.evaluate(f"axe.run(document, {RULES})")["violations"]
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if found or wide > 0:
            objections[path] = [wide, *((one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found)]
    assert not objections, json.dumps(objections, ensure_ascii=False, indent=1)


def test_the_menu_of_a_phone(furnished: World, desk: Callable[..., Desk]) -> None:
    """On a phone the menu opens by its button, takes the focus, and Escape gives it back."""
    page = desk("1", 320).go("/online/")
    assert not page.locator("#menu").is_visible()
    button = page.get_by_role("button", name="Меню")
    button.click()
    assert page.locator("#menu a").first.evaluate("(link) => link === document.activeElement")
    page.keyboard.press("Escape")
    page.wait_for_function("document.activeElement.id === 'menu-button'")


def test_a_silent_portal_is_told(furnished: World, desk: Callable[..., Desk]) -> None:
    """A page says that the portal does not answer, and takes it back when it does again."""
    page = desk().go("/online/")
    page.route("**/pages/pulse", lambda route: route.abort())
    expect(page.locator("body")).to_have_attribute("data-offline", "Портал не отвечает.")
    page.unroute("**/pages/pulse")
    expect(page.locator("body:not([data-offline])")).to_have_count(1)
