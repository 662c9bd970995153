"""No press vanishes silently: the page shows that it works, then what came out, or what went wrong with one press to try again."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from playwright.sync_api import Page, expect

from storage.models import Company, Lot
from tests.browser.placements.conftest import Opened, Site

Open = Callable[..., Opened]
ACTS = "**/placements/act/**"
RENEWALS = "**/placements/renew"


def silent(page: Page, address: str) -> None:
    """Let nothing that this page asks for at an address be answered, by a clock that the test moves."""
    page.clock.install()
    page.route(address, lambda _route: None)


def waiting_lot(site: Site) -> tuple[int, str]:
    """Give a lot that waits for moderation, and the id of its deal."""
    site.market.buyer()
    lot = site.market.lot()
    return lot, site.market.in_crm[f"lot/{lot}"]


def test_a_press_counts_though_the_page_moves_under_it(site: Site, opened: Open) -> None:
    """A part that arrives between pressing and letting go moves the button away; the press counts all the same, and once."""
    factory = site.market.factory(published=False)
    tab = opened("company_tab", site.market.in_crm[f"company/{factory}"], who="manager")
    expect(tab.app.locator(".skeleton")).to_have_count(0)
    accept = tab.app.locator("#do-approve_company")
    accept.scroll_into_view_if_needed()
    box = accept.bounding_box()
    assert box
    tab.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    tab.page.mouse.down()
    tab.page.frames[1].evaluate("document.getElementById('page').style.paddingTop = '160px'")
    tab.page.wait_for_timeout(100)
    tab.page.mouse.up()
    expect(tab.app.get_by_role("status").first).to_be_visible()
    expect(accept).to_have_count(0)
    assert site.market.get(Company, factory).state == "accepted"
    assert tab.faults == []


def test_whoever_moves_away_before_letting_go_has_not_pressed(site: Site, opened: Open) -> None:
    """Letting go elsewhere takes a press back, as everywhere."""
    lot, deal = waiting_lot(site)
    tab = opened("deal_tab", deal, who="manager")
    box = tab.app.locator("#do-approve_lot").bounding_box()
    assert box
    tab.page.mouse.move(box["x"] + 5, box["y"] + 5)
    tab.page.mouse.down()
    tab.page.mouse.move(box["x"] + 5, box["y"] - 80)
    tab.page.mouse.up()
    tab.page.wait_for_timeout(300)
    assert site.market.get(Lot, lot).state == "submitted"


def test_a_slow_answer_is_waited_for_in_sight_and_then_given_up(site: Site, opened: Open) -> None:
    """The button turns at once, after ten seconds words say that it takes long, after a minute that no answer came: one may try again."""
    lot, deal = waiting_lot(site)
    tab = opened("deal_tab", deal, who="manager", before=partial(silent, address=ACTS))
    accept, said = tab.app.locator("#do-approve_lot"), tab.app.locator("#do-approve_lot-error")
    accept.click()
    expect(accept).to_be_disabled()
    tab.page.clock.fast_forward(11_000)
    expect(said).to_contain_text("дольше обычного")
    tab.picture("press-slow")
    tab.page.clock.fast_forward(60_000)
    expect(said).to_contain_text("Ответ не пришёл")
    expect(accept).to_be_enabled()
    tab.picture("press-unanswered")
    tab.page.unroute(ACTS)
    said.get_by_role("button", name="Попробовать снова").click()
    expect(tab.app.get_by_role("status").first).to_contain_text("опубликован")
    assert site.market.get(Lot, lot).state == "published"


def test_an_answer_that_is_not_ours_is_named(site: Site, opened: Open) -> None:
    """What a server between us answers in our place is told as a failure beside the button, with one press to try again."""
    lot, deal = waiting_lot(site)
    tab = opened("deal_tab", deal, who="manager")
    accept, again = tab.app.locator("#do-approve_lot"), tab.app.locator("#do-approve_lot-error button")
    answers = [404, 429, 502]
    tab.page.route(
        ACTS, lambda route: route.fulfill(status=answers.pop(), body="<h1>proxy</h1>", content_type="text/html")
    )
    while answers:
        accept.click()
        expect(again).to_be_visible()
    expect(tab.app.locator("h1")).to_have_count(0)
    tab.page.unroute(ACTS)
    again.click()
    expect(tab.app.get_by_role("status").first).to_contain_text("опубликован")
    assert site.market.get(Lot, lot).state == "published"


@pytest.mark.parametrize("page_token_seconds", [1])
def test_a_portal_that_never_answers_for_a_visitor_is_named(site: Site, opened: Open) -> None:
    """A renewal that hangs is given up with words beside the button, and a second press meanwhile does not double the first."""
    lot, deal = waiting_lot(site)
    tab = opened("deal_tab", deal, who="manager", before=partial(silent, address=RENEWALS))
    tab.page.wait_for_function("window.heard.some(([name]) => name === 'resizeWindow')")
    tab.page.clock.fast_forward(2_000)
    accept, said = tab.app.locator("#do-approve_lot"), tab.app.locator("#do-approve_lot-error")
    accept.click()
    expect(accept).to_be_disabled()
    tab.page.clock.fast_forward(70_000)
    expect(said).to_contain_text("Ответ не пришёл")
    expect(accept).to_be_enabled()
    tab.page.unroute(RENEWALS)
    said.get_by_role("button").click()
    expect(tab.app.get_by_role("status").first).to_contain_text("опубликован")
    assert site.market.get(Lot, lot).state == "published"


def test_what_is_wrong_with_a_form_is_marked_in_it(site: Site, opened: Open) -> None:
    """The words are the reader's, the fields at fault are marked, the first has the cursor; typing takes its mark away."""
    factory = site.market.factory(published=False)
    tab = opened("company_tab", site.market.in_crm[f"company/{factory}"], who="manager")
    form = tab.app.locator("#do-grant")
    reason = form.locator("input[name=reason]")
    reason.fill("x")
    form.locator("input[name=until]").fill("")
    tab.page.frames[1].evaluate("document.getElementById('do-grant').noValidate = true")
    form.get_by_role("button").click()
    said = tab.app.locator("#do-grant-error")
    expect(said).to_contain_text("Выберите день")
    expect(said).to_contain_text("Напишите от 3 до")
    expect(form.locator("[aria-invalid]")).to_have_count(2)
    expect(form.locator("input[name=until]")).to_be_focused()
    tab.picture("form-faults")
    reason.press_sequentially("y")
    expect(form.locator("[aria-invalid]")).to_have_count(1)
