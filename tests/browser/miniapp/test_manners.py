"""How the Mini App behaves towards its host."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Route, expect

from storage.models import Person
from tests import factories
from tests.browser.miniapp.conftest import Site
from tests.browser.miniapp.phones import IVAN, Phone
from tests.launching import DARK, LIGHT

Open = Callable[..., Phone]


@pytest.fixture
def ivan(site: Site) -> Person:
    """Ivan, whose questionnaire is accepted."""
    with site.transactions() as uow:
        return factories.buyer(uow, str(IVAN["id"]))[0]


@pytest.fixture
def newcomer(site: Site) -> Person:
    """Ivan, who chose language and role and nothing else."""
    with site.transactions() as uow:
        return factories.person(uow, str(IVAN["id"]))


def test_the_host_hears_when_the_first_screen_stands(phone: Open, ivan: Person) -> None:
    """Ready is said once the first screen is there, the app is expanded, swipes do not close it."""
    opened = phone(IVAN)
    opened.view("home")
    opened.page.wait_for_function("window.events.some(([name]) => name === 'web_app_ready')")
    assert opened.posted("web_app_expand")
    assert opened.posted("web_app_setup_swipe_behavior") == [{"allow_vertical_swipe": False}]


def test_the_bottom_button_is_the_action(phone: Open, ivan: Person) -> None:
    """The host's bottom button carries the screen's action in the theme's colours; a screen without one hides it."""
    opened = phone(IVAN)
    opened.view("home")
    opened.page.locator("#main", has_text="Разместить заказ").wait_for()
    shown = opened.posted("web_app_setup_main_button")[-1]
    assert (shown["is_visible"], shown["is_active"], shown["color"]) == (True, True, LIGHT["button_color"])
    opened.app.get_by_role("link", name="Настройки").click()
    opened.view("settings")
    opened.page.locator("#main").wait_for(state="hidden")


def test_back_leads_up_and_is_hidden_at_the_start(phone: Open, ivan: Person) -> None:
    """The back button is there on inner screens only and leads to the screen above."""
    opened = phone(IVAN)
    opened.view("home")
    assert opened.page.locator("#back").is_hidden()
    opened.app.get_by_role("link", name="Мои лоты").click()
    opened.view("lots")
    opened.page.locator("#back").click()
    opened.view("home")
    opened.page.locator("#back").wait_for(state="hidden")


def test_the_theme_changes_live(phone: Open, ivan: Person) -> None:
    """A theme changed in the host recolours the page and its bottom button at once."""
    opened = phone(IVAN)
    opened.view("home")
    opened.tell("theme_changed", {"theme_params": DARK})
    body = opened.app.locator("body")
    opened.app.locator('html[data-scheme="dark"]').wait_for()
    assert body.evaluate("page => getComputedStyle(page).backgroundColor") == "rgb(15, 15, 15)"
    opened.page.wait_for_function(
        "colour => window.events.findLast(([name]) => name === 'web_app_setup_main_button')[1].color === colour",
        arg=DARK["button_color"],
    )


def test_safe_areas_are_respected(phone: Open, ivan: Person) -> None:
    """Insets told by the host keep the content clear of its bars."""
    opened = phone(IVAN)
    opened.view("home")
    opened.tell("safe_area_changed", {"top": 20, "right": 0, "bottom": 34, "left": 0})
    opened.tell("content_safe_area_changed", {"top": 46, "right": 0, "bottom": 0, "left": 0})
    opened.app.locator('html[style*="--content-safe-top: 46px"]').wait_for()
    assert opened.app.locator("body").evaluate("page => getComputedStyle(page).padding") == "66px 0px 34px"


def test_unsaved_text_asks_before_closing(phone: Open, newcomer: Person) -> None:
    """Closing asks for confirmation while something typed is not saved, and no longer once it is."""
    opened = phone(IVAN, "/app/form/buyer/person")
    opened.view("step")
    opened.app.locator('[name="q.full_name"]').fill("Иван")
    opened.app.get_by_text("Сохранено").wait_for()
    asked = [state["need_confirmation"] for state in opened.posted("web_app_setup_closing_behavior")]
    assert asked[-2:] == [True, False]


def test_success_and_failure_are_felt(phone: Open, newcomer: Person) -> None:
    """Haptics mark a refused step, and nothing else on the way there."""
    opened = phone(IVAN, "/app/form/buyer/person")
    opened.view("step")
    opened.press()
    opened.app.locator(".field.wrong").first.wait_for()
    felt = [data["notification_type"] for data in opened.posted("web_app_trigger_haptic_feedback")]
    assert felt == ["error"]


