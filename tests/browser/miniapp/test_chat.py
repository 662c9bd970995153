"""Talking on a phone: words appear at once, are never lost and never said twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from b24app.services import invoice_links, meetings, offers
from b24app.services.meetings import Wish
from storage.models import Conversation, Message
from tests import factories
from tests.browser.miniapp.conftest import Site
from tests.browser.miniapp.phones import ABC, IVAN, Phone

Open = Callable[..., Phone]
INVOICE = {
    "number": "INV-2026/77",
    "amount": "12500.50",
    "currency": "USD",
    "due_on": "2099-04-15",
    "purpose": "Образцы и доставка до склада в Ташкенте",
    "address": "https://docs.example/invoices/77",
}


def talk(site: Site) -> str:
    """Open a conversation between Ivan and ABC Textiles; answers its screen's path."""
    with site.transactions() as uow:
        ivan, _ = factories.buyer(uow, str(IVAN["id"]))
        abc, _ = factories.factory(uow, str(ABC["id"]))
        offer = factories.offer(uow, abc, factories.lot(uow, ivan))
        return f"/app/chats/{offers.allow(uow, offer.id, 'user/1').id}"


def test_words_said_without_a_connection_are_sent_later_once(site: Site, phone: Open) -> None:
    """A message whose answer was lost stays on the screen, can be sent again by a tap, and arrives once."""
    path = talk(site)
    opened = phone(IVAN, path)
    opened.view("chat")
    # The server hears the message, the phone does not hear the answer.
    opened.page.route("**/app/act/say", lambda route: (route.fetch(), route.abort()), times=1)
    opened.app.locator("textarea").fill("Какая ткань?")
    opened.app.locator("textarea").press("Enter")
    waiting = opened.app.locator("#waiting .bubble.wrong")
    waiting.wait_for()
    waiting.click()
    opened.app.locator("#log .bubble.mine", has_text="Какая ткань?").wait_for()
    waiting.wait_for(state="detached")
    with site.transactions() as uow:
        assert [message.text for message in uow.session.scalars(select(Message))] == ["Какая ткань?"]


def test_the_other_sides_words_arrive_by_themselves(site: Site, phone: Open) -> None:
    """What the factory says appears on the buyer's open screen without touching it."""
    path = talk(site)
    reader, speaker = phone(IVAN, path), phone(ABC, path)
    reader.view("chat")
    speaker.app.locator("textarea").fill("100% paxta")
    speaker.app.locator(".composer button").click()
    expect(reader.app.locator("#log .bubble", has_text="100% paxta")).to_be_visible()


def test_a_file_is_sent_from_the_chat(site: Site, phone: Open, tmp_path: Path) -> None:
    """A chosen picture goes at once and stands in the history."""
    with site.transactions() as uow:
        ivan, _ = factories.buyer(uow, str(IVAN["id"]))
        abc, _ = factories.factory(uow, str(ABC["id"]))
        thread = offers.allow(uow, factories.offer(uow, abc, factories.lot(uow, ivan)).id, "user/1")
    picture = tmp_path / "sample.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    opened = phone(IVAN, f"/app/chats/{thread.id}", width=320)
    opened.view("chat").locator("[data-chat-file]").set_input_files(picture)
    opened.app.locator("#log .bubble.mine .attachment").wait_for()
    opened.picture("chat-file")
    assert opened.overflow() == 0


@pytest.mark.parametrize("dark", [False, True])
def test_both_agree_on_a_meeting(site: Site, phone: Open, dark: bool) -> None:
    """Each presses the same time on his own screen; the second press turns the buttons of both into those for joining."""
    path = talk(site)
    with site.transactions() as uow:
        thread = uow.session.scalars(select(Conversation)).one()
        day = (uow.now + timedelta(days=3)).replace(tzinfo=None, hour=9, minute=0, second=0, microsecond=0)
        times = [day, day.replace(hour=11)]
        given: dict[str, Any] = {
            "subject": "Образцы и сроки",
            "link": "https://meet.example/a",
            "zone": "Asia/Tashkent",
        }
        wish = Wish(**given, minutes=30, locals=times, side="both")
        meetings.propose(uow, thread, wish, user_id="7", key="press-1", language="ru")
        invoice_links.give(uow, thread, INVOICE, side="buyer", user_id="7", key="press-2", language="ru")
    buyer, factory = phone(IVAN, path, dark=dark, width=320), phone(ABC, path, dark=not dark)
    buyer.view("chat")
    buyer.picture(f"chat-meeting-proposed-{'dark' if dark else 'light'}")
    buyer.app.locator(".bubble form button").nth(1).click()
    expect(factory.app.locator("#log")).to_contain_text("Boshqa tomon")
    factory.picture(f"chat-meeting-chosen-{'light' if dark else 'dark'}")
    factory.app.locator(".bubble form button").nth(1).click()
    expect(buyer.app.locator(".bubble a[href='https://meet.example/a']")).to_have_count(2)
    expect(buyer.app.locator(".bubble form")).to_have_count(0)
    buyer.picture(f"chat-meeting-agreed-{'dark' if dark else 'light'}")
    assert buyer.overflow() == 0
