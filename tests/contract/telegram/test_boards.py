"""Lots, offers and orders by buttons in the chat, for whoever cannot open the Mini App."""

from __future__ import annotations

from typing import Any

import pytest

from b24app.errors import DomainError, NotFound
from b24app.services import clean_copies, drafts, offers, people, sent_files
from storage.models import File, Lot, Offer, Person
from storage.unit_of_work import UnitOfWork
from telegram_bridge.handlers import boards, callbacks, commands
from telegram_bridge.reply import Reply
from telegram_bridge.updates import handle
from tests import factories
from tests.integration.services.outgoing import said_to, sent

LONGEST_DATA = 64


def press(uow: UnitOfWork, person: Person, data: str) -> tuple[str, list[list[dict[str, str]]]]:
    """Press a button of a message; answers what it leads to."""
    word, *arguments = data.split(":")
    shown = callbacks._act(Reply(uow, 1, person), word, arguments)
    return (shown, []) if isinstance(shown, str) else shown


def data_of(buttons: list[list[dict[str, str]]]) -> list[str]:
    """Give what the buttons that stay in the chat carry."""
    return [button["data"] for row in buttons for button in row if "data" in button]


@pytest.fixture
def offered(uow: UnitOfWork) -> tuple[Person, Person, Lot, Offer]:
    """Ivan's lot with an offer of ABC Textiles that was let through."""
    ivan, _ = factories.buyer(uow)
    abc, _ = factories.factory(uow)
    lot = factories.lot(uow, ivan)
    offer = factories.offer(uow, abc, lot)
    offers.allow(uow, offer.id, "user/1")
    return ivan, abc, lot, offer


def test_a_buyer_compares_and_chooses_in_the_chat(uow: UnitOfWork, offered: tuple[Person, Person, Lot, Offer]) -> None:
    """From /lots by presses alone to the award, every button short enough for Telegram."""
    ivan, _, lot, offer = offered
    _, buttons = commands.ANSWERS["lots"](Reply(uow, 1, ivan))
    assert f"lot:{lot.id}:offers" in data_of(buttons)
    text, buttons = press(uow, ivan, f"lot:{lot.id}:offers")
    assert ("ABC Textiles" in text, f"offer:{offer.id}:award" in data_of(buttons)) == (True, True)
    assert all(len(data) <= LONGEST_DATA for data in data_of(buttons))
    press(uow, ivan, f"offer:{offer.id}:award")
    press(uow, ivan, f"offer:{offer.id}:award_yes")
    assert offer.state == "awarded"


def test_a_factory_reads_lots_and_reports_in_the_chat(
    uow: UnitOfWork, offered: tuple[Person, Person, Lot, Offer]
) -> None:
    """A lot is read without its buyer; a step is reported after a question, and what lies behind is offered no more."""
    ivan, abc, lot, offer = offered
    _, buttons = commands.ANSWERS["lots"](Reply(uow, 1, abc))
    assert f"lot:{lot.id}:read" in data_of(buttons)
    text, _ = press(uow, abc, f"lot:{lot.id}:read")
    assert ("FOB" in text, "Northern Style" in text) == (True, False)
    order = offers.award(uow, ivan, offer.id)
    _, buttons = commands.ANSWERS["orders"](Reply(uow, 1, abc))
    assert f"order:{order.id}:show" in data_of(buttons)
    question, buttons = press(uow, abc, f"order:{order.id}:1")
    assert (order.progress, data_of(buttons)) == ("", [f"order:{order.id}:1_yes", f"fill:report1:{order.id}"])
    assert "?" in question
    _, buttons = press(uow, abc, f"order:{order.id}:1_yes")
    assert (order.progress, f"order:{order.id}:0" in data_of(buttons)) == ("cutting", False)


def test_a_factory_gets_the_cleaned_files_of_a_lot(uow: UnitOfWork, offered: tuple[Person, Person, Lot, Offer]) -> None:
    """The button under a lot sends its copies and never an original; a file still being checked is told of; a buyer gets none."""
    ivan, abc, lot, _ = offered
    originals = [
        sent_files.keep(uow, ivan.id, sent_files.Fetched(sign * 64, 9, "application/pdf", "Northern Style.pdf"))
        for sign in "ab"
    ]
    lot.fields = {**lot.fields, "files": [file.id for file in originals]}
    clean_copies.expect(uow, lot.fields["files"], f"lot/{lot.id}")
    _, buttons = press(uow, abc, f"lot:{lot.id}:read")
    assert f"lot:{lot.id}:files" not in data_of(buttons)
    clean_copies.ready(uow, originals[0].id, "c" * 64, 8)
    _, buttons = press(uow, abc, f"lot:{lot.id}:read")
    assert f"lot:{lot.id}:files" in data_of(buttons)
    sender = {"id": int(abc.telegram_id), "is_bot": False, "first_name": "A"}
    pressed = {"id": "1", "from": sender, "chat_instance": "1", "data": f"lot:{lot.id}:files"}
    handle(uow, {"update_id": 5, "callback_query": pressed})
    files = [uow.session.get_one(File, one.file_id) for one in sent(uow, "SendChatFile", chat_id=abc.chat_id)]
    assert [(file.owner, file.sha256) for file in files] == [(f"clean/{originals[0].id}", "c" * 64)]
    assert "tekshir" in sent(uow, "AnswerCallback")[-1].text
    with pytest.raises(NotFound):
        boards.files_of_lot(Reply(uow, 6, ivan), lot.id)


