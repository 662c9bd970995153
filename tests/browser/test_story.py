"""The main story in a real browser: the portal's own pages with our tabs in their frames, Telegram's with the Mini App in its frame.

Every step is a press on something shown. Pictures of the key moments go to build/pictures, or where PICTURES says.
"""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from sandbox import plot
from sandbox.stack import BOT_NAME, Stack
from sandbox.telegram.demo import ABC_DIRECTOR, IVAN
from tests.browser.miniapp.filling import fill
from tests.browser.worlds import PATIENCE, PortalDesk, TelegramPhone
from tests.conftest import PROJECT
from tests.functional.stacks import running

PICTURES = PROJECT / os.environ.get("PICTURES", "build/pictures")
CHANNEL, BOT = "Textile tenders", BOT_NAME
SECRETS = ("Петров", "Мода", "555-01-99", "moda-torg")


class Story:
    """Ivan, ABC Textiles and the manager at their screens; each chapter leaves the pages where the next begins."""

    def __init__(self, browser: Browser, stack: Stack, pictures: Path) -> None:
        self.pictures = pictures
        self.app_id = stack.app_id
        self.manager = PortalDesk(browser, stack.portal_url)
        self.ivan = TelegramPhone(browser, stack.telegram_url, IVAN)
        self.abc = TelegramPhone(browser, stack.telegram_url, ABC_DIRECTOR, dark=True)

    def picture(self, who: TelegramPhone | PortalDesk, name: str) -> None:
        """Keep what somebody sees."""
        who.picture(self.pictures / f"{name}.png")

    def install(self) -> None:
        """The administrator opens the application; at the end its own page takes the place of the installation."""
        self.manager.go(f"/marketplace/app/{self.app_id}/")
        frame = self.manager.page.frame_locator("#application iframe.app")
        frame.get_by_role("button", name="Установить").click()
        expect(frame.locator("#section-view")).to_be_visible(timeout=60_000)

    def ivan_registers(self) -> None:
        """Language and role by the bot's buttons, the questionnaire in the Mini App."""
        self._enter(self.ivan, "Русский", "покупатель", "анкету")
        self._walk(self.ivan, plot.BUYER, picture="01-questionnaire")
        self.ivan.app.locator('[name="processing"]').check()
        self.ivan.press()
        self.ivan.view("home")
        self.ivan.close_app()

    def manager_accepts_ivan(self) -> None:
        """The lead's tab shows every answer; one press accepts, and Ivan is told."""
        self.manager.open_card("lead", "Мода Торг")
        tab = self.manager.tab("Анкета")
        expect(tab.locator("#answers")).to_contain_text("Летниковская")
        self.picture(self.manager, "02-lead")
        tab.locator("#do-approve_company").click()
        expect(tab.locator(".badge-good").first).to_be_visible()
        self.ivan.read("анкета одобрена")

    def abc_registers(self) -> None:
        """The same in Uzbek, as a factory."""
        self._enter(self.abc, "Oʻzbekcha", "fabrika", "Anketa")
        self._walk(self.abc, plot.FACTORY)
        self.abc.app.locator('[name="processing"]').check()
        self.abc.press()
        self.abc.view("home")
        self.abc.close_app()

    def manager_vouches_for_abc(self) -> None:
        """The company's tab: accept, verify, subscribe."""
        self.manager.open_card("company", "ABC Textiles")
        tab = self.manager.tab("Маркетплейс")
        tab.locator("#do-approve_company").click()
        expect(tab.locator("#do-approve_company")).to_have_count(0)
        until = plot.in_days(datetime.now(UTC).date(), 180)
        for service in ("verification", "subscription_6m"):
            form = tab.locator("#do-grant")
            form.locator('[name="service"]').select_option(service)
            form.locator('[name="until"]').fill(until)
            form.locator('[name="reason"]').fill("Проверена на месте")
            form.get_by_role("button").click()
            name = form.locator(f'option[value="{service}"]').inner_text()
            expect(tab.locator("#section-rights .notice")).to_contain_text(name)
        self.picture(self.manager, "09-company")

    def ivan_places_a_lot(self) -> None:
        """The button under the bot's message opens the form of a lot."""
        self.ivan.press_key("Разместить заказ")
        self._walk(self.ivan, plot.lot())
        self.ivan.press()
        self.ivan.view("lot")
        self.ivan.close_app()

    def manager_publishes_the_lot(self) -> None:
        """Original and anonymous side by side; one press, and the channel and the factory have it without its buyer."""
        self.manager.open_card("deal", "Футболки")
        tab = self.manager.tab("Лот")
        expect(tab.locator("#lot-answers")).to_contain_text("20")
        self.picture(self.manager, "03-moderation")
        tab.locator("#do-approve_lot").click()
        expect(tab.locator("#section-moderation .notice")).to_be_visible()
        expect(tab.locator("#section-matches")).to_contain_text("ABC Textiles")
        self.abc.open_chat(CHANNEL)
        post = self.abc.read("FOB")
        for secret in SECRETS:
            expect(post).not_to_contain_text(secret)
        self.picture(self.abc, "04-channel")

    def abc_makes_an_offer(self) -> None:
        """From the private message into the Mini App; Ivan hears nothing."""
        self.abc.open_chat(BOT)
        self.abc.read("FOB")
        heard = self.ivan.page.locator(".message").count()
        self.abc.page.locator(".message", has_text="FOB").last.locator(".key").first.click()
        self.abc.view("tender")
        self.abc.press()
        self.abc.view("offer")
        fill(self.abc.app, plot.offer())
        self.abc.press()
        expect(self.abc.app.get_by_text("Taklif tekshirilmoqda").first).to_be_visible(timeout=PATIENCE)
        self.abc.close_app()
        self.manager.general()
        expect(self.manager.page.locator("#feed [data-press]").first).to_be_visible(timeout=PATIENCE)
        expect(self.ivan.page.locator(".message")).to_have_count(heard)

    def manager_allows_contact(self) -> None:
        """The card on the timeline has the offer and the two buttons."""
        card = self.manager.page.locator("#feed .entry", has_text="ABC Textiles").filter(
            has=self.manager.page.get_by_role("button", name="Разрешить контакт")
        )
        card.scroll_into_view_if_needed()
        self.picture(self.manager, "05-offer-card")
        card.get_by_role("button", name="Разрешить контакт").click()
        self.ivan.read(re.compile("предложени", re.IGNORECASE))
        expect(self.manager.page.locator("#stages [aria-current]")).to_have_text("Переговоры", timeout=PATIENCE)

    def they_talk(self) -> None:
        """Each in their own chat; the telephone number does not arrive; the manager's words from the open line do."""
        self.ivan.say(plot.IVAN_SAYS)
        heard = self.abc.read("образец за неделю")
        expect(heard).not_to_contain_text("555")
        self.abc.say(plot.ABC_SAYS)
        self.ivan.read("namuna 7 kunda")
        self.manager.go("/online/")
        self.manager.page.locator(".dialog").first.click()
        expect(self.manager.page.locator("#messages")).to_contain_text("namuna 7 kunda", timeout=PATIENCE)
        self.manager.page.locator("#write textarea").fill(plot.MANAGER_SAYS)
        self.manager.page.locator("#write textarea").press("Enter")
        for person in (self.ivan, self.abc):
            person.read("образец согласуем")
        expect(self.manager.page.locator("#messages")).to_contain_text("образец согласуем")
        self.picture(self.ivan, "06-conversation")
        self.picture(self.manager, "08-open-line")

    def ivan_chooses(self) -> None:
        """Offers in columns; after the choice an order stands at Contract and ABC is told."""
        self.ivan.page.locator(".input-menu").click()
        self.ivan.app.locator('a[href="/app/lots"]').click()
        self.ivan.app.locator("a.lot").first.click()
        expect(self.ivan.app.locator(".compare")).to_be_visible(timeout=PATIENCE)
        self.picture(self.ivan, "07-offers")
        self.ivan.app.get_by_role("button", name="Выбрать фабрику").click()
        self.ivan.page.locator(".popup button").first.click()
        expect(self.ivan.app.locator(".chip", has_text="Фабрика выбрана").first).to_be_visible(timeout=PATIENCE)
        self.abc.read("tanla")
        self.manager.open_card("deal", "Заказ по лоту")
        expect(self.manager.page.locator("#stages [aria-current]")).to_have_text("Договор", timeout=PATIENCE)
        tab = self.manager.tab("Лот")
        expect(tab.locator("#section-order")).to_contain_text("ABC Textiles")
        expect(tab.locator("#section-order .steps")).to_be_in_viewport(ratio=1)
        self.picture(self.manager, "10-order")

    def abc_delivers(self) -> None:
        """From the menu button to the report: Ivan hears it in his chat, the deal of the order is won."""
        self.abc.page.locator(".input-menu").click()
        self.abc.app.locator('a[href="/app/orders"]').click()
        self.abc.app.locator("a.lot").first.click()
        self.abc.view("order")
        self.abc.app.locator('[name="step"]').select_option("delivered")
        self.abc.press()
        expect(self.abc.app.locator(".chip", has_text="Yetkazib berildi").first).to_be_visible(timeout=PATIENCE)
        self.picture(self.abc, "11-delivered")
        self.ivan.close_app()
        self.ivan.read(re.compile("Доставлено", re.IGNORECASE))
        self.manager.open_card("deal", "Заказ по лоту")
        expect(self.manager.page.locator("#stages [aria-current]")).to_have_text("Завершён", timeout=PATIENCE)

    def play(self) -> None:
        """Every chapter in order."""
        self.install()
        self.ivan_registers()
        self.manager_accepts_ivan()
        self.abc_registers()
        self.manager_vouches_for_abc()
        self.ivan_places_a_lot()
        self.manager_publishes_the_lot()
        self.abc_makes_an_offer()
        self.manager_allows_contact()
        self.they_talk()
        self.ivan_chooses()
        self.abc_delivers()

    @staticmethod
    def _enter(person: TelegramPhone, language: str, role: str, invitation: str) -> None:
        person.open_chat(BOT)
        person.start()
        person.press_key(language)
        person.press_key(role)
        person.press_key(invitation)

    def _walk(self, person: TelegramPhone, steps: plot.Steps, picture: str = "") -> None:
        for code, answers in steps.items():
            person.app.locator(f'form[data-step="{code}"]').wait_for()
            groups = {name.partition(".0.")[0] for name in answers if ".0." in name}
            for group in groups:
                person.app.locator(f'[data-group="{group}"] [data-add]').click()
            fill(person.app, answers)
            if picture and code == "company":
                self.picture(person, picture)
            person.press()
        person.view("review")


@pytest.mark.long
@pytest.mark.timeout(300)
def test_the_main_story_on_the_screens(browser: Browser, database_url: str) -> None:
    """From an uninstalled application to a delivered order, everybody gets there by pressing what is shown, and no page fails."""
    with running(database_url) as stack:
        story = Story(browser, stack, PICTURES)
        story.play()
    assert [*story.manager.faults, *story.ivan.faults, *story.abc.faults] == []
