"""Frames of applications in a real browser: the official SDK inside speaks with the portal's window."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests
from playwright.sync_api import expect

from tests.sandbox.portal_automation.world import World
from tests.sandbox.portal_pages.office import Desk, bind_tab

Sit = Callable[..., Desk]


@pytest.fixture
def tab(world: World, desk: Sit) -> Desk:
    """The administrator on the application's tab of a deal."""
    bind_tab(world)
    window = desk()
    page = window.go(f"/crm/deal/details/{world.deal()}/")
    assert page.locator("iframe.app").count() == 0
    page.get_by_role("tab", name="Lot").click()
    expect(window.frame().locator("#where")).to_have_text("/tab")
    return window


def test_a_tab_is_opened_by_the_documented_post(world: World, tab: Desk) -> None:
    """The frame is loaded when its tab is chosen, by one POST with placement, its options and a living token."""
    [posted] = world.heard("/tab")
    assert posted["PLACEMENT"] == "CRM_DEAL_DETAIL_TAB"
    assert tab.ask("b24.placement.options") == {"ID": "1", "URI": "/crm/deal/details/1/"}
    assert tab.ask("[b24.placement.placement, b24.getLang(), b24.isInstallMode, b24.auth.isAdmin]") == [
        "CRM_DEAL_DETAIL_TAB",
        "ru",
        False,
        True,
    ]
    assert _whoami(world, posted["AUTH_ID"]) == "1"


def _whoami(world: World, token: str) -> str:
    answer = requests.post(f"{world.url}/rest/profile", json={"auth": token}, timeout=10).json()
    return str(answer["result"]["ID"])


def test_tokens_are_renewed_in_the_frame(world: World, tab: Desk) -> None:
    """refreshAuth gives another living token of the same person, again and again."""
    first = tab.ask("b24.auth.getAuthData().access_token")
    second = tab.ask("(await b24.auth.refreshAuth()).access_token")
    third = tab.ask("(await b24.auth.refreshAuth()).access_token")
    assert len({first, second, third}) == 3
    assert _whoami(world, third) == "1"


def test_the_frame_takes_the_size_that_it_asks_for(tab: Desk) -> None:
    """resizeWindow and fitWindow set the height of the frame."""
    tab.ask("b24.parent.resizeWindow(500, 777)")
    assert tab.page.locator("iframe.app").evaluate("(frame) => frame.offsetHeight") == 777
    tab.ask("{ document.body.style.height = '1300px'; return b24.parent.fitWindow(); }")
    assert tab.page.locator("iframe.app").evaluate("(frame) => frame.offsetHeight") >= 1300


def test_commands_of_the_placement(world: World, tab: Desk) -> None:
    """getInterface names the command of a card's tab, which shows what changed; unknown commands are ignored."""
    assert tab.ask("b24.placement.getInterface()") == {"command": ["reloadData"], "event": []}
    world.result("crm.item.update", entityTypeId=2, id=1, fields={"title": "Lot 105"})
    tab.ask("b24.placement.call('reloadData')")
    expect(tab.page.locator("h1")).to_have_text("Lot 105")
    assert tab.ask("b24.placement.call('noSuchCommand')") == {"isSafely": True}


def test_options_and_title(world: World, tab: Desk) -> None:
    """Options set in a frame reach app.option.get and user.option.get; the title of the window changes."""
    tab.ask(
        "{ b24.options.initData({APP_OPTIONS: {}, USER_OPTIONS: {}}); return b24.options.appSet('colour', 'a:b'); }"
    )
    assert world.result("app.option.get", option="colour") == "a:b"
    tab.ask("b24.parent.setTitle('Here: a lot')")
    expect(tab.page).to_have_title("Here: a lot")


def test_panels_over_the_page(world: World, tab: Desk) -> None:
    """openApplication opens the application in a panel that it may close; openPath a page of the portal without menu."""
    tab.ask("{ b24.slider.openSliderAppPage({ place: 'offers' }).then(() => { window.over = true; }); }")
    page = tab.page
    expect(page.get_by_role("dialog")).to_be_visible()
    inner = tab.frame()
    expect(inner.locator("#where")).to_have_text("/app")
    assert tab.ask("b24.placement.options") == {"place": "offers"}
    tab.ask("{ b24.slider.closeSliderAppPage(); }")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert tab.ask("window.over") is True
    company = world.result("crm.item.add", entityTypeId=4, fields={"title": "ABC Textiles"})["item"]["id"]
    tab.ask(
        f"{{ b24.slider.openPath(b24.slider.getUrl('/crm/company/details/{company}/')).then((a) => {{ window.was = a; }}); }}"
    )
    card = page.frame_locator("[role=dialog] iframe")
    expect(card.locator("h1")).to_have_text("ABC Textiles")
    expect(card.locator("nav.menu")).to_have_count(0)
    page.get_by_role("dialog").get_by_label("Закрыть").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert tab.ask("window.was")["isClose"] is True


