"""Widgets of applications in a real browser: every place that the pages have opens a frame with the documented options."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.sandbox.portal_automation.world import World
from tests.sandbox.portal_pages.office import Desk, write_from_outside

Sit = Callable[..., Desk]
ICON = {"iconName": "fa-star"}


def bind(world: World, *codes: str, **options: Any) -> None:
    """Binds one widget to each place; title and handler carry the code."""
    for code in codes:
        handler = f"{world.ear.url}/{code.lower()}"
        world.result("placement.bind", PLACEMENT=code, HANDLER=handler, TITLE=f"W {code}", OPTIONS=options)


def told(window: Desk, code: str, within: Locator | None = None) -> Any:
    """Presses the widget of a place, waits for its frame, closes it; answers PLACEMENT_OPTIONS as posted."""
    page = window.page
    button = (within or page.locator("body")).locator(f"[data-widget][data-key^='widget-{code}-']").first
    if not button.is_visible():
        button.locator("xpath=ancestor::details[1]/summary").click()
    button.click()
    expect(page.get_by_role("dialog").frame_locator("iframe.app").locator("#where")).to_have_text(f"/{code.lower()}")
    page.keyboard.press("Escape")
    [posted] = window.world.heard(f"/{code.lower()}")
    return json.loads(posted["PLACEMENT_OPTIONS"])


def test_widgets_around_a_card(world: World, desk: Sit) -> None:
    """Toolbar, documents, the row above the timeline and the menu of an activity name the item and the page."""
    codes = ("DETAIL_TOOLBAR", "DETAIL_ACTIVITY", "DOCUMENTGENERATOR_BUTTON", "ACTIVITY_TIMELINE_MENU")
    bind(world, *(f"CRM_DEAL_{code}" for code in codes))
    deal = str(world.deal())
    made = world.result(
        "crm.activity.todo.add", ownerTypeId=2, ownerId=deal, deadline="2030-01-01T10:00:00", title="Call"
    )
    window = desk()
    path = f"/crm/deal/details/{deal}/"
    window.go(path)
    assert told(window, "CRM_DEAL_DETAIL_TOOLBAR") == {"URI": path, "ID": deal}
    assert told(window, "CRM_DEAL_DETAIL_ACTIVITY") == {"URI": path, "ID": deal}
    assert told(window, "CRM_DEAL_DOCUMENTGENERATOR_BUTTON") == {"URI": path, "ENTITY_ID": deal}
    activity = {
        "URI": path,
        "ENTITY_ID": deal,
        "ASSOCIATED_ENTITY_ID": str(made["id"]),
        "ASSOCIATED_ENTITY_TYPE_ID": "6",
    }
    assert told(window, "CRM_DEAL_ACTIVITY_TIMELINE_MENU") == activity


def test_widgets_of_lists_automation_and_analytics(world: World, desk: Sit) -> None:
    """A row of a list names its item; heads of lists, automation and analytics only the page."""
    bind(world, "CRM_DEAL_LIST_MENU", "CRM_DEAL_LIST_TOOLBAR", "CRM_DEAL_ROBOT_DESIGNER_TOOLBAR")
    bind(world, "CRM_ANALYTICS_MENU", "CRM_ANALYTICS_TOOLBAR")
    deal, window = str(world.deal()), desk()
    window.go("/crm/deal/list/?start=0")
    assert told(window, "CRM_DEAL_LIST_MENU") == {"URI": "/crm/deal/list/?start=0", "ID": deal}
    assert told(window, "CRM_DEAL_LIST_TOOLBAR") == {"URI": "/crm/deal/list/?start=0"}
    window.go("/crm/deal/automation/0/")
    assert told(window, "CRM_DEAL_ROBOT_DESIGNER_TOOLBAR") == {"URI": "/crm/deal/automation/0/"}
    window.go("/report/analytics/")
    assert told(window, "CRM_ANALYTICS_MENU") == {"URI": "/report/analytics/"}
    assert told(window, "CRM_ANALYTICS_TOOLBAR") == {"URI": "/report/analytics/"}


def test_a_smart_process_is_named_by_entity_id(world: World, desk: Sit) -> None:
    """The toolbar of a smart process's card carries ENTITY_ID, as that page documents."""
    made = world.result("crm.type.add", fields={"title": "Lots"})["type"]
    number = made["entityTypeId"]
    bind(world, f"CRM_DYNAMIC_{number}_DETAIL_TOOLBAR")
    item = world.result("crm.item.add", entityTypeId=number, fields={"title": "One"})["item"]["id"]
    window = desk()
    window.go(f"/crm/type/{number}/details/{item}/")
    assert told(window, f"CRM_DYNAMIC_{number}_DETAIL_TOOLBAR")["ENTITY_ID"] == str(item)


