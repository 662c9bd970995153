"""A buyer, a factory and a manager exchange every kind of message, and all three see it on their pages.

The way to the conversation is walked over HTTP; what counts here is what the two phones and the open line show.
"""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from sandbox.stack import BOT_NAME, Stack
from sandbox.story import Story
from sandbox.telegram.demo import ABC_DIRECTOR, IVAN
from sandbox.traffic import faults_in
from sandbox.visitors import control, until
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


JOIN = "https://meet.example/samples"
INVOICE = {
    "number": "INV-7",
    "amount": "1250.50",
    "currency": "USD",
    "due_on": "2099-04-15",
    "purpose": "Образцы",
    "address": "https://docs.example/i/7",
    "side": "buyer",
    "key": "invoice-from-the-tab",
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

    def operator(self, act: str = "say", **said: Any) -> dict[str, Any]:
        """Let the operator say, edit or delete something on the line; answers the message."""
        chat_id = self._dialog()["chat_id"]
        lines = f"{self.stack.portal_url}/sandbox/openlines"
        return dict(control("POST", f"{lines}/{chat_id}/{act}", {"user_id": 1, **said})["result"])

    def is_delivered(self, message_id: str) -> bool:
        """Tell whether the operator sees a message marked as delivered: from then on the portal tells of its changes."""
        return any(one["id"] == message_id and one["outside_ids"] for one in self._dialog()["messages"])

    def _dialog(self) -> dict[str, Any]:
        (dialog,) = control("GET", f"{self.stack.portal_url}/sandbox/openlines")["dialogs"]
        return dict(dialog)

    def shows(self, phone: TelegramPhone, what: str) -> None:
        """Wait until a phone shows a thing that came in."""
        found = phone.page.locator(".message:not(.message--out)").locator(what)
        expect(found.first).to_be_attached(timeout=PATIENCE)

    def reads(self, phone: TelegramPhone, words: str | re.Pattern[str]) -> None:
        """Wait until a phone shows words that came in."""
        found = phone.page.locator(".message:not(.message--out)", has_text=words)
        expect(found.last).to_be_visible(timeout=PATIENCE)


def _everything(exchange: Exchange) -> None:
    """Send every kind both ways at once, as two people who write at the same time, then look at both phones."""
    for body, _ in [*WORDS.values(), *KINDS.values()]:
        for person in (IVAN, ABC_DIRECTOR):
            exchange.send(person, **body)
    for reader in (exchange.abc, exchange.ivan):
        for _, words in WORDS.values():
            exchange.reads(reader, words)
        for _, what in KINDS.values():
            exchange.shows(reader, what)


def _albums(exchange: Exchange) -> None:
    """An album comes as an album: its pieces one after the other, with its words under the first."""
    for person, reader in ((IVAN, exchange.abc), (ABC_DIRECTOR, exchange.ivan)):
        pieces = [{"photo": "sample", "caption": f"альбом {person}"}, {"photo": "sample"}, {"photo": "sample"}]
        exchange.send(person, album=pieces)
        first = reader.read(f"альбом {person}")
        pair = first.locator("xpath=following-sibling::article[position()<=2]//img[contains(@class,'photo')]")
        expect(pair).to_have_count(2, timeout=PATIENCE)


def _answers(exchange: Exchange) -> None:
    """A reply quotes the message in the other chat too, a reaction stands under it, a forward tells nobody's name."""
    asked = exchange.send(IVAN, text="Какой срок? Нужно до мая")
    exchange.abc.read("Нужно до мая")
    copy = exchange.story.abc.wait_for("Нужно до мая")
    exchange.send(ABC_DIRECTOR, text="Двадцать дней", reply_to=copy["message_id"], quote="Какой срок?")
    answer = exchange.ivan.read("Двадцать дней")
    expect(answer.locator(".quoted")).to_have_text(re.compile("Какой срок\\?$"), timeout=PATIENCE)
    exchange.send(ABC_DIRECTOR, "react", message_id=copy["message_id"], emoji="👍")
    own = exchange.ivan.page.locator(f'.message[data-id="{asked["message_id"]}"]')
    expect(own.locator(".reaction")).to_contain_text("👍", timeout=PATIENCE)
    exchange.send(IVAN, forward_from={"message_id": asked["message_id"]})
    forwarded = exchange.abc.page.locator(".message:not(.message--out)", has_text="Нужно до мая")
    expect(forwarded).to_have_count(2, timeout=PATIENCE)
    expect(forwarded.last).not_to_contain_text("Forwarded from")


def _changes(exchange: Exchange) -> None:
    """An edit changes the copy, and a contact card is kept back."""
    said = exchange.send(IVAN, text="срок 30 дней")
    exchange.abc.read("срок 30 дней")
    exchange.send(IVAN, "edit", message_id=said["message_id"], text="срок 25 дней")
    exchange.abc.read("срок 25 дней")
    exchange.send(IVAN, contact={"phone_number": "+998901234567", "first_name": "Ivan"})
    exchange.ivan.read("онтакты скрыты")
    expect(exchange.abc.page.locator(".message", has_text="901234567")).to_have_count(0)


def _operator(exchange: Exchange) -> None:
    """What the operator says, attaches, changes and takes back follows on both phones."""
    phones = (exchange.ivan, exchange.abc)
    exchange.operator(text="Коллеги, образец согласуем", files=[["scheme.png", PIXEL]])
    exchange.operator(text="", files=[["terms.txt", base64.b64encode("условия".encode()).decode()]])
    for phone in phones:
        expect(phone.read("образец согласуем").locator("img.photo")).to_be_attached(timeout=PATIENCE)
    slip = exchange.operator(text="Цена 9 долларов")
    wrong = exchange.operator(text="Это не сюда")
    for phone in phones:
        for words in ("образец согласуем", re.compile(r"terms\.txt"), "Цена 9 долларов", "Это не сюда"):
            phone.read(words)
    for said in (slip, wrong):
        until("the mark of delivery", partial(exchange.is_delivered, said["id"]))
    exchange.operator("edit", message_id=slip["id"], text="Цена 3 доллара")
    exchange.operator("delete", message_id=wrong["id"])
    for phone in phones:
        phone.read("Цена 3 доллара")
        expect(phone.page.locator(".message", has_text="Это не сюда")).to_have_count(0, timeout=PATIENCE)


def _manager(exchange: Exchange) -> None:
    """What the manager writes and sends on the deal's tab reaches the phones, and the colleagues on the line."""
    frame = exchange.story.manager.open("CRM_DEAL_DETAIL_TAB", ID=exchange.story.deal_id)
    (conversation_id, *_) = re.findall(
        r'name="conversation_id" value="(\d+)"', frame.get("/placements/part/transcript").text
    )
    told = {"conversation_id": conversation_id, "text": "Пишу с вкладки сделки", "side": "both", "key": "from-the-tab"}
    assert frame.post("/placements/act/say", told).status == 200
    card = {"conversation_id": conversation_id, "card": "lot", "key": "lot-from-the-tab"}
    assert frame.post("/placements/act/send_card", card).status == 200
    for phone in (exchange.ivan, exchange.abc):
        phone.read("Пишу с вкладки сделки")
    expect(exchange.ivan.page.locator(".key", has_text="Открыть лот").last).to_be_visible(timeout=PATIENCE)
    expect(exchange.abc.page.locator(".key", has_text="Lotni ochish").last).to_be_visible(timeout=PATIENCE)


def _offers(exchange: Exchange) -> None:
    """An invoice opens from the buyer's chat; the time of a meeting that both press stands in the manager's calendar, then is withdrawn."""
    story = exchange.story
    frame = story.manager.open("CRM_DEAL_DETAIL_TAB", ID=story.deal_id)
    (talk, *_) = re.findall(r'name="conversation_id" value="(\d+)"', frame.get("/placements/part/transcript").text)
    assert frame.post("/placements/act/send_invoice", {"conversation_id": talk, **INVOICE}).status == 200
    day = (datetime.now(UTC) + timedelta(days=3)).date()
    wish = {"subject": "Обсуждение образцов", "slot.1": f"{day}T15:00", "slot.2": f"{day}T17:00", "link": JOIN}
    given = {"zone": "Asia/Tashkent", "minutes": "60", "side": "both", "key": "meeting-from-the-tab"}
    assert frame.post("/placements/act/propose_meeting", {"conversation_id": talk, **wish, **given}).status == 200
    expect(exchange.ivan.page.locator(".key", has_text="Открыть счёт").last).to_be_visible(timeout=PATIENCE)
    for person in (story.ivan, story.abc):
        card = person.wait_for("Обсуждение образцов")
        (time,) = [
            button["text"]
            for row in card["reply_markup"]["inline_keyboard"]
            for button in row
            if "17:00" in button["text"]
        ]
        person.press(card, time)
    exchange.ivan.read("Договорились")
    for phone in (exchange.ivan, exchange.abc):
        expect(phone.page.locator(".message", has_text="meeting.ics").last).to_be_visible(timeout=PATIENCE)

    def events() -> list[Any]:
        window = {"from": str(day - timedelta(days=1)), "to": str(day + timedelta(days=2))}
        return [
            one
            for one in story.manager.rest("calendar.event.get", type="user", ownerId=1, **window)
            if JOIN in one["LOCATION"]
        ]

    (event,) = until("the event in the manager's calendar", events)
    assert event["DT_LENGTH"] == 3600
    page = frame.get("/placements/part/transcript").text
    (meeting,) = set(re.findall(r'"meeting_id": (\d+)', page))
    assert (
        frame.post("/placements/act/withdraw_meeting", {"conversation_id": talk, "meeting_id": meeting}).status == 200
    )
    exchange.ivan.read("Менеджер отменил эту встречу")
    until("the calendar without the event", lambda: not events())


ON_THE_LINE = (
    "20 000",
    "41.31108",
    "Цех №2",
    "Какой цвет берём",
    "🎲 4",
    "строчка крупно",
    "альбом",
    "Двадцать дней",
    "срок 25 дней",
    "901234567",
    "спецификация",
    "образец согласуем",
    "Цена 3 доллара",
    "Пишу с вкладки сделки",
    "INV-7",
    "Обсуждение образцов",
)


FILES_ON_THE_LINE = {
    "photo": "img[alt='photo.jpg']",
    "sticker": "img[alt='sticker.webp']",
    "voice": ".message__file:has-text('voice.ogg')",
    "video_note": ".message__file:has-text('video_note.mp4')",
    "video": ".message__file:has-text('video.mp4')",
    "audio": ".message__file:has-text('audio.mp3')",
    "animation": ".message__file:has-text('animation.mp4')",
    "document": ".message__file:has-text('spec.txt')",
}


@pytest.mark.long
@pytest.mark.timeout(400)
def test_every_kind_reaches_all_three(browser: Browser, database_url: str, tmp_path: Path) -> None:
    """What each of the three sends is on the pages of the others, and every call that carried it is documented."""
    with running(database_url, record=tmp_path) as stack:
        exchange = Exchange(browser, stack)
        for scene in (_everything, _albums, _answers, _changes, _operator, _manager, _offers):
            scene(exchange)
        line = exchange.line()
        for words in ON_THE_LINE:
            expect(line).to_contain_text(words, timeout=PATIENCE)
        for kind in KINDS:
            # Each of both people sent one; by its name the portal tells a picture from other files.
            expect(line.locator(FILES_ON_THE_LINE[kind]).nth(1)).to_be_attached(timeout=PATIENCE)
        exchange.manager.picture(PICTURES / "exchange-open-line.png")
        exchange.ivan.picture(PICTURES / "exchange-buyer.png")
        exchange.abc.picture(PICTURES / "exchange-factory.png")
    assert [fault for world in ("portal", "telegram") for fault in faults_in(tmp_path / f"{world}.jsonl")] == []
    assert [*exchange.manager.faults, *exchange.ivan.faults, *exchange.abc.faults] == []
