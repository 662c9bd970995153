"""The main story on two phones: from the first screen to an awarded lot."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from b24app.services import companies, lots, offers
from storage.models import Company, Lot, Offer, Order
from storage.unit_of_work import Transactions
from tests.browser.miniapp.conftest import Site
from tests.browser.miniapp.filling import BUYER, FACTORY, fill, lot_steps, offer_answers, walk
from tests.browser.miniapp.phones import ABC, IVAN, Phone

Open = Callable[..., Phone]


def register(phone: Phone, language: str, role: str) -> None:
    """Choose language and role, fill the questionnaire, agree, send."""
    phone.app.locator(f'button[value="{language}"]').click()
    phone.app.locator(f'button[value="{role}"]').click()
    phone.view("welcome")
    phone.picture(f"welcome-{role}")
    phone.press()
    walk(phone, role, BUYER if role == "buyer" else FACTORY)
    phone.picture(f"review-{role}")
    phone.app.locator('[name="processing"]').check()
    phone.press()
    phone.view("home")


def approve_all(transactions: Transactions) -> None:
    """Let a manager accept both, verify and subscribe the factory."""
    with transactions() as uow:
        until = uow.now.date() + timedelta(days=180)
        for company in uow.session.scalars(select(Company)).all():
            companies.accept(uow, company.id, "user/1")
            for service in ("verification", "subscription_6m") if company.kind == "factory" else ():
                companies.grant(uow, company.id, service, until, reason="checked", actor="user/1")


def test_from_the_first_screen_to_an_award(site: Site, phone: Open) -> None:
    """Ivan and ABC Textiles register, Ivan places a lot, ABC answers, they talk, Ivan compares and chooses."""
    ivan = phone(IVAN)
    register(ivan, "ru", "buyer")
    abc = phone(ABC, dark=True)
    register(abc, "uz", "factory")
    abc.picture("home-waiting")
    approve_all(site.transactions)

    ivan = phone(IVAN)
    ivan.view("home")
    ivan.press()
    walk(ivan, "lot", lot_steps(datetime.now(UTC).date()))
    ivan.press()
    ivan.app.get_by_text("Лот на проверке").wait_for()
    with site.transactions() as uow:
        lot = lots.approve(uow, uow.session.scalars(select(Lot)).one().id, "user/1")

    abc = phone(ABC, "/app/", dark=True, start_param=f"lot_{lot.number}")
    abc.view("tender")
    abc.picture("tender")
    abc.press()
    abc.view("offer")
    fill(abc.app, offer_answers(datetime.now(UTC).date()))
    abc.press()
    abc.app.get_by_text("Taklif tekshirilmoqda").wait_for()
    with site.transactions() as uow:
        thread = offers.allow(uow, uow.session.scalars(select(Offer)).one().id, "user/1")

    abc = phone(ABC, f"/app/chats/{thread.id}", dark=True)
    abc.app.locator("textarea").fill("Assalomu alaykum! Namunalar tayyor.")
    abc.app.locator("textarea").press("Enter")
    abc.app.locator("#log .bubble.mine").wait_for()
    abc.picture("chat")

    ivan = phone(IVAN, f"/app/lots/{lot.id}")
    ivan.app.locator(".compare").wait_for()
    ivan.app.get_by_role("button", name="В шорт-лист").click()
    ivan.app.locator(".compare .chip", has_text="В шорт-листе").wait_for()
    ivan.picture("compare")
    ivan.app.get_by_role("link", name="Открыть чат").click()
    ivan.app.get_by_text("Namunalar tayyor.").wait_for()
    ivan.page.locator("#back").click()
    ivan.view("chats")
    ivan.page.locator("#back").click()
    ivan.view("home")

    ivan = phone(IVAN, f"/app/lots/{lot.id}")
    ivan.app.get_by_role("button", name="Выбрать фабрику").click()
    ivan.page.locator("#popup button").first.click()
    ivan.app.locator(".chip", has_text="Фабрика выбрана").wait_for()
    with site.transactions() as uow:
        order = uow.session.scalars(select(Order)).one()
    assert (order.quantity, order.price_minor) == (20000, 305)
