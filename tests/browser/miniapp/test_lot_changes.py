"""A published lot on the buyer's phone: changed, confirmed by the factory, extended, shared out."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs

from sqlalchemy import select

from b24app.services import lot_changes, lots, offers
from storage.models import Order
from tests import factories
from tests.browser.miniapp.conftest import Site
from tests.browser.miniapp.phones import ABC, IVAN, Phone

Open = Callable[..., Phone]


def test_a_lot_is_changed_confirmed_extended_and_shared(site: Site, phone: Open) -> None:
    """Ivan changes the quantity alone, a manager lets it count, ABC confirms, Ivan takes offers longer, shares the lot out."""
    with site.transactions() as uow:
        ivan, _ = factories.buyer(uow, str(IVAN["id"]))
        abc, _ = factories.factory(uow, str(ABC["id"]))
        silk, _ = factories.factory(uow, "2002", company="Silk Road")
        lot = factories.lot(uow, ivan)
        first, second = factories.offer(uow, abc, lot), factories.offer(uow, silk, lot)
        for offer in (first, second):
            offers.allow(uow, offer.id, "user/1")
    buyer = phone(IVAN, f"/app/lots/{lot.id}/edit", width=320)
    buyer.view("edit").locator('[name="q.quantity"]').fill("24000")
    buyer.picture("lot-edit")
    assert buyer.overflow() == 0
    with buyer.page.expect_request("**/act/revise_lot") as sent:
        buyer.press()
    assert set(parse_qs(str(sent.value.post_data))) == {"lot_id", "q.quantity", "changed"}
    buyer.app.get_by_text("Ваше изменение на проверке").wait_for()
    buyer.picture("lot-change-waits")
    with site.transactions() as uow:
        lot_changes.publish(uow, lot.id, "user/1")
    buyer = phone(IVAN, f"/app/lots/{lot.id}", width=320)
    buyer.app.locator(".compare .chip", has_text="Не подтверждено").first.wait_for()
    buyer.picture("lot-unconfirmed")

    factory = phone(ABC, f"/app/tenders/{lot.id}", dark=True)
    factory.app.get_by_role("button", name="Taklifim kuchda").click()
    factory.app.get_by_text("Xaridor lotni oʻzgartirdi").wait_for(state="detached")
    with site.transactions() as uow:
        offers.get(uow, second.id).lot_version = lots.get(uow, lot.id).version

    buyer = phone(IVAN, f"/app/lots/{lot.id}", width=320, dark=True)
    buyer.app.get_by_role("link", name="Продлить приём").click()
    until = (lot.respond_by or lot.created_at).date().replace(year=2027, month=1, day=15)
    buyer.view("deadline").locator('[name="until"]').fill(until.isoformat())
    buyer.picture("lot-deadline")
    buyer.press()
    buyer.app.get_by_role("link", name="Разделить между").click()
    buyer.view("shares").locator(f'[name="share.{first.id}"]').fill("14 000")
    buyer.app.locator(f'[name="share.{second.id}"]').fill("500")
    buyer.press()
    buyer.page.locator("#popup button").first.click()
    buyer.app.locator(f'[data-field="share.{second.id}"] [data-fault]:not([hidden])').wait_for()
    buyer.picture("lot-shares")
    assert buyer.overflow() == 0
    buyer.app.locator(f'[name="share.{second.id}"]').fill("10000")
    buyer.press()
    buyer.page.locator("#popup button").first.click()
    buyer.app.locator(".chip", has_text="Фабрика выбрана").wait_for()
    with site.transactions() as uow:
        assert sorted(uow.session.scalars(select(Order.quantity)).all()) == [10000, 14000]
