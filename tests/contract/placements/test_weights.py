"""The page of matching weights: shown before it is saved, saved by administrators, taken back."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from b24app.services import match_weights, matching
from storage.models import AuditEntry, CatalogueEntry
from tests.contract.placements.conftest import Desk

USUAL = {f"weight.{code}": value for code, value in match_weights.usual().items()}
NONE = dict.fromkeys(USUAL, 0)
ON_LEAD_TIME: dict[str, Any] = {**NONE, "weight.lead_time": 100}


def market_of_two(desk: Desk) -> tuple[int, int, int]:
    """Make a published lot, a verified factory that needs long, and a quick one without the badge."""
    desk.market.buyer()
    slow = desk.market.factory(lead_time_days="55")
    quick = desk.market.factory(3, "Silk Road Mill", lead_time_days="20", segments=["tshirts", "denim", "home", "yarn"])
    with desk.transactions() as uow:
        uow.session.execute(
            update(CatalogueEntry).values(verified_until=None).where(CatalogueEntry.company_id == quick)
        )
    return desk.market.lot(published=True), slow, quick


def ranking(desk: Desk, lot: int) -> list[int]:
    """Give the ids of the factories for a lot, the best first."""
    with desk.transactions() as uow:
        return matching.company_ids_for(uow, lot)


def test_a_preview_shows_the_new_order_and_changes_nothing(desk: Desk) -> None:
    """Who would rise is marked with the place before; the ranking in use stays as it is."""
    lot, slow, quick = market_of_two(desk)
    before = ranking(desk, lot)
    assert before == [slow, quick]
    desk.open("overview")
    page = desk.part("weights_preview", **{name: str(value) for name, value in ON_LEAD_TIME.items()}).text
    assert page.index("Silk Road Mill") < page.index("ABC Textiles")
    assert "▲1" in page
    assert ranking(desk, lot) == before


def test_saved_weights_order_every_list_and_can_be_taken_back(desk: Desk) -> None:
    """The next ranking uses them, the log names who chose them, one press restores what was before."""
    lot, slow, quick = market_of_two(desk)
    desk.open("overview")
    assert desk.press("save_weights", **ON_LEAD_TIME).status_code == 200
    assert ranking(desk, lot) == [quick, slow]
    with desk.transactions() as uow:
        wanted = AuditEntry.subject == f"setting/{match_weights.NAME}"
        assert uow.session.scalars(select(AuditEntry.actor).where(wanted)).all() == ["user/1"]
    assert "Срок изготовления 100" in desk.part("weights").text
    assert desk.press("restore_weights").status_code == 200
    assert ranking(desk, lot) == [slow, quick]


@pytest.mark.parametrize("wrong", [{**USUAL, "weight.load": 6}, {**USUAL, "weight.load": -5, "weight.price": 20}, NONE])
def test_weights_that_do_not_make_100_are_neither_shown_nor_saved(desk: Desk, wrong: dict[str, Any]) -> None:
    """The sum is named beside the button, and nothing changes."""
    desk.open("overview")
    texts = {name: str(value) for name, value in wrong.items()}
    assert desk.part("weights_preview", **texts).status_code == 422
    assert desk.press("save_weights", **wrong).status_code == 422
    with desk.transactions() as uow:
        assert match_weights.current(uow) == match_weights.usual()


def test_without_a_change_there_is_nothing_to_take_back(desk: Desk) -> None:
    """The first press on going back is refused in words, not with a fault."""
    desk.open("overview")
    assert desk.press("restore_weights").status_code == 409
