"""One clock on every page of the desk: that of the managers' zone, which the page names."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from b24app.services import settings as stored
from storage.models import Order
from tests.contract.placements.conftest import Desk


@pytest.mark.parametrize(("zone", "place"), [("Asia/Tashkent", "Ташкент"), ("America/New_York", "Нью-Йорк")])
def test_times_are_told_in_the_zone_that_the_page_names(desk: Desk, zone: str, place: str) -> None:
    """The moment an order was made is shown by the clock of the managers' zone."""
    with desk.transactions() as uow:
        stored.put(uow, "work_zone", zone, "user/1")
    desk.market.buyer()
    factory = desk.market.factory()
    offer = desk.market.offer(desk.market.lot(published=True), factory)
    desk.market.talk(offer)
    order = desk.market.award(offer)
    made = desk.market.get(Order, order).created_at.astimezone(ZoneInfo(zone))
    page = desk.open("deal_tab", desk.market.in_crm[f"order/{order}"]).text
    assert f"Время указано по городу: {place}" in page
    assert f"{made:%H:%M}" in page