def test_a_message_of_a_stranger_is_ignored(tab: Desk) -> None:
    """Only the frame's own window with its own sid is answered."""
    answered: Any = tab.page.evaluate(
        """async () => {
          let heard = 0;
          addEventListener("message", () => { heard += 1; });
          postMessage("refreshAuth:key1:" + document.querySelector("iframe.app").name.split("|")[2], "*");
          await new Promise((resolve) => setTimeout(resolve, 300));
          return heard;
        }"""
    )
    assert answered == 1


def test_an_application_is_added_installed_and_removed(world: World, desk: Sit) -> None:
    """The form gives keys, the install page ends by installFinish, then the application opens; removal is told."""
    window = desk()
    page = window.go("/apps/")
    page.get_by_label("Название").fill("Second")
    page.get_by_label("Адрес обработчика").fill(f"{world.ear.url}/second")
    page.get_by_label("Адрес страницы установки").fill(f"{world.ear.url}/setup")
    page.get_by_role("button", name="Сохранить").click()
    client_id = page.locator("#client-id").inner_text()
    assert client_id.startswith("local.")
    assert len(page.locator("#client-secret").inner_text()) >= 40
    page.get_by_role("link", name="Установить").click()
    expect(window.frame().locator("#where")).to_have_text("/setup")
    assert window.ask("[b24.isInstallMode, b24.isFirstRun]") == [True, True]
    window.ask("b24.installFinish()")
    expect(page.frame_locator("iframe.app").locator("#where")).to_have_text("/second")
    assert window.ask("b24.isInstallMode") is False
    app_id = page.url.rstrip("/").rpartition("/")[2]
    world.control("call", user_id="1", method="app.info")
    page.goto(f"{world.url}/apps/{app_id}/")
    page.get_by_label("Удалить настройки и данные приложения").check()
    page.get_by_role("button", name="Удалить").click()
    expect(page.locator("#apps")).not_to_contain_text("Second")
    assert app_id not in world.state.apps


def test_managers_do_not_install(world: World, desk: Sit) -> None:
    """Before its installation is finished an application is closed to managers, and its items are not in the menu."""
    made = world.control("apps", title="Third", handler_url=f"{world.ear.url}/third", install_url=f"{world.ear.url}/i")
    page = desk("2").go(f"/marketplace/app/{made['app_id']}/")
    expect(page.locator("iframe")).to_have_count(0)
    expect(page.get_by_role("alert")).to_contain_text("Установка приложения не завершена.")


def test_rest_is_called_from_the_frame(world: World, tab: Desk) -> None:
    """The SDK calls methods straight from the frame's own origin, with the token that it was given."""
    answer = tab.ask(
        "(await b24.actions.v2.call.make({ method: 'crm.item.list', params: { entityTypeId: 2 } })).getData()"
    )
    assert [item["title"] for item in answer["result"]["items"]] == ["Lot 104"]


def test_the_classic_library(world: World, desk: Sit) -> None:
    """Pages with BX24 of the portal's /api/v1/ are installed, call methods and batches, renew tokens, resize."""
    address = f"{world.ear.url}/classic"
    made = world.control("apps", title="Old", handler_url=address, install_url=f"{address}/install", scopes=["crm"])
    world.deal()
    window = desk()
    window.go(f"/marketplace/app/{made['app_id']}/")
    expect(window.frame().locator("#where")).to_have_text("/classic/install")
    window.ask("{ BX24.install(() => BX24.installFinish()); }")
    expect(window.page.frame_locator("iframe.app").locator("#where")).to_have_text("/classic")
    listed = "new Promise((done) => BX24.callMethod('crm.deal.list', { select: ['TITLE'] }, (r) => done([r.data(), r.total(), r.more()])))"
    assert window.ask(listed) == [[{"TITLE": "Lot 104", "ID": "1"}], 1, False]
    calls = "{ a: ['crm.deal.get', { id: 1 }], b: ['crm.deal.get', { id: 9 }] }"
    batch = f"new Promise((done) => BX24.callBatch({calls}, (r) => done([r.a.data().ID, !!r.b.error()])))"
    assert window.ask(batch) == ["1", True]
    assert window.ask("[BX24.isAdmin(), BX24.getLang(), BX24.placement.info().placement]") == [True, "ru", "DEFAULT"]
    first = window.ask("BX24.getAuth().access_token")
    assert window.ask("new Promise((done) => BX24.refreshAuth((auth) => done(auth.access_token)))") != first
    window.ask("new Promise((done) => BX24.resizeWindow(400, 612, done))")
    assert window.page.locator("iframe.app").evaluate("(frame) => frame.offsetHeight") == 612
