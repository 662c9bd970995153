"""A manager's work on our tabs, in a frame of another origin as inside the portal."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial

import pytest
from playwright.sync_api import Error, Route, expect

from b24app.services import settings as stored
from storage.models import Company, Lot, Offer
from tests.browser.placements.conftest import Opened, Site

Open = Callable[..., Opened]


def test_a_lead_is_returned_and_then_accepted(site: Site, opened: Open) -> None:
    """Marking an answer opens its reason and turns the button from accepting into returning; without marks it accepts."""
    company = site.market.buyer(accepted=False)
    tab = opened("lead_tab", site.market.in_crm[f"lead/{company}"], who="manager")
    accept, back = tab.app.locator("#do-approve_company"), tab.app.locator("#do-return_company")
    expect(accept).to_be_visible()
    expect(back).to_be_hidden()
    row = tab.app.locator(".answer", has_text="Сайт")
    row.locator(".mark").click()
    row.locator(".reason input").fill("Сайт не открывается")
    tab.picture("lead-marked")
    expect(accept).to_be_hidden()
    back.click()
    expect(tab.app.get_by_role("status")).to_contain_text("Возвращён 1 ответ")
    expect(tab.app.locator(".notice")).to_be_focused()
    assert site.market.get(Company, company).corrections == [{"field": "website", "reason": "Сайт не открывается"}]
    assert tab.faults == []


def test_an_empty_reason_is_asked_for_in_place(site: Site, opened: Open) -> None:
    """A mark without words answers beside the button and keeps the mark."""
    company = site.market.buyer(accepted=False)
    tab = opened("lead_tab", site.market.in_crm[f"lead/{company}"])
    tab.app.locator(".answer", has_text="Сайт").locator(".mark").click()
    tab.app.locator("#do-return_company").click()
    expect(tab.app.locator("#do-return_company-error")).to_contain_text("Отметьте хотя бы один ответ")
    expect(tab.app.locator(".answer", has_text="Сайт").locator(".mark input")).to_be_checked()


def test_a_lot_is_moderated_and_its_factories_appear(site: Site, opened: Open) -> None:
    """The comparison, the lazily loaded matches and the approval, which refreshes both."""
    site.market.buyer()
    site.market.factory()
    lot = site.market.lot()
    tab = opened("deal_tab", site.market.in_crm[f"lot/{lot}"], who="manager")
    expect(tab.app.locator("#section-matches")).to_contain_text("ABC Textiles")
    tab.picture("lot-moderation")
    tab.app.locator("#do-approve_lot").click()
    expect(tab.app.get_by_role("status")).to_contain_text("опубликован")
    assert site.market.get(Lot, lot).state == "published"
    assert tab.faults == []


def test_offers_are_declined_with_a_reason_and_allowed(site: Site, opened: Open) -> None:
    """Declining unfolds a question in place; allowing opens the conversation below."""
    site.market.buyer()
    first, second = site.market.factory(), site.market.factory(3, "Silk Road Mill")
    lot = site.market.lot(published=True)
    bad, good = site.market.offer(lot, second, "4.40"), site.market.offer(lot, first)
    tab = opened("deal_tab", site.market.in_crm[f"lot/{lot}"])
    card = tab.app.locator(".offer", has_text="Silk Road Mill")
    card.locator("summary").click()
    card.locator("select").select_option("price")
    tab.picture("offers")
    card.locator("form button").click()
    expect(tab.app.get_by_role("status")).to_contain_text("Отклонено")
    tab.app.locator(f"#do-allow_offer-{good}").click()
    expect(tab.app.get_by_role("status")).to_contain_text("Контакт разрешён")
    assert [site.market.get(Offer, offer).state for offer in (bad, good)] == ["declined", "allowed"]
    assert tab.faults == []


def test_the_frame_follows_the_content(site: Site, opened: Open) -> None:
    """The frame grows when a part unfolds and shrinks when it folds again."""
    factory = site.market.factory()
    tab = opened("company_tab", site.market.in_crm[f"company/{factory}"])
    frame = tab.page.locator("iframe")
    page_height = "Math.ceil(document.getElementById('page').getBoundingClientRect().height)"

    def fits() -> None:
        tab.page.wait_for_function("(height) => document.querySelector('iframe').offsetHeight === height", arg=height())

    def height() -> int:
        found: int = tab.page.frames[1].evaluate(page_height)
        return found

    expect(tab.app.locator(".skeleton")).to_have_count(0)
    fits()
    before = frame.bounding_box()
    tab.app.locator("summary", has_text="Профиль").click()
    fits()
    unfolded = frame.bounding_box()
    tab.app.locator("summary", has_text="Профиль").click()
    fits()
    folded = frame.bounding_box()
    assert before
    assert unfolded
    assert folded
    assert unfolded["height"] > before["height"] == folded["height"]


def test_links_open_as_sliders(site: Site, opened: Open) -> None:
    """A link to a card asks the portal to open it and does not leave the page."""
    company = site.market.buyer(accepted=False)
    tab = opened("overview")
    tab.page.wait_for_function("window.heard.length > 0")
    tab.app.get_by_role("link", name="ООО «Северный стиль»").click()
    tab.page.wait_for_function("window.heard.some(([name]) => name === 'openPath')")
    (asked,) = tab.heard("openPath")
    assert f"/crm/lead/details/{site.market.in_crm[f'lead/{company}']}/" in asked["path"]
    expect(tab.app.locator("h2")).to_have_text("Что ждёт вас")


@pytest.mark.parametrize("page_token_seconds", [2])
def test_a_page_left_open_renews_its_token_and_keeps_the_form(site: Site, opened: Open) -> None:
    """After the token ran out the next press renews it through the portal's window; nothing typed is lost."""
    factory = site.market.factory(published=False)
    tab = opened("company_tab", site.market.in_crm[f"company/{factory}"])
    tab.page.wait_for_function("window.heard.some(([name]) => name === 'resizeWindow')")
    tab.app.locator("input[name=reason]").first.fill("Оплачено переводом")
    tab.page.wait_for_timeout(3200)
    tab.app.get_by_role("button", name="Предоставить").click()
    expect(tab.app.get_by_role("status")).to_contain_text("предоставлено до")
    assert len(site.portal.asked) == 2


