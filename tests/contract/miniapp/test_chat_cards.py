"""Cards of managers on the screen of a conversation: what each reader sees and can press."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from flask import Flask

from b24app.config import Settings
from b24app.services import invoice_links, meetings
from b24app.services.meetings import Wish
from storage.models import Conversation, Meeting, Person
from storage.unit_of_work import Transactions, UnitOfWork
from telegram_bridge import files_door
from telegram_bridge.current_bot import CurrentBot
from tests import factories
from tests.contract.miniapp.conftest import Visitor

Visit = Callable[[Person], Visitor]
INVOICE = {
    "number": "INV-7",
    "amount": "100",
    "currency": "EUR",
    "due_on": "2099-04-15",
    "purpose": "<b>Namunalar</b>",
    "address": "https://docs.example/i/7?a=1&b=2",
}


def test_an_invoice_is_read_in_ones_own_language(transactions: Transactions, visitor: Visit) -> None:
    """Both sides open the invoice from the chat, each in its language; what was typed as a tag stays words."""
    with transactions() as uow:
        talk, ivan, abc, _ = factories.conversation(uow)
        invoice_links.give(uow, talk, INVOICE, side="both", user_id="7", key="k", language="en")
    shown = [visitor(person).get(f"/app/chats/{talk.id}").text for person in (ivan, abc)]
    for page, words in zip(shown, ("Открыть счёт", "Invoysni ochish"), strict=True):
        assert words in page
        assert 'href="https://docs.example/i/7?a=1&amp;b=2"' in page
        assert "&lt;b&gt;Namunalar" in page


def test_an_invoice_for_the_other_side_is_not_shown(transactions: Transactions, visitor: Visit) -> None:
    """What a manager billed one side the other sees nothing of."""
    with transactions() as uow:
        talk, _, abc, _ = factories.conversation(uow)
        invoice_links.give(uow, talk, INVOICE, side="buyer", user_id="7", key="k", language="en")
    assert "INV-7" not in visitor(abc).get(f"/app/chats/{talk.id}").text


def _propose(uow: UnitOfWork, talk: Conversation, side: str = "both") -> Meeting:
    day = (datetime.now(UTC) + timedelta(days=3)).replace(tzinfo=None)
    times = [day.replace(hour=hour, minute=0, second=0, microsecond=0) for hour in (10, 12)]
    wish = Wish(
        subject="Образцы", link="https://meet.example/a", zone="Asia/Tashkent", minutes=30, locals=times, side=side
    )
    return meetings.propose(uow, talk, wish, user_id="7", key="press-1", language="en")


def _offered(page: str) -> list[tuple[str, str, str]]:
    """Give the presses that a page offers: meeting, time, words."""
    pattern = r'name="meeting_id" value="(\d+)"><input type="hidden" name="slot_id" value="(\d+)"><button[^>]*>([^<]*)<'
    return re.findall(pattern, page)


def test_both_agree_on_a_meeting_in_the_chat(transactions: Transactions, visitor: Visit, settings: Settings) -> None:
    """Each presses a time by his own clock and reads what came of it; the log on the other's screen changes, then both can join."""
    with transactions() as uow:
        talk, ivan, abc, _ = factories.conversation(uow)
        abc.zone = "Europe/Moscow"
        _propose(uow, talk)
    path = f"/app/chats/{talk.id}"
    offered = _offered(visitor(ivan).get(path).text)
    assert [words[-5:] for _, _, words in offered[:2]] == ["10:00", "12:00"]
    theirs = _offered(visitor(abc).get(path).text)
    assert ([words[-5:] for _, _, words in theirs[:2]], len(theirs)) == (["08:00", "10:00"], 3)
    meeting, slot, _ = offered[1]
    mark = visitor(abc).get(f"{path}/log").text.split("log?mark=")[1].split('"')[0]
    said = visitor(ivan).act("answer_meeting", meeting_id=meeting, slot_id=slot).get_json()
    assert "Ждём другую сторону" in said["toast"]
    assert "Boshqa tomon" in visitor(abc).get(f"{path}/log?mark={mark}").text
    assert "Kelishildi" in visitor(abc).act("answer_meeting", meeting_id=meeting, slot_id=slot).get_json()["toast"]
    page = visitor(ivan).get(path).text
    assert (_offered(page), 'href="https://meet.example/a"' in page) == ([], True)
    door = Flask("door")
    bot = CurrentBot(settings, transactions)
    door.register_blueprint(files_door.create_blueprint(settings=settings, transactions=transactions, bot=bot))
    [address] = set(re.findall(r'href="(/files/[^"]+)"', page))
    given = door.test_client().get(address)
    assert (given.mimetype, "SUMMARY:Образцы" in given.text) == ("text/calendar", True)
    assert given.headers["Content-Disposition"].startswith("attachment")


def test_a_side_that_was_not_asked_sees_no_meeting(transactions: Transactions, visitor: Visit) -> None:
    """Of a meeting with the buyer alone the factory's screen tells nothing, and its press finds nothing."""
    with transactions() as uow:
        talk, ivan, abc, _ = factories.conversation(uow)
        _propose(uow, talk, "buyer")
    assert "Образцы" not in visitor(abc).get(f"/app/chats/{talk.id}").text
    meeting, slot, _ = _offered(visitor(ivan).get(f"/app/chats/{talk.id}").text)[0]
    assert visitor(abc).act("answer_meeting", meeting_id=meeting, slot_id=slot).status_code == 404
