"""A buyer, a factory and a manager exchange every kind of message, and all three see it on their pages.

The way to the conversation is walked over HTTP; what counts here is what the two phones and the open line show.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from sandbox.stack import BOT_NAME, Stack
from sandbox.story import Story
from sandbox.telegram.demo import ABC_DIRECTOR, IVAN
from sandbox.visitors import control
from tests.browser.test_story import PICTURES
from tests.browser.worlds import PATIENCE, PortalDesk, TelegramPhone
from tests.functional.stacks import running

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="  # a PNG of one pixel
KINDS: dict[str, tuple[dict[str, Any], str]] = {
    "photo": ({"photo": "sample", "caption": "ткань вблизи"}, "img.photo"),
    "voice": ({"voice": "sample"}, ".voice"),
    "video_note": ({"video_note": "sample"}, "video.round"),
    "sticker": ({"sticker": "sample"}, "img.sticker"),
    "video": ({"video": "sample", "caption": "цех"}, "video.photo"),
    "audio": ({"audio": "sample"}, "text=🎵"),
    "animation": ({"animation": "sample", "caption": "строчка крупно"}, "video[loop]"),
    "document": ({"document": {"text": "хлопок 180 г/м²", "name": "spec.txt"}, "caption": "спецификация"}, "text=.txt"),
}
WORDS: dict[str, tuple[dict[str, Any], str | re.Pattern[str]]] = {
    "text": ({"text": "Нужно <b>20 000</b> штук", "parse_mode": "HTML"}, "20 000"),
    "location": ({"location": {"latitude": 41.31108, "longitude": 69.24056}}, "41.31108"),
    "venue": (
        {"venue": {"latitude": 40.38421, "longitude": 71.78432, "title": "Цех №2", "address": "Фергана, Мустакиллик"}},
        re.compile("Цех №2.*Мустакиллик.*40\\.38421", re.DOTALL),
    ),
    "poll": (
        {"poll": {"question": "Какой цвет берём?", "options": ["Белый", "Чёрный"]}},
        re.compile("Какой цвет берём.*Белый.*Чёрный", re.DOTALL),
    ),
    "dice": ({"dice": "🎲"}, "🎲 4"),
}


class Exchange:
    """The three at their screens, once contact was allowed."""

    def __init__(self, browser: Browser, stack: Stack) -> None:
        self.stack = stack
        self.story = Story(stack)
        for _, chapter in self.story.chapters()[:9]:
            chapter()
        self.ivan = TelegramPhone(browser, stack.telegram_url, IVAN)
        self.abc = TelegramPhone(browser, stack.telegram_url, ABC_DIRECTOR, dark=True)
        self.manager = PortalDesk(browser, stack.portal_url)
        for phone in (self.ivan, self.abc):
            phone.open_chat(BOT_NAME)

    def send(self, person_id: int, act: str = "send", **body: Any) -> dict[str, Any]:
        """Let a person do something in the chat with the bot."""
        person = self.story.ivan if person_id == IVAN else self.story.abc
        return dict(person.act(act, **body))

    def line(self) -> Locator:
        """Give the operator's page of the dialogue."""
        self.manager.go("/online/")
        self.manager.page.locator(".dialog").first.click()
        return self.manager.page.locator("#messages")

    def operator(self, **said: Any) -> None:
        """Let the operator say something on the line."""
        (dialog,) = control("GET", f"{self.stack.portal_url}/sandbox/openlines")["dialogs"]
        control("POST", f"{self.stack.portal_url}/sandbox/openlines/{dialog['chat_id']}/say", {"user_id": 1, **said})

    def shows(self, phone: TelegramPhone, what: str) -> None:
        """Wait until a phone shows a thing that came in."""
        found = phone.page.locator(".message:not(.message--out)").locator(what)
        expect(found.first).to_be_attached(timeout=PATIENCE)

    def reads(self, phone: TelegramPhone, words: str | re.Pattern[str]) -> None:
        """Wait until a phone shows words that came in."""
        found = phone.page.locator(".message:not(.message--out)", has_text=words)
        expect(found.last).to_be_visible(timeout=PATIENCE)


def _both_ways(exchange: Exchange, say: Callable[[int], object], look: Callable[[TelegramPhone], object]) -> None:
    for person, reader in ((IVAN, exchange.abc), (ABC_DIRECTOR, exchange.ivan)):
        say(person)
        look(reader)


@pytest.mark.timeout(400)
def test_every_kind_reaches_all_three(browser: Browser, database_url: str) -> None:
    """What buyer and factory send is on each other's phone and on the operator's page; what the operator sends is on both phones."""
    with running(database_url) as stack:
        exchange = Exchange(browser, stack)
        for body, words in WORDS.values():
            _both_ways(
                exchange,
                partial(lambda b, who: exchange.send(who, **b), body),
                partial(lambda w, phone: exchange.reads(phone, w), words),
            )
        for body, what in KINDS.values():
            _both_ways(
                exchange,
                partial(lambda b, who: exchange.send(who, **b), body),
                partial(lambda w, phone: exchange.shows(phone, w), what),
            )
        said = exchange.send(IVAN, text="срок 30 дней")
        exchange.abc.read("срок 30 дней")
        exchange.send(IVAN, "edit", message_id=said["message_id"], text="срок 25 дней")
        exchange.abc.read("срок 25 дней")
        exchange.send(IVAN, contact={"phone_number": "+998901234567", "first_name": "Ivan"})
        exchange.ivan.read("онтакты скрыты")
        exchange.operator(text="Коллеги, образец согласуем", files=[["scheme.png", PIXEL]])
        exchange.operator(text="", files=[["terms.txt", base64.b64encode("условия".encode()).decode()]])
        for phone in (exchange.ivan, exchange.abc):
            phone.read("образец согласуем")
            phone.read(re.compile(r"terms\.txt"))
        expect(exchange.abc.page.locator(".message", has_text="901234567")).to_have_count(0)
        line = exchange.line()
        for words in (
            "20 000",
            "41.31108",
            "Цех №2",
            "Какой цвет берём",
            "🎲 4",
            "строчка крупно",
            "срок 25 дней",
            "спецификация",
            "образец согласуем",
        ):
            expect(line).to_contain_text(words, timeout=PATIENCE)
        expect(line.locator(".message__file").nth(2 * len(KINDS) - 1)).to_be_attached(timeout=PATIENCE)
        exchange.manager.picture(PICTURES / "exchange-open-line.png")
        exchange.ivan.picture(PICTURES / "exchange-buyer.png")
        exchange.abc.picture(PICTURES / "exchange-factory.png")
    assert [*exchange.manager.faults, *exchange.ivan.faults, *exchange.abc.faults] == []
