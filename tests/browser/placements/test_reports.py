"""Weights tried out and used, reports read and saved, in a frame of another origin as inside the portal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Route, expect
from pypdf import PdfReader
from sqlalchemy import select, update

from b24app.services import match_weights
from storage.models import Lot, Offer
from tests.browser.looks import shown
from tests.browser.placements.conftest import Opened, Site
from tests.browser.placements.test_look import broken_rules

Open = Callable[..., Opened]
LOOKS = [("ru", False, 1180), ("uz", True, 320), ("ru", True, 1180), ("uz", False, 320)]


def market(site: Site) -> int:
    """Make a marketplace with figures on every report; answers the published lot's id."""
    made = site.market
    made.buyer()
    abc = made.factory(lead_time_days="55")
    silk = made.factory(3, "Silk Road Mill", lead_time_days="20", segments=["tshirts", "denim", "home", "yarn"])
    lot = made.lot(published=True)
    made.lot(client_key="second", segment="knitwear", published=True)
    made.lot(client_key="third")
    first, _ = made.offer(lot, abc), made.offer(lot, silk, "2.95")
    made.talk(first, "Добрый день!", "Assalomu alaykum, namuna tayyor", "Когда отгрузка?")
    made.award(first)
    made.audit(silk)
    with site.transactions() as uow:
        for number in range(4, 30):
            changes: dict[str, Any] = {"state": "closed", "created_at": uow.now - timedelta(days=3 * number)}
            made_then = Lot(company_id=1, person_id=1, client_key=f"old-{number}", segment="tshirts", unit="pcs")
            made_then.quantity, made_then.fields = 1000, {"product": "Футболки", "produce_by": "2026-01-01"}
            made_then.state, made_then.created_at = changes["state"], changes["created_at"]
            made_then.published_at = made_then.created_at if number % 3 else None
            uow.session.add(made_then)
        uow.session.execute(update(Lot).where(Lot.id == lot).values(published_at=Lot.published_at - timedelta(hours=3)))
        uow.session.execute(
            update(Offer).where(Offer.id != first).values(created_at=Offer.created_at - timedelta(hours=1))
        )
    return lot


@pytest.mark.parametrize(("language", "dark", "width"), shown(LOOKS))
def test_reports_and_weights_keep_inside_their_frame(
    site: Site, opened: Open, language: str, dark: bool, width: int
) -> None:
    """Each view fits its frame, reports no error, and breaks no accessibility rule, in both themes and widths."""
    market(site)
    tab = opened("reports", width=width, dark=dark, language=language)
    look = f"{language}-{'dark' if dark else 'light'}-{width}"
    for number, name in enumerate(("lots", "factories", "conversations")):
        tab.app.locator("nav.tabs").last.locator("button").nth(number).click()
        expect(tab.app.locator("nav.tabs").last.locator("button").nth(number)).to_have_attribute("aria-current", "page")
        tab.picture(f"report-{name}-{look}")
        assert (tab.overflow(), tab.faults, broken_rules(tab)) == (0, [], []), name
    menu = opened("overview", width=width, dark=dark, language=language)
    menu.app.locator("nav.tabs button", has_text={"ru": "Подбор", "uz": "Moslik"}[language]).click()
    lead_time = menu.app.locator('input[name="weight.lead_time"]')
    lead_time.fill("35")
    expect(menu.app.locator("[data-sum]")).to_have_text("120")
    menu.app.locator("#preview").click()
    expect(menu.app.locator("#preview-error")).to_contain_text("120")
    menu.app.locator('input[name="weight.segment"]').fill("0")
    menu.app.locator("#preview").click()
    expect(menu.app.locator("#do-save_weights")).to_be_visible()
    menu.picture(f"weights-{look}")
    assert (menu.overflow(), broken_rules(menu)) == (0, [])


def test_weights_are_tried_used_and_taken_back(site: Site, opened: Open) -> None:
    """The preview marks who rises, saving puts it in force for every list, one press takes it back."""
    market(site)
    tab = opened("overview")
    tab.app.get_by_role("button", name="Подбор").click()
    for code in match_weights.usual():
        tab.app.locator(f'input[name="weight.{code}"]').fill("100" if code == "segment" else "0")
    tab.app.locator("#preview").click()
    expect(tab.app.locator("#section-weights_preview .up").first).to_have_text("▲1")
    tab.app.locator("#do-save_weights").click()
    expect(tab.app.get_by_role("status")).to_contain_text("Сохранено")
    with site.transactions() as uow:
        assert match_weights.current(uow)["segment"] == 100
    tab.app.locator("#do-restore_weights").click()
    expect(tab.app.get_by_role("status")).to_contain_text("прежние")
    with site.transactions() as uow:
        assert match_weights.current(uow) == match_weights.usual()
    assert tab.faults == []


