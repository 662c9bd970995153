"""Reports of an order in the chat with percent, words and a photo; answers of forms that are changed or taken out."""

from __future__ import annotations

import pytest

from b24app.errors import DomainError
from b24app.services import drafts, lot_changes, lot_checks, offers, orders, reviews, sent_files
from b24app.services.industries import pack
from storage.models import Draft, Lot, Order, OrderUpdate, Person
from storage.unit_of_work import UnitOfWork
from telegram_bridge.handlers import form_files, form_messages
from telegram_bridge.reply import Reply
from tests import factories
from tests.contract.telegram.test_boards import data_of, press
from tests.integration.services.outgoing import said_to

SEWING = orders.steps().index("sewing")


@pytest.fixture
def order(uow: UnitOfWork) -> tuple[Order, Person, Person]:
    """An order of Ivan that ABC makes."""
    ivan, _ = factories.buyer(uow)
    abc, _ = factories.factory(uow)
    offer = factories.offer(uow, abc, factories.lot(uow, ivan))
    offers.allow(uow, offer.id, "user/1")
    return offers.award(uow, ivan, offer.id), ivan, abc


def draft_of(uow: UnitOfWork, person: Person) -> Draft:
    """Give the only form that a person fills."""
    return uow.session.query(Draft).filter_by(person_id=person.id).one()


def test_a_step_is_reported_with_percent_words_and_a_photo(
    uow: UnitOfWork, order: tuple[Order, Person, Person]
) -> None:
    """The percent is typed and judged, words and a photo follow; the buyer sees the report, nobody else opens its form."""
    made, ivan, abc = order
    _, buttons = press(uow, abc, f"order:{made.id}:{SEWING}")
    assert f"fill:report{SEWING}:{made.id}" in data_of(buttons)
    text, _ = press(uow, abc, f"fill:report{SEWING}:{made.id}")
    assert "Tikish" in text
    form_messages.take(Reply(uow, 5, abc), "140")
    assert "100" in said_to(uow, abc.chat_id)[-1]
    form_messages.take(Reply(uow, 6, abc), "40")
    form_messages.take(Reply(uow, 7, abc), "Ikki smena ishlayapti")
    draft = draft_of(uow, abc)
    photo = sent_files.keep(uow, abc.id, sent_files.Fetched("b" * 64, 9, "image/jpeg", "sex.jpg"))
    coming = sent_files.expect(uow, draft, "photo", sent_files.Coming("T1", "sex.jpg", "", ""), update_id=8)
    form_files.file_came(Reply(uow, 8, abc), draft, coming, photo.id)
    sent_files.settle(uow, coming.id)
    press(uow, abc, f"form:{draft.id}:send")
    (told,) = uow.session.query(OrderUpdate)
    assert (told.step, told.percent, told.note, told.file_id) == ("sewing", 40, "Ikki smena ishlayapti", photo.id)
    assert (made.progress, made.percent) == ("sewing", 40)
    for person, place in ((ivan, SEWING), (abc, 0), (abc, 99)):
        with pytest.raises(DomainError):
            press(uow, person, f"fill:report{place}:{made.id}")


def test_an_answer_of_a_published_lot_is_taken_out(uow: UnitOfWork) -> None:
    """What may be left out has a button that leaves it empty; what is required has none and cannot be emptied."""
    ivan, _ = factories.buyer(uow)
    lot = factories.lot(uow, ivan, packaging="По 10 штук")
    lot_checks.keep_unmoderated(uow, ["tshirts"], "user/1")
    codes = [question.code for question in pack().forms["lot"].questions]
    _, buttons = press(uow, ivan, f"fill:change{codes.index('packaging')}:{lot.id}")
    draft = draft_of(uow, ivan)
    assert f"pick:{draft.id}:0:0" in data_of(buttons)
    press(uow, ivan, f"pick:{draft.id}:0:0")
    press(uow, ivan, f"form:{draft.id}:send")
    assert (lot.version, "packaging" in lot.fields) == (2, False)
    _, buttons = press(uow, ivan, f"fill:change{codes.index('place')}:{lot.id}")
    draft = draft_of(uow, ivan)
    assert f"pick:{draft.id}:0:0" not in data_of(buttons)
    with pytest.raises(DomainError):
        press(uow, ivan, f"pick:{draft.id}:0:0")