def test_a_lost_connection_is_said_and_can_be_retried(site: Site, opened: Open) -> None:
    """When a part does not load there is a button to try again; when a press is lost the page says that nothing changed."""
    site.market.buyer()
    site.market.factory()
    lot = site.market.lot()
    lost = "**/placements/part/matches"
    tab = opened(
        "deal_tab",
        site.market.in_crm[f"lot/{lot}"],
        before=lambda page: page.route(lost, lambda route: route.abort()),
    )
    again = tab.app.locator("#section-matches .load-failed button")
    expect(again).to_be_visible()
    tab.picture("part-failed")
    tab.page.unroute(lost)
    again.click()
    expect(tab.app.locator("#section-matches")).to_contain_text("ABC Textiles")
    tab.page.route("**/placements/act/**", lambda route: route.abort())
    tab.app.locator("#do-approve_lot").click()
    expect(tab.app.locator("#do-approve_lot-error")).to_contain_text("Нет связи")
    assert site.market.get(Lot, lot).state == "submitted"


def test_managers_are_chosen_in_the_portals_own_list(site: Site, opened: Open) -> None:
    """The administrator picks people by name; their ids are filled in and stored."""
    tab = opened("overview")
    tab.app.get_by_role("button", name="Настройки").click()
    tab.app.locator('[data-choose="responsible_ids"]').click()
    expect(tab.app.locator("#responsible_ids")).to_have_value("7, 9")
    tab.app.locator("#do-save_people button[hx-post], #do-save_people .btn-primary").click()
    expect(tab.app.get_by_role("status")).to_have_text("Сохранено.")
    with site.transactions() as uow:
        assert stored.get(uow, "responsible_ids") == "7,9"
    assert tab.faults == []


