"""An awarded order on two phones: the factory reports with a photo until delivery, the buyer follows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select

from b24app.services import offers
from storage.models import Order, OrderUpdate
from tests import factories
from tests.browser.miniapp.conftest import Site
from tests.browser.miniapp.phones import ABC, IVAN, Phone

Open = Callable[..., Phone]
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001000500"
    "0df6d1a50000000049454e44ae426082"
)


def test_from_the_award_to_delivery(site: Site, phone: Open, tmp_path: Path) -> None:
    """ABC Textiles reports sewing at 40 % with a photo, later delivery; Ivan sees both without reloading the app."""
    with site.transactions() as uow:
        ivan, _ = factories.buyer(uow, str(IVAN["id"]))
        abc, _ = factories.factory(uow, str(ABC["id"]))
        offer = factories.offer(uow, abc, factories.lot(uow, ivan))
        offers.allow(uow, offer.id, "user/1")
        order = offers.award(uow, ivan, offer.id)
    photo = tmp_path / "line.png"
    photo.write_bytes(PIXEL)

    maker = phone(ABC, "/app/orders", dark=True, width=320)
    maker.view("orders").locator("a.lot").click()
    maker.view("order")
    maker.picture("order-maker")
    maker.app.locator('[name="step"]').select_option("sewing")
    maker.app.locator('[name="percent"]').fill("40")
    maker.app.locator('[name="note"]').fill("Ikkinchi smena ishlayapti")
    maker.app.locator("input[type=file]").set_input_files(photo)
    maker.app.locator('[name="photo"]').wait_for(state="attached")
    maker.press()
    maker.app.locator(".track li.now", has_text="40%").wait_for()
    assert maker.overflow() == 0

    buyer = phone(IVAN, f"/app/orders/{order.id}", width=320)
    buyer.app.get_by_text("Ikkinchi smena ishlayapti").wait_for()
    buyer.app.get_by_role("link", name="Фото").wait_for()
    buyer.picture("order-buyer")
    assert buyer.overflow() == 0

    maker.app.locator('[name="step"]').select_option("delivered")
    maker.press()
    maker.app.locator(".chip", has_text="Yetkazib berildi").wait_for()
    wide = phone(IVAN, "/app/orders", width=1024)
    wide.app.locator(".chip", has_text="Доставлено").wait_for()
    wide.picture("orders-wide")
    with site.transactions() as uow:
        assert uow.session.get_one(Order, order.id).state == "done"
        assert [update.step for update in uow.session.scalars(select(OrderUpdate).order_by(OrderUpdate.id))] == [
            "sewing",
            "delivered",
        ]
