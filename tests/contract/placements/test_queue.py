"""The moderation queue: found, sorted, decided many at a time, taken back where that is possible."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import update

from storage.models import Company, Lot, Offer, OutboxRow
from tests.contract.placements.conftest import Desk
from tests.contract.placements.world import Marketplace
from tests.databases import Prepared


@pytest.fixture
def full(desk: Desk, prepared: Prepared) -> Desk:
    """A queue with a lot, two factories' questionnaires and two offers for a published lot."""
    desk.market.begin(prepared, "a full queue", _fill)
    return desk


def _fill(market: Marketplace) -> None:
    market.buyer()
    abc, silk = market.factory(), market.factory(3, "Silk Road Mill")
    published = market.lot(published=True)
    market.offer(published, abc)
    market.offer(published, silk, "2.95")
    market.lot(client_key="waiting", segment="knitwear")
    market.factory(4, "Namangan Denim", published=False, segments=["denim"])
    market.factory(5, "Andijon Trikotaj", published=False)


def titles(page: str) -> list[str]:
    """Give what waits, line by line."""
    return [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r'<th scope="row">(.*?)</th>', page, re.S)]


def picks(page: str) -> list[str]:
    """Give the names of the marks, line by line."""
    return re.findall(r'name="(pick\.[a-z]+\.\d+)"', page)


def test_everything_that_waits_is_there_the_oldest_first(full: Desk) -> None:
    """Offers, lots and questionnaires stand in one list with their kind, and each line leads to its card."""
    full.open("overview")
    page = full.part("queue").text
    assert len(titles(page)) == 5
    assert {one.split(".")[1] for one in picks(page)} == {"lot", "factory", "offer"}
    assert page.count('data-path="/crm/deal/details/') == 3
    assert titles(full.part("queue", sort="name").text) == sorted(titles(page), key=str.lower)
    assert titles(full.part("queue", sort="newest").text) != titles(page)


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ({"kind": "factory"}, 2),
        ({"kind": "offer"}, 2),
        ({"segment": "knitwear"}, 2),
        ({"words": "silk"}, 1),
        ({"words": "2"}, 1),
        ({"whose": "mine"}, 0),
        ({"kind": "buyer"}, 0),
    ],
)
def test_the_queue_is_filtered(full: Desk, asked: dict[str, str], left: int) -> None:
    """By kind, segment, words or number, and whose it is; when nothing is left the page says how to go on."""
    full.open("overview")
    page = full.part("queue", **asked).text
    assert len(titles(page)) == left
    assert ("Выберите другие фильтры" in page) == (left == 0)


def test_a_page_that_is_gone_is_the_last_that_there_is(full: Desk) -> None:
    """Whoever turns to a page whose lines were decided meanwhile sees the last lines that wait, not that nothing does."""
    full.open("overview")
    assert titles(full.part("queue", page="7").text) == titles(full.part("queue").text)


def test_many_are_approved_at_once(full: Desk) -> None:
    """One press decides on all that are marked, each by its own rules and right; what was decided meanwhile is left and named."""
    full.open("overview", AUTH_ID="token-of-manager")
    marked = picks(full.part("queue").text)
    with full.transactions() as uow:
        uow.session.execute(update(Company).where(Company.name == "Namangan Denim").values(state="accepted"))
    answer = full.press("approve_many", **dict.fromkeys(marked, "on"))
    assert answer.status_code == 200
    assert "Решено: 4." in answer.text
    assert "Без изменений осталось: 1." in answer.text
    with full.transactions() as uow:
        assert uow.session.query(Lot).filter_by(state="submitted").count() == 0
        assert uow.session.query(Offer).filter_by(state="allowed").count() == 2