def test_reports_are_filtered_and_saved(site: Site, opened: Open, tmp_path: Path) -> None:
    """A manager narrows the period and the segment, turns to the factories, and saves both files with what is on the screen."""
    market(site)
    tab = opened("reports", who="manager")
    expect(tab.app.locator("h3", has_text="Воронка лотов")).to_be_visible()
    tab.app.locator('select[name="segment"]').select_option("knitwear")
    tab.app.get_by_role("button", name="Показать").click()
    expect(tab.app.locator(".table").first.locator("tbody tr").first).to_contain_text("1")
    files = {}
    for kind in ("xlsx", "pdf"):
        with tab.page.expect_download() as saved:
            tab.app.locator(f"#export-{kind}").click()
        files[kind] = tmp_path / saved.value.suggested_filename
        saved.value.save_as(files[kind])
    book = load_workbook(BytesIO(files["xlsx"].read_bytes()))
    assert [cell.value for cell in book["Воронка лотов"]["B"]][3:] == [1, 1, 0, 0, 0, 0]
    assert "Воронка лотов" in PdfReader(BytesIO(files["pdf"].read_bytes())).pages[0].extract_text()
    tab.app.get_by_role("button", name="Фабрики", exact=True).click()
    expect(tab.app.locator('input[name="factory"]')).to_be_visible()
    tab.app.locator('select[name="segment"]').select_option("")
    tab.app.get_by_role("button", name="Показать").click()
    expect(tab.app.locator(".table").first.locator("tbody tr")).to_have_count(2)
    tab.app.get_by_role("button", name="Половина ответов").click()
    expect(tab.app.locator(".table").first.locator("tbody tr").first).to_contain_text("Silk Road Mill")
    assert tab.faults == []


def test_an_onlooker_and_an_empty_marketplace(site: Site, opened: Open) -> None:
    """Before anything happened the reports say so; who may not decide sees no way to save them."""
    tab = opened("reports", who="observer", width=320)
    expect(tab.app.locator(".empty").first).to_contain_text("За этот период ничего нет")
    expect(tab.app.locator("[data-export]")).to_have_count(0)
    tab.picture("report-lots-empty-320")
    assert (tab.overflow(), broken_rules(tab), tab.faults) == (0, [], [])


def test_reports_that_do_not_load_can_be_retried(site: Site, opened: Open) -> None:
    """While they load something grey stands there; a lost connection leaves a button to try again."""
    lost = "**/placements/part/report_lots"
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    tab = opened("reports", before=lambda page: page.route(lost, hold))
    expect(tab.app.locator("[aria-busy] .skeleton")).to_be_visible()
    tab.picture("report-lots-loading")
    waiting[0].abort()
    again = tab.app.locator(".load-failed button")
    expect(again).to_be_visible()
    tab.picture("report-lots-failed")
    tab.page.unroute(lost)
    again.click()
    expect(tab.app.locator("h2")).to_have_text("Отчёты")


def test_the_queue_is_worked_through_in_bulk(site: Site, opened: Open) -> None:
    """Filter, mark all, decline with a reason, take one back, approve the rest; the filter stays as it was."""
    market(site)
    lot = site.market.lot(client_key="fourth", published=True)
    for number, name in ((6, "Andijon Trikotaj"), (7, "Buxoro Ipak")):
        site.market.offer(lot, site.market.factory(number, name))
    tab = opened("overview", who="manager")
    tab.app.get_by_role("button", name="Очередь").click()
    tab.app.locator('select[name="kind"]').select_option("offer")
    tab.app.get_by_role("button", name="Показать").click()
    expect(tab.app.locator(".queue-table tbody tr")).to_have_count(2)
    tab.app.locator("[data-pick-all]").check()
    tab.app.locator("summary", has_text="Отклонить отмеченные").click()
    tab.app.locator('select[name="reason"]').select_option("price")
    tab.picture("queue-decline")
    tab.app.locator("#do-decline_many").click()
    expect(tab.app.get_by_role("status")).to_contain_text("Решено: 2.")
    expect(tab.app.locator('select[name="kind"]')).to_have_value("offer")
    tab.app.locator(".undos button").first.click()
    expect(tab.app.locator(".queue-table tbody tr")).to_have_count(1)
    tab.app.locator("[data-pick-all]").check()
    tab.app.locator("summary", has_text="Одобрить отмеченное").click()
    tab.app.locator("#do-approve_many").click()
    expect(tab.app.get_by_role("status")).to_contain_text("Решено: 1.")
    with site.transactions() as uow:
        states = sorted(uow.session.scalars(select(Offer.state)))
    assert states == ["allowed", "awarded", "declined", "lost"]
    assert tab.faults == []


@pytest.mark.parametrize(("language", "dark", "width"), LOOKS[:2])
def test_the_queue_keeps_inside_its_frame(site: Site, opened: Open, language: str, dark: bool, width: int) -> None:
    """Wide and narrow, light and dark, full and empty, with nothing that the accessibility rules forbid."""
    market(site)
    tab = opened("overview", width=width, dark=dark, language=language)
    tab.app.locator("nav.tabs button").nth(1).click()
    expect(tab.app.locator(".queue-table")).to_be_visible()
    tab.picture(f"queue-{language}-{'dark' if dark else 'light'}-{width}")
    assert (tab.overflow(), broken_rules(tab), tab.faults) == (0, [], [])
    tab.app.locator('input[name="words"]').fill("nobody by this name")
    tab.app.locator("#queue-filter .btn-primary").click()
    expect(tab.app.locator(".empty")).to_be_visible()
    tab.picture(f"queue-empty-{language}-{'dark' if dark else 'light'}-{width}")