def test_what_was_asked_for_last_is_shown(site: Site, opened: Open) -> None:
    """Of two sections asked for one after the other the second is shown, though the first is ready earlier."""
    desk = opened("overview")
    held: dict[str, Route] = {}
    for name in ("queue", "settings"):
        desk.page.route(f"**/part/{name}", partial(held.__setitem__, name))
        desk.app.locator(f'nav button[hx-get$="/{name}"]').click()
        desk.page.wait_for_timeout(200)
    assert set(held) == {"queue", "settings"}
    with suppress(Error):
        # Nobody waits for it any more.
        held["queue"].continue_()
    desk.page.wait_for_timeout(300)
    held["settings"].continue_()
    expect(desk.app.locator("#do-choose_look")).to_be_visible()


def test_the_way_back_leads_to_the_view_before(site: Site, opened: Open) -> None:
    """Back and forward turn over the views of the desk, with the filter that was asked for, and leave the page no sooner."""
    desk = opened("overview")
    chosen = desk.app.locator("nav [aria-current]")
    for name, heading in (("Журнал", "Журнал"), ("Баннеры", "Баннеры")):
        desk.app.get_by_role("button", name=name, exact=True).click()
        expect(desk.app.locator("h2").first).to_have_text(heading)
        if name == "Журнал":
            desk.app.locator("select[name=kind]").select_option("lot")
            desk.app.get_by_role("button", name="Показать").click()
            expect(desk.app.locator("#section-view")).to_contain_text("Такого в журнале нет")
    desk.page.evaluate("history.back()")
    expect(desk.app.locator("select[name=kind]")).to_have_value("lot")
    desk.page.evaluate("history.back()")
    expect(desk.app.locator("select[name=kind]")).to_have_value("")
    desk.page.evaluate("history.back()")
    expect(chosen).to_have_text("Сегодня")
    desk.page.evaluate("history.forward()")
    expect(chosen).to_have_text("Журнал")
    assert desk.faults == []


@pytest.mark.parametrize("page_token_seconds", [1])
def test_a_page_that_cannot_be_renewed_says_so_and_keeps_the_form(site: Site, opened: Open) -> None:
    """While the portal no longer vouches for the visitor the words stay beside the button, and go once it does again."""
    factory = site.market.factory(published=False)
    tab = opened("company_tab", site.market.in_crm[f"company/{factory}"], who="manager")
    tab.page.wait_for_function("window.heard.some(([name]) => name === 'resizeWindow')")
    reason = tab.app.locator("input[name=reason]").first
    reason.fill("Оплачено переводом")
    somebody = site.portal.known.pop("manager")
    tab.page.wait_for_timeout(1500)
    tab.app.get_by_role("button", name="Предоставить").click()
    expect(tab.app.locator("#do-grant-error")).to_contain_text("слишком долго")
    expect(reason).to_have_value("Оплачено переводом")
    site.portal.known["manager"] = somebody
    tab.app.get_by_role("button", name="Предоставить").click()
    expect(tab.app.get_by_role("status")).to_contain_text("предоставлено до")


def test_two_tabs_of_one_card_decide_once(site: Site, opened: Open) -> None:
    """What was decided in one tab is refused in the other in words, which then shows how it stands."""
    company = site.market.buyer(accepted=False)
    entity = site.market.in_crm[f"lead/{company}"]
    first, second = opened("lead_tab", entity, who="manager"), opened("lead_tab", entity, who="admin")
    first.app.locator("#do-approve_company").click()
    expect(first.app.get_by_role("status")).to_be_visible()
    second.app.locator("#do-approve_company").click()
    expect(second.app.locator(".notice-refused")).to_be_focused()
    second.picture("second-tab")
    expect(second.app.locator("#do-approve_company")).to_have_count(0)
