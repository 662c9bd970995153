"""Reports: figures from the database, filters, and files for those who may have them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import select, update

from b24app.services import settings as stored
from storage.models import AuditEntry, Lot, Offer
from tests.contract.placements.conftest import Desk
from tests.contract.placements.world import Marketplace
from tests.databases import Prepared


@pytest.fixture
def busy(desk: Desk, prepared: Prepared) -> Desk:
    """Two lots, one answered by two factories of which one won, with a conversation and an audit."""
    desk.market.begin(prepared, "a busy marketplace", _trade)
    return desk


def _trade(market: Marketplace) -> None:
    market.buyer()
    abc, silk = market.factory(), market.factory(3, "Silk Road Mill")
    lot = market.lot(published=True)
    market.lot(client_key="second", segment="knitwear")
    first, _ = market.offer(lot, abc), market.offer(lot, silk, "2.95")
    market.talk(first, "Добрый день!", "Assalomu alaykum!", "Когда отгрузка?")
    market.award(first)
    market.audit(abc)
    with market.transactions() as uow:
        hour = timedelta(hours=1)
        uow.session.execute(update(Lot).values(published_at=Lot.published_at - 3 * hour))
        uow.session.execute(update(Offer).where(Offer.id != first).values(created_at=Offer.created_at - hour))


def test_the_funnel_counts_what_became_of_the_lots(busy: Desk) -> None:
    """Two placed, one published, answered, allowed and awarded; the first offer came after two hours."""
    busy.open("overview")
    page = busy.part("report_lots").text
    funnel = page[page.index("Воронка лотов") : page.index("Лоты по времени")]
    assert funnel.count('<td class="number">1</td>') == 4
    assert '<td class="number">50%</td>' in funnel
    assert '<td class="number">2</td>' in page[page.index("Время до первого предложения") :]


def test_a_segment_and_a_period_narrow_the_figures(busy: Desk) -> None:
    """Another segment has one lot and no offers; an earlier period has nothing and says what to do."""
    busy.open("overview")
    knitwear = busy.part("report_lots", segment="knitwear").text
    assert "Предложений на лот" in knitwear
    assert '<td class="number">50%</td>' not in knitwear
    before = busy.part("report_lots", since="2020-01-01", until="2020-02-01").text
    assert before.count("Выберите период подлиннее или другой сегмент.") == 4


def test_the_league_is_sorted_searched_and_leads_to_the_cards(busy: Desk) -> None:
    """The winner comes first; sorted by speed the quicker does; a name finds one."""
    busy.open("overview")
    page = busy.part("report_factories").text
    assert page.index("ABC Textiles") < page.index("Silk Road Mill")
    assert 'data-path="/crm/company/details/' in page
    by_speed = busy.part("report_factories", sort="hours").text
    assert by_speed.index("Silk Road Mill") < by_speed.index("ABC Textiles")
    found = busy.part("report_factories", factory="silk").text
    assert ("ABC Textiles" in found, "Silk Road Mill" in found) == (False, True)


def test_conversations_are_counted_by_side(busy: Desk) -> None:
    """Messages and replies of each side, and how many answers are owed too long."""
    busy.open("overview")
    page = busy.part("report_conversations").text
    assert "Время ответа" in page
    assert '<th scope="row">Покупатели</th><td class="number">2</td><td class="number">1</td>' in page


@pytest.mark.parametrize(
    "wrong", [{"since": "yesterday"}, {"since": "2026-02-02", "until": "2026-02-01"}, {"since": "1990-01-01"}]
)
def test_a_filter_that_makes_no_sense_is_refused(desk: Desk, wrong: dict[str, str]) -> None:
    """A day that is none, a period backwards or endless answers beside the filter."""
    desk.open("overview")
    assert desk.part("report_lots", **wrong).status_code == 422


def address(desk: Desk, kind: str, **filtered: str) -> str:
    """Ask for the address of a file."""
    headers = {"X-Page-Token": desk.token, "X-Page-Language": "ru"}
    answer = desk.client.post(f"/placements/export/{kind}", data=filtered, headers=headers)
    assert answer.status_code == 200, answer.text
    found: str = answer.get_json()["address"]
    return found


def test_both_files_hold_the_figures_in_the_readers_language(busy: Desk) -> None:
    """The workbook keeps numbers as numbers, the document prints Cyrillic; the log names who took them."""
    busy.open("reports", AUTH_ID="token-of-manager")
    book = load_workbook(BytesIO(busy.client.get(address(busy, "xlsx")).data))
    assert book.sheetnames[0] == "Воронка лотов"
    assert [cell.value for cell in book["Воронка лотов"]["B"]][3:] == [2, 1, 1, 1, 1, 0]
    assert "Silk Road Mill" in [cell.value for cell in book["Рейтинг фабрик"]["A"]]
    answer = busy.client.get(address(busy, "pdf"))
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(answer.data)).pages)
    assert "Отчёты маркетплейса" in text
    assert "ABC Textiles" in text
    assert answer.headers["Content-Disposition"].startswith("attachment")
    with busy.transactions() as uow:
        log = select(AuditEntry.actor).where(AuditEntry.action == "reports_exported")
        assert uow.session.scalars(log).all() == ["user/7", "user/7"]


def test_files_are_for_those_who_decide(busy: Desk) -> None:
    """An onlooker reads the reports but gets no link; a link is worth nothing altered, or once its owner lost the right."""
    busy.open("reports", AUTH_ID="token-of-observer")
    assert "data-export" not in busy.part("report_lots").text
    headers = {"X-Page-Token": busy.token}
    assert busy.client.post("/placements/export/xlsx", headers=headers).status_code == 403
    assert busy.client.post("/placements/export/xlsx").status_code == 403
    busy.open("reports", AUTH_ID="token-of-manager")
    link = address(busy, "xlsx")
    assert busy.client.get(link + "x").status_code == 403
    busy.open("overview")
    busy.press("save_people", responsible_ids="12", card_language="ru")
    assert busy.client.get(link).status_code == 403


def test_the_analytics_menu_opens_the_reports_alone(desk: Desk) -> None:
    """In the CRM's analytics there is no way into the settings of the application, and its token opens no other section."""
    page = desk.open("reports").text
    assert "/placements/part/report_lots" in page
    assert "Настройки" not in desk.part("report_lots").text
    assert desk.part("settings").status_code == 404


def test_days_are_counted_as_people_here_count_them(desk: Desk) -> None:
    """A period ends with the last day in Tashkent, five hours before that of UTC, or in the zone that the managers chose."""
    desk.market.buyer()
    lot = desk.market.lot(published=True)
    with desk.transactions() as uow:
        at = datetime(2026, 1, 31, 20, 0, tzinfo=UTC)
        uow.session.execute(update(Lot).where(Lot.id == lot).values(created_at=at, published_at=at))
    desk.open("overview")
    empty = desk.part("report_lots", since="2026-01-01", until="2026-01-31").text.count("За этот период ничего нет")
    assert empty == 4
    assert "февр. 26" in desk.part("report_lots", since="2026-01-02", until="2026-06-01").text
    with desk.transactions() as uow:
        stored.put(uow, "work_zone", "Europe/Moscow", "user/1")
    desk.open("overview")
    assert "янв. 26" in desk.part("report_lots", since="2026-01-01", until="2026-06-01").text
    assert (
        desk.part("report_lots", since="2026-01-01", until="2026-01-31").text.count("За этот период ничего нет") < empty
    )
