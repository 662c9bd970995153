"""The main story on two phones, in every language: from the first screen to a delivered order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from b24app.services import companies, lots, offers
from storage.models import Company, Lot, Offer, Order
from storage.unit_of_work import Transactions
from tests.browser.miniapp.conftest import Site
from tests.browser.miniapp.filling import BUYER, FACTORY, fill, lot_steps, offer_answers, walk
from tests.browser.miniapp.phones import ABC, IVAN, Phone
from tests.browser.miniapp.test_look import AXE, faults
from tests.browser.miniapp.test_progress import PIXEL

Open = Callable[..., Phone]


@dataclass
class Look:
    """How a run looks: the language of either side, how wide their windows are, which of them sits in the dark."""

    buyer: str
    factory: str
    width: int
    dark_buyer: bool

    def ivan(self, phone: Open, path: str = "/app/") -> Phone:
        """Open the Mini App as the buyer."""
        return phone(IVAN, path, width=self.width, dark=self.dark_buyer)

    def abc(self, phone: Open, path: str = "/app/", **how: str) -> Phone:
        """Open the Mini App as the factory."""
        return phone(ABC, path, width=self.width, dark=not self.dark_buyer, **how)


LOOKS = [Look("ru", "uz", 390, False), Look("uz", "en", 1024, True), Look("en", "ru", 320, True)]


def register(phone: Phone, language: str, role: str, keep: Callable[[Phone, str], None]) -> None:
    """Choose language and role, fill the questionnaire, agree, send."""
    phone.app.locator(f'button[value="{language}"]').click()
    phone.app.locator(f'button[value="{role}"]').click()
    phone.view("welcome")
    keep(phone, f"welcome-{role}")
    phone.press()
    walk(phone, role, BUYER if role == "buyer" else FACTORY)
    keep(phone, f"review-{role}")
    phone.app.locator('[name="processing"]').check()
    phone.press()
    phone.view("home")


def approve_all(transactions: Transactions) -> None:
    """Let a manager accept both, verify and subscribe the factory."""
    with transactions() as uow:
        until = uow.now.date() + timedelta(days=180)
        for company in uow.session.scalars(select(Company)).all():
            companies.accept(uow, company.id, "user/1")
            factory = company.kind == "factory"
            for service in ("verification", "subscription_6m") if factory else ("catalogue_access",):
                companies.grant(uow, company.id, service, until, reason="checked", actor="user/1")


@pytest.mark.long
@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look.buyer}-{look.factory}-{look.width}")
def test_from_the_first_screen_to_delivery(look: Look, site: Site, phone: Open, tmp_path: Path) -> None:
    """Both register, Ivan places a lot, ABC answers, they talk, Ivan chooses, ABC delivers; axe objects to nothing on the way."""
    wrong: list[str] = []
    script = AXE.read_text("utf-8")

    def keep(shown: Phone, name: str) -> None:
        shown.picture(f"{look.width}-{name}")
        wrong.extend(f"{name}: {fault}" for fault in faults(shown, script))

    register(look.ivan(phone), look.buyer, "buyer", keep)
    abc = look.abc(phone)
    register(abc, look.factory, "factory", keep)
    keep(abc, "home-waiting")
    approve_all(site.transactions)
    number, lot_id = place_lot(look, site, phone, keep)
    answer_lot(look, phone, number, keep)
    with site.transactions() as uow:
        thread_id = offers.allow(uow, uow.session.scalars(select(Offer)).one().id, "user/1").id
    talk_and_choose(look, phone, thread_id, lot_id, keep)
    with site.transactions() as uow:
        order = uow.session.scalars(select(Order)).one()
    assert (order.quantity, order.price_minor) == (20000, 305)
    deliver(look, phone, order.id, tmp_path, keep)
    with site.transactions() as uow:
        assert uow.session.get_one(Order, order.id).state == "done"
    assert wrong == []


Keep = Callable[[Phone, str], None]


def place_lot(look: Look, site: Site, phone: Open, keep: Keep) -> tuple[int, int]:
    """Let Ivan describe what he wants and a manager publish it; answers the lot's number and id."""
    ivan = look.ivan(phone)
    ivan.view("home")
    keep(ivan, "home-buyer")
    ivan.press()
    walk(ivan, "lot", lot_steps(datetime.now(UTC).date()))
    keep(ivan, "review-lot")
    ivan.press()
    ivan.view("lot").locator(".notice").wait_for()
    with site.transactions() as uow:
        lot = lots.approve(uow, uow.session.scalars(select(Lot)).one().id, "user/1")
        return lot.number, lot.id