def test_outside_telegram_it_says_where_to_open(site: Site, browser: Browser) -> None:
    """Opened in a plain browser it explains itself instead of showing nothing."""
    page = browser.new_page(locale="ru-RU")
    page.goto(f"{site.url}/app/")
    expect(page.get_by_text("Откройте эту страницу из бота в Telegram.")).to_be_visible()
    page.close()


def test_a_refused_launch_is_explained(phone: Open, site: Site) -> None:
    """Launch data that is not believed leads to a sentence, not to an empty page."""
    opened = phone({"id": "x", "first_name": "Mallory"})
    expect(opened.app.get_by_text("open it again from the bot")).to_be_visible()


def test_the_first_screen_is_light(site: Site, browser: Browser, ivan: Person, phone: Open) -> None:
    """Everything the first screen transfers stays under 60 kB."""
    opened = phone(IVAN)
    opened.view("home")
    sizes = opened.app.locator("body").evaluate(
        """() => [...performance.getEntriesByType("resource"), ...performance.getEntriesByType("navigation")]
            .map((entry) => entry.transferSize)"""
    )
    assert 10_000 < sum(sizes) < 60_000


def test_a_working_action_is_seen_in_the_bottom_button(phone: Open, newcomer: Person) -> None:
    """While an action is under way the bottom button shows progress and cannot be pressed again."""
    opened = phone(IVAN, "/app/form/buyer/person")
    opened.view("step")
    opened.press()
    opened.app.locator(".field.wrong").first.wait_for()
    states = [state["is_progress_visible"] for state in opened.posted("web_app_setup_main_button")]
    assert states[-2:] == [True, False]


def test_a_run_out_pass_is_renewed_unnoticed(phone: Open, ivan: Person) -> None:
    """When the pass has run out the app proves itself again and the person sees only the next screen."""
    opened = phone(IVAN)
    opened.view("home")
    opened.page.route("**/app/lots", lambda route: route.fulfill(status=401, json={}), times=1)
    opened.app.get_by_role("link", name="Мои лоты").click()
    expect(opened.app.locator('[data-view="lots"]')).to_be_visible()


def test_a_lost_connection_offers_another_try(phone: Open, ivan: Person) -> None:
    """A screen that cannot be fetched says so with a button that tries again."""
    opened = phone(IVAN)
    opened.view("home")
    opened.page.context.set_offline(True)
    opened.app.get_by_role("link", name="Мои лоты").click()
    expect(opened.app.get_by_text("Нет связи")).to_be_visible()
    opened.page.context.set_offline(False)
    opened.app.get_by_role("button", name="Попробовать снова").click()
    expect(opened.app.locator('[data-view="lots"]')).to_be_visible()


def test_a_slow_screen_shows_its_bones(phone: Open, ivan: Person) -> None:
    """Until a screen is there its outline is, and no spinner."""
    opened = phone(IVAN)
    opened.view("home")
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    opened.page.route("**/app/lots", hold, times=1)
    opened.app.get_by_role("link", name="Мои лоты").click()
    expect(opened.app.locator("#screen[aria-busy=true] .bone").first).to_be_visible()
    waiting[0].continue_()
    opened.view("lots")
    assert opened.app.locator("#screen .bone").count() == 0


def test_text_without_a_draft_is_not_lost_unasked(phone: Open, ivan: Person) -> None:
    """A changed profile that is not sent yet asks before it is left or closed; typed back to what it was, it asks no more."""
    opened = phone(IVAN, "/app/profile/edit")
    opened.view("edit")
    field = opened.app.locator('[name="q.position"]')
    before = field.input_value()
    field.fill("Директор")
    opened.page.locator("#back").click()
    opened.page.locator("#popup button").last.click()
    assert field.input_value() == "Директор"
    field.fill(before)
    opened.page.locator("#back").click()
    opened.view("settings")
    asked = [state["need_confirmation"] for state in opened.posted("web_app_setup_closing_behavior")]
    assert (True in asked, asked[-1]) == (True, False)


def test_the_keyboard_covers_no_field(phone: Open, ivan: Person) -> None:
    """When half the height is gone the field that is typed into stands whole in what is left."""
    opened = phone(IVAN, "/app/profile/edit")
    opened.view("edit")
    field = opened.app.locator('[name="q.email"]')
    field.focus()
    opened.page.set_viewport_size({"width": 390, "height": 360})
    seen = opened.page.frames[1].wait_for_function(
        """() => { const { top, bottom } = document.activeElement.getBoundingClientRect();
                   return top >= 0 && bottom <= innerHeight && document.activeElement.name; }"""
    )
    assert seen.json_value() == "q.email"