@pytest.mark.parametrize("action", ["show", "1", "1_yes"])
def test_anothers_order_does_not_exist_in_the_chat(
    action: str, uow: UnitOfWork, offered: tuple[Person, Person, Lot, Offer]
) -> None:
    """Whoever types the data of a button by hand finds nothing that is not theirs, and a buyer reports no step."""
    ivan, _, lot, offer = offered
    order = offers.award(uow, ivan, offer.id)
    stranger, _ = factories.factory(uow, "2002", company="Other factory")
    with pytest.raises(NotFound):
        boards.order(Reply(uow, 1, stranger), str(order.id), action)
    with pytest.raises(NotFound):
        boards.offers_of_lot(Reply(uow, 1, stranger), lot.id)
    if action == "1_yes":
        with pytest.raises(DomainError):
            boards.order(Reply(uow, 1, ivan), str(order.id), action)
    assert order.progress == ""


def test_a_place_sent_to_the_bot_goes_into_the_questionnaire(uow: UnitOfWork) -> None:
    """Before the questionnaire is handed in a location answers its point on the map; a buyer's asks for none."""

    def send(person: Person, update_id: int) -> None:
        sender = {"id": int(person.telegram_id), "is_bot": False, "first_name": "A"}
        message: dict[str, Any] = {"message_id": 1, "date": 1772443800, "from": sender}
        message |= {"chat": {"id": int(person.chat_id), "type": "private"}}
        message |= {"location": {"latitude": 41.311081, "longitude": 69.240562}}
        handle(uow, {"update_id": update_id, "message": message})

    abc, ivan = factories.person(uow, "1", role="factory"), factories.person(uow, "2")
    for update_id, person in enumerate((abc, ivan), 1):
        send(people.find(uow, person.telegram_id) or person, update_id)
    draft = drafts.load(uow, abc, "factory")
    assert draft is not None
    assert {"lat": "41.311081", "lon": "69.240562"} in draft.answers.values()
    assert drafts.load(uow, ivan, "buyer") is None
    assert any("карте" in text for text in said_to(uow, "1"))


def test_a_factory_sees_and_withdraws_its_offers_in_the_chat(
    uow: UnitOfWork, offered: tuple[Person, Person, Lot, Offer]
) -> None:
    """From the menu by presses alone to the withdrawn offer; what cannot be done any more is not offered, another's is not there."""
    _, abc, lot, offer = offered
    _, buttons = commands.ANSWERS["menu"](Reply(uow, 1, abc))
    assert {"menu:lots", "menu:offers"} <= set(data_of(buttons))
    _, buttons = press(uow, abc, "menu:offers")
    assert f"offer:{offer.id}:show" in data_of(buttons)
    lot.version += 1
    text, buttons = press(uow, abc, f"offer:{offer.id}:show")
    assert all(part in text for part in (str(lot.number), "Xaridorga", "45 kun"))
    assert {f"offer:{offer.id}:confirm", f"offer:{offer.id}:withdraw"} <= set(data_of(buttons))
    assert f"fill:offer:{lot.id}" not in data_of(buttons)
    stranger, _ = factories.factory(uow, "2002", company="Other factory")
    with pytest.raises(NotFound):
        press(uow, stranger, f"offer:{offer.id}:show")
    press(uow, abc, f"offer:{offer.id}:withdraw")
    press(uow, abc, f"offer:{offer.id}:withdraw_yes")
    _, buttons = press(uow, abc, f"offer:{offer.id}:show")
    assert (offer.state, f"offer:{offer.id}:withdraw" in data_of(buttons)) == ("withdrawn", False)


def test_a_buyer_unlists_and_cancels_in_the_chat(uow: UnitOfWork, offered: tuple[Person, Person, Lot, Offer]) -> None:
    """A star is taken back where it was given; a lot is cancelled after being asked once more, and a closed one no more."""
    ivan, _, lot, offer = offered
    for mark, listed in (("shortlist", True), ("unshortlist", False)):
        _, buttons = press(uow, ivan, f"lot:{lot.id}:offers")
        assert f"offer:{offer.id}:{mark}" in data_of(buttons)
        press(uow, ivan, f"offer:{offer.id}:{mark}")
        assert offer.shortlisted is listed
    assert f"lot:{lot.id}:cancel" in data_of(press(uow, ivan, f"lot:{lot.id}:offers")[1])
    press(uow, ivan, f"lot:{lot.id}:cancel")
    assert lot.state == "published"
    press(uow, ivan, f"lot:{lot.id}:cancel_yes")
    assert (lot.state, lot.outcome) == ("closed", "cancelled")
    assert f"lot:{lot.id}:cancel" not in data_of(press(uow, ivan, f"lot:{lot.id}:offers")[1])