def answer_lot(look: Look, phone: Open, number: int, keep: Keep) -> None:
    """Let ABC Textiles follow the channel's link and make an offer."""
    abc = look.abc(phone, start_param=f"lot_{number}")
    abc.view("tender")
    keep(abc, "tender")
    abc.press()
    abc.view("offer")
    fill(abc.app, offer_answers(datetime.now(UTC).date()))
    keep(abc, "offer")
    abc.press()
    abc.view("tender").locator('form[action="/app/act/withdraw_offer"]').wait_for()
    keep(look_at(look.abc(phone, "/app/tenders"), "tenders"), "tenders")


def look_at(opened: Phone, view: str) -> Phone:
    """Wait until a screen stands."""
    opened.view(view)
    return opened


def talk_and_choose(look: Look, phone: Open, thread_id: int, lot_id: int, keep: Keep) -> None:
    """Let them exchange words, and Ivan compare, look at the factory and choose it."""
    abc = look.abc(phone, f"/app/chats/{thread_id}")
    abc.app.locator("textarea").fill("Assalomu alaykum! Namunalar tayyor.")
    abc.app.locator("textarea").press("Enter")
    abc.app.locator("#log .bubble.mine").wait_for()
    keep(abc, "chat")
    ivan = look.ivan(phone, f"/app/lots/{lot_id}")
    ivan.app.locator('form[action="/app/act/shortlist"] button').click()
    ivan.app.locator(".compare thead .chip.good").wait_for()
    keep(ivan, "compare")
    ivan.app.locator('.compare a[href^="/app/chats/"]').click()
    ivan.app.get_by_text("Namunalar tayyor.").wait_for()
    ivan.page.locator("#back").click()
    ivan.view("chats")
    ivan.page.locator("#back").click()
    ivan.view("home").locator('a[href="/app/catalogue"]').click()
    ivan.view("catalogue").locator("a.factory").click()
    ivan.view("factory")
    keep(ivan, "factory")
    ivan = look.ivan(phone, f"/app/lots/{lot_id}")
    ivan.app.locator('form[action="/app/act/award"] button').click()
    ivan.page.locator("#popup button").first.click()
    ivan.app.locator(".heading .chip.accent").wait_for()


def deliver(look: Look, phone: Open, order_id: int, folder: Path, keep: Keep) -> None:
    """Let ABC Textiles report sewing with a photo, then delivery, and Ivan see both."""
    photo = folder / "line.png"
    photo.write_bytes(PIXEL)
    abc = look.abc(phone, f"/app/orders/{order_id}")
    abc.app.locator('[name="step"]').select_option("sewing")
    abc.app.locator('[name="percent"]').fill("40")
    abc.app.locator("input[type=file]").set_input_files(photo)
    abc.app.locator('[name="photo"]').wait_for(state="attached")
    abc.press()
    abc.app.locator(".track li.now", has_text="40").wait_for()
    keep(abc, "order-maker")
    abc.app.locator('[name="step"]').select_option("delivered")
    abc.press()
    abc.app.locator(".chip.good").first.wait_for()
    ivan = look.ivan(phone, f"/app/orders/{order_id}")
    ivan.view("order").locator(".chip.good").first.wait_for()
    keep(ivan, "order-buyer")