def test_widgets_of_the_messenger(world: World, desk: Sit) -> None:
    """Sidebar, input field, message and phone menus name the dialog; those of other kinds of chat do not stand here."""
    bind(world, "IM_SIDEBAR", "IM_NAVIGATION", **ICON)
    bind(world, "IM_TEXTAREA", **ICON, context="CHAT;LINES")
    bind(world, "IM_CONTEXT_MENU", "IMMOBILE_CONTEXT_MENU")
    world.result(
        "placement.bind",
        PLACEMENT="IM_SIDEBAR",
        HANDLER=f"{world.ear.url}/u",
        TITLE="U",
        OPTIONS={**ICON, "context": "USER"},
    )
    write_from_outside(world, "Hello")
    window = desk("1", 700)
    page = window.go("/online/1/")
    expect(page.get_by_role("button", name="U", exact=True)).to_have_count(0)
    for code in ("IM_SIDEBAR", "IM_TEXTAREA"):
        assert told(window, code) == {"URI": "/online/1/", "dialogId": "chat1"}
    message = page.locator("[data-message]").first
    number = message.get_attribute("data-message")
    assert told(window, "IM_CONTEXT_MENU", message) == {"URI": "/online/1/", "messageId": number, "dialogId": "chat1"}
    assert told(window, "IMMOBILE_CONTEXT_MENU") == {"dialogId": "chat1"}
    page.goto(f"{world.url}/online/")
    assert told(window, "IM_NAVIGATION") == {"URI": "/online/"}


def test_widgets_of_every_page(world: World, desk: Sit) -> None:
    """The person's menu names the person; the background worker is posted on each page; a link carries its parameters."""
    bind(world, "USER_PROFILE_MENU", "REST_APP_URI")
    bind(world, "PAGE_BACKGROUND_WORKER", errorHandlerUrl=f"{world.ear.url}/down")
    window = desk("2")
    page = window.go("/company/")
    assert told(window, "USER_PROFILE_MENU") == {"URI": "/company/", "USER_ID": "2"}
    expect(page.frame_locator("[data-worker] iframe").locator("#state")).to_have_text("ready")
    [worker] = world.heard("/page_background_worker")
    assert json.loads(worker["PLACEMENT_OPTIONS"]) == {"URI": "/company/", "ID": "PAGE_BACKGROUND_WORKER"}
    code = next(iter(world.state.apps.values()))["client_id"]
    page.evaluate("(address) => { location.href = address; }", f"/marketplace/view/{code}/?params[docId]=42")
    expect(page.locator("#application").frame_locator("iframe").locator("#where")).to_have_text("/rest_app_uri")
    [linked] = world.heard("/rest_app_uri")
    assert json.loads(linked["PLACEMENT_OPTIONS"]) == {"URI": "/company/", "docId": "42"}


def test_a_report_is_opened_bare(world: World, desk: Sit) -> None:
    """A BI report's frame is an ordinary GET that carries no tokens."""
    address = f"{world.ear.url}/sdk.js"
    world.result("placement.bind", PLACEMENT="BI_ANALYTICS_MENU", HANDLER=address, TITLE="Shipments")
    page = desk().go("/report/analytics/")
    with page.expect_request(re.compile(r"/sdk\.js")) as caught:
        page.get_by_role("button", name="Shipments").click()
    assert (caught.value.method, caught.value.url) == ("GET", address)