def test_any_answer_is_asked_once_more_before_a_form_is_sent(uow: UnitOfWork) -> None:
    """From the summary one answer is opened, changed or taken out, and the summary comes back with no other question asked."""
    ivan, _ = factories.buyer(uow)
    answers = factories.lot_answers(uow.now.date(), packaging="По 10 штук")
    draft = drafts.save(uow, ivan, "lot", answers, "review")
    codes = [question.code for question in pack().forms["lot"].questions]
    _, buttons = press(uow, ivan, f"form:{draft.id}:change")
    place, packaging = codes.index("place"), codes.index("packaging")
    assert {f"form:{draft.id}:q{place}", f"form:{draft.id}:q{packaging}"} <= set(data_of(buttons))
    press(uow, ivan, f"form:{draft.id}:q{place}")
    form_messages.take(Reply(uow, 5, ivan), "Термез")
    assert (draft.answers["place"], draft.step) == ("Термез", "review")
    _, buttons = press(uow, ivan, f"form:{draft.id}:q{packaging}")
    (empty,) = [data for data in data_of(buttons) if data.startswith("pick:") and data.endswith(":0")]
    press(uow, ivan, empty)
    assert ("packaging" in draft.answers, draft.step) == (False, "review")
    press(uow, ivan, f"form:{draft.id}:send")
    lot = uow.session.query(Lot).one()
    assert (lot.fields["place"], "packaging" in lot.fields) == ("Термез", False)


def test_a_returned_change_is_mended_in_the_chat(uow: UnitOfWork) -> None:
    """The reason stands above the question, and what is sent anew waits again."""
    ivan, _ = factories.buyer(uow)
    lot = factories.lot(uow, ivan)
    lot_changes.revise(uow, ivan, lot.id, {"place": "Порт"}, ["place"])
    lot_changes.send_back(uow, lot.id, [{"field": "place", "reason": "Какой терминал?"}], "user/1")
    place = [question.code for question in pack().forms["lot"].questions].index("place")
    text, _ = press(uow, ivan, f"fill:change{place}:{lot.id}")
    assert ("Какой терминал?" in text, "Порт" in text) == (True, True)
    form_messages.take(Reply(uow, 5, ivan), "Порт, терминал 3")
    press(uow, ivan, f"form:{draft_of(uow, ivan).id}:send")
    assert (lot.revision["place"], lot.corrections) == ("Порт, терминал 3", [])


def test_a_review_gets_its_words_in_the_chat(uow: UnitOfWork, order: tuple[Order, Person, Person]) -> None:
    """After the stars the words are typed; without stars, or by others, there is no such form."""
    made, ivan, abc = order
    for step in orders.steps():
        orders.report(uow, abc, made.id, step=step)
    with pytest.raises(DomainError):
        press(uow, ivan, f"fill:review:{made.id}")
    _, buttons = press(uow, ivan, f"review:{made.id}:4")
    assert f"fill:review:{made.id}" in data_of(buttons)
    press(uow, ivan, f"fill:review:{made.id}")
    form_messages.take(Reply(uow, 5, ivan), "Ровные швы, сдали вовремя")
    press(uow, ivan, f"form:{draft_of(uow, ivan).id}:send")
    (given,) = reviews.of_order(uow, made.id)
    assert (given.stars, given.text, given.state) == (4, "Ровные швы, сдали вовремя", "submitted")
    anna, _ = factories.buyer(uow, "1002", company="Other")
    with pytest.raises(DomainError):
        press(uow, anna, f"fill:review:{made.id}")
