"""Edits of messages that answered the questions of a form in the chat."""

from __future__ import annotations

from b24app.services import sent_files
from storage.models import Person
from storage.unit_of_work import UnitOfWork
from telegram_bridge.content import Content
from telegram_bridge.handlers import form_files
from telegram_bridge.reply import Reply
from telegram_bridge.updates import handle
from tests import factories
from tests.contract.telegram.test_boards import data_of, press
from tests.contract.telegram.test_filling import WRITTEN, returned_company, returned_factory, waiting_draft
from tests.integration.services.outgoing import said_to, sent


def edit(uow: UnitOfWork, person: Person, number: int, text: str, *, kind: str = "edited_message") -> str:
    """Write a message, or edit it, as Telegram hands that over; answers what was said last."""
    sender = {"id": int(person.telegram_id), "is_bot": False, "first_name": "A"}
    message = {"message_id": number, "date": 1772443800, "from": sender, "text": text}
    message["chat"] = {"id": int(person.chat_id), "type": "private"}
    handle(uow, {"update_id": 10_000 + len(sent(uow)), kind: message})
    return said_to(uow, person.chat_id)[-1]


def test_an_edited_message_corrects_its_answer(uow: UnitOfWork) -> None:
    """It changes the answer it gave and never the next one; a wrong correction leaves both, what was begun anew is not changed."""
    ivan, _ = factories.buyer(uow)
    press(uow, ivan, "fill:lot:0")
    edit(uow, ivan, 11, WRITTEN["long_text"], kind="message")
    draft = waiting_draft(uow, ivan)
    waits = draft.step
    assert edit(uow, ivan, 11, "Plain cotton T-shirts, 160 g/m2, sizes S-XL") in said_to(uow, ivan.chat_id)
    assert (draft.answers["product"], draft.step) == ("Plain cotton T-shirts, 160 g/m2, sizes S-XL", waits)
    assert "остаётся" in edit(uow, ivan, 11, "short")
    assert (list(draft.answers), draft.answers["product"][:5]) == (["product"], "Plain")
    press(uow, ivan, f"form:{draft.id}:anew")
    assert "остаётся" in edit(uow, ivan, 11, WRITTEN["long_text"])
    assert draft.answers == {}


def test_a_changed_caption_of_an_answer_goes_to_nobody(uow: UnitOfWork) -> None:
    """Editing what stands under a file that answered a question is told to change nothing, and is no message of a conversation."""
    abc, _ = returned_factory(uow, "logo")
    press(uow, abc, "fill:mend:0")
    assert form_files.take_file(Reply(uow, 7, abc), Content("document", telegram_file_id="x"), message_id=11)
    assert "avvalgidek" in edit(uow, abc, 11, "")
    assert len(sent_files.waiting(uow)) == 1


def test_an_answer_that_was_sent_is_not_corrected(uow: UnitOfWork) -> None:
    """Once the form is sent an edit of its message is neither a correction nor a message to anybody, and its author is told."""
    ivan, company = returned_company(uow, "position")
    press(uow, ivan, "fill:mend:0")
    edit(uow, ivan, 11, "Директор", kind="message")
    shown = sent(uow, "SendConversationMessage", chat_id=ivan.chat_id)[-1]
    assert "Владелец" in edit(uow, ivan, 11, "Владелец")
    press(uow, ivan, next(one for one in data_of(shown.buttons) if one.endswith(":send")))
    assert "остаётся" in edit(uow, ivan, 11, "Закупщик")
    assert company.answers["position"] == "Владелец"