def test_a_field_drawn_by_an_application(world: World, desk: Sit) -> None:
    """The frame learns the field and its value; setValue in the mode of editing is kept when the person saves."""
    world.result("userfieldtype.add", USER_TYPE_ID="range", HANDLER=f"{world.ear.url}/range", TITLE="Range")
    world.result("crm.deal.userfield.add", fields={"FIELD_NAME": "SIZES", "USER_TYPE_ID": "range", "LABEL": "Sizes"})
    deal = world.deal(UF_CRM_SIZES="S-M")
    window = desk()
    page = window.go(f"/crm/deal/details/{deal}/")
    expect(window.frame().locator("#where")).to_have_text("/range")
    [posted] = world.heard("/range")
    options = json.loads(posted["PLACEMENT_OPTIONS"])
    assert posted["PLACEMENT"] == "USERFIELD_TYPE"
    assert options["ENTITY_DATA"] == {"entityTypeId": 2, "entityId": str(deal), "module": "crm"}
    wanted = ("view", "CRM_DEAL", "UF_CRM_SIZES", str(deal), "S-M", "N")
    names = ("MODE", "ENTITY_ID", "FIELD_NAME", "ENTITY_VALUE_ID", "VALUE", "MULTIPLE")
    assert tuple(options[name] for name in names) == wanted
    expect(page.locator("[data-field-frame] small")).to_have_text("Sizes")
    page.get_by_role("button", name="Изменить: Sizes").click()
    expect(page.get_by_role("button", name="Отмена")).to_be_visible()
    assert window.ask("b24.placement.call('getValue')") == "S-M"
    window.ask("b24.placement.setValue('M-XL')")
    page.locator("[data-field-frame]").get_by_role("button", name="Сохранить").click()
    expect(page.locator("#toasts")).to_contain_text("Сохранено")
    assert world.result("crm.deal.get", id=deal)["UF_CRM_SIZES"] == "M-XL"


def test_options_of_a_registration(world: World) -> None:
    """Only documented options stay with a registration; the messenger's placements refuse wrong ones."""
    handler = f"{world.ear.url}/h"
    refused = [
        ("IM_TEXTAREA", {}, "ERROR_ARGUMENT"),
        ("IM_SIDEBAR", {**ICON, "context": "ALL;NOBODY"}, "INVALID_ERROR_CONTEXT"),
        ("IM_CONTEXT_MENU", {"role": "BOSS"}, "INVALID_ERROR_ROLE"),
    ]
    for code, options, error in refused:
        assert world.error("placement.bind", PLACEMENT=code, HANDLER=handler, OPTIONS=options) == error
    world.result("placement.bind", PLACEMENT="IMMOBILE_CONTEXT_MENU", HANDLER=handler, OPTIONS=ICON)
    world.result("placement.bind", PLACEMENT="CRM_ANALYTICS_MENU", HANDLER=handler, OPTIONS={"any": "Y"})
    kept = {row["placement"]: row["options"] for row in world.result("placement.get")}
    assert kept["IMMOBILE_CONTEXT_MENU"] == {"extranet": "N", "context": "ALL", "role": "USER"}
    assert kept["CRM_ANALYTICS_MENU"] == []


@pytest.mark.parametrize("library", ["tab", "classic"])
def test_windows_for_choosing(world: World, desk: Sit, library: str) -> None:
    """People, rights and CRM items are chosen in windows of the portal, with the shapes that both libraries document."""
    bind_to = f"{world.ear.url}/{library}"
    world.result("placement.bind", PLACEMENT="CRM_DEAL_DETAIL_TAB", HANDLER=bind_to, TITLE="Lot")
    deal, window = world.deal(), desk()
    page = window.go(f"/crm/deal/details/{deal}/")
    page.get_by_role("tab", name="Lot").click()
    frame = window.frame()

    def chosen(new: str, old: str, *labels: str) -> Any:
        script = f"b24.dialog.{new}" if library == "tab" else f"new Promise((done) => BX24.{old})"
        frame.locator("#state").evaluate(f"() => {{ window.got = {script}; }}")
        for label in labels:
            page.get_by_role("dialog").get_by_label(label).first.check()
        page.get_by_role("dialog").get_by_role("button", name="Выбрать").click()
        return frame.locator("#state").evaluate("() => window.got")

    me = world.result("user.current")
    name = f"{me['NAME']} {me['LAST_NAME']}"
    assert chosen("selectUser()", "selectUser(done)", name) == {"id": 1, "name": name}
    assert chosen("selectUsers()", "selectUsers(done)", name) == [{"id": 1, "name": name}]
    access = chosen("selectAccess(['U2'])", "selectAccess(['U2'], done)", "Все авторизованные пользователи")
    assert [one["id"] for one in access] == ["AU"]
    asked = "{ entityType: ['deal'], multiple: true }"
    [item] = chosen(f"selectCRM({asked})", f"selectCRM({asked}, done)", "Lot 104")["deal"]
    assert (item["id"], item["type"], item["title"]) == (f"D_{deal}", "deal", "Lot 104")