def test_a_change_of_a_profile_waits_among_them(desk: Desk) -> None:
    """It is counted today and in the queue, leads to its company, is approved with others once, and a moderator may do so."""
    factory = desk.market.factory()
    desk.market.change(factory, company="ABC Global Textiles")
    today = desk.open("overview").text
    assert re.search(r"Проверить изменения профилей</h3>\s*<p class=\"count\">1<", today)
    page = desk.part("queue", kind="change").text
    assert (titles(page), picks(page)) == (["ABC Textiles"], [f"pick.change.{factory}"])
    assert f'data-path="/crm/company/details/{desk.market.in_crm[f"company/{factory}"]}/"' in page
    assert "Решено: 1." in desk.press("take_many", **{f"pick.change.{factory}": "on"}).text
    answer = desk.press("approve_many", **{f"pick.change.{factory}": "on"})
    assert "Решено: 1." in answer.text
    assert titles(answer.text) == []
    company = desk.market.get(Company, factory)
    assert (company.name, company.responsible_id) == ("ABC Global Textiles", "1")
    assert "Без изменений осталось: 1." in desk.press("approve_many", **{f"pick.change.{factory}": "on"}).text


def test_declined_offers_can_be_taken_back_for_an_hour(full: Desk) -> None:
    """Only the offers among the marked are declined; their author may take each back once, and the factory is told."""
    full.open("overview")
    marked = picks(full.part("queue").text)
    answer = full.press("decline_many", **dict.fromkeys(marked, "on"), reason="price")
    assert "Решено: 2." in answer.text
    assert len(titles(answer.text)) == 3
    (first, _) = re.findall(r'id="do-undo_decision-(\d+)"', answer.text)
    back = full.press("undo_decision", row_id=first)
    assert (back.status_code, len(titles(back.text))) == (200, 4)
    with full.transactions() as uow:
        told = [row.payload["text"] for row in uow.session.query(OutboxRow).filter_by(kind="SendChatMessage")]
        assert any("qayta koʻrib chiqilmoqda" in text for text in told)
    assert full.press("undo_decision", row_id=first).status_code == 409


def test_somebody_elses_decision_is_not_taken_back(full: Desk) -> None:
    """The list of what may be undone is each visitor's own, and so is the press."""
    full.open("overview")
    answer = full.press("decline_many", **{"pick.offer.1": "on"}, reason="price")
    (entry,) = re.findall(r'id="do-undo_decision-(\d+)"', answer.text)
    full.open("overview", AUTH_ID="token-of-manager")
    assert "do-undo_decision" not in full.part("queue").text
    assert full.press("undo_decision", row_id=entry).status_code == 409


def test_taking_over_is_shown_kept_and_undone(full: Desk) -> None:
    """The visitor becomes responsible, the CRM item follows, the filter `mine` finds it, undo restores who was before."""
    full.open("overview", AUTH_ID="token-of-manager")
    with full.transactions() as uow:
        company = uow.session.query(Company).filter_by(name="Andijon Trikotaj").one()
        number = company.id
        company.responsible_id = "1"
    answer = full.press("take_many", **{f"pick.factory.{number}": "on"}, kind="factory")
    assert len(titles(answer.text)) == 2
    assert full.market.get(Company, number).responsible_id == "7"
    assert "Andijon Trikotaj" in titles(full.part("queue", whose="mine").text)
    (entry,) = re.findall(r'id="do-undo_decision-(\d+)"', answer.text)
    assert full.press("undo_decision", row_id=entry).status_code == 200
    assert full.market.get(Company, number).responsible_id == "1"


@pytest.mark.parametrize("form", [{}, {"pick.lot.x": "on"}, {"pick.order.1": "on"}])
def test_nothing_marked_is_nothing_decided(full: Desk, form: dict[str, str]) -> None:
    """A press without a mark, or with one that is none, is refused beside the button."""
    full.open("overview")
    assert full.press("approve_many", **form).status_code == 422


def test_an_onlooker_marks_nothing(full: Desk) -> None:
    """Whoever decides nothing reads the queue without boxes and buttons."""
    full.open("overview", AUTH_ID="token-of-observer")
    page = full.part("queue").text
    assert len(titles(page)) == 5
    assert picks(page) == []
    assert "/placements/act/" not in page
