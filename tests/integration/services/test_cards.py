"""Cards of what waits for an employee: shown, decided once, closed wherever the decision is taken."""

from __future__ import annotations

from datetime import timedelta

import pytest

from b24app.errors import InvalidState, NotAllowed
from b24app.services import cards, companies, enquiries, message_changes, message_files, staff
from b24app.services import settings as stored
from storage.models import Company, Message, Person
from storage.unit_of_work import UnitOfWork
from tests import factories
from tests.integration.services.outgoing import said_to, sent
from tests.integration.services.test_messages import say


@pytest.fixture
def held(uow: UnitOfWork) -> Message:
    """A document that nobody could search for contacts, in a conversation about a lot."""
    conversation, ivan, _, _ = factories.conversation(uow)
    message = say(uow, ivan, conversation, "Спецификация", 1, kind="document", telegram_file_id="DOC")
    message.file_state = "cleaning"
    message_files.held(uow, message.id, "locked")
    factories.managers(uow, "5", "6")
    return message


@pytest.fixture
def asking(uow: UnitOfWork) -> tuple[Person, Company]:
    """A buyer who asked for the catalogue."""
    person, company = factories.buyer(uow)
    enquiries.ask_for_access(uow, person, company)
    factories.managers(uow, "5", "6")
    return person, company


def shown(uow: UnitOfWork, card: str) -> list[bool]:
    """Give whether each showing of a card closed it, in order."""
    return [one.closed for one in sent(uow, "ShowCard", card=card)]


def test_a_held_file_is_released_from_its_card(uow: UnitOfWork, held: Message) -> None:
    """The card says why the file waits; one press carries it on and closes the card, the second is told who pressed."""
    card = f"message/{held.id}"
    (asked,) = sent(uow, "ShowCard", card=card)
    assert "документ защищён паролем" in str(asked.rows)
    assert "получит файл" in cards.act(uow, card, "release", "user/5")
    assert (held.hidden, shown(uow, card)) == (False, [False, True])
    assert "#5" in cards.act(uow, card, "keep", "user/6")


def test_a_held_file_is_left_hidden_from_its_card(uow: UnitOfWork, held: Message) -> None:
    """Nothing goes to the other side, the card closes, and the file can still be shown from the tab."""
    card = f"message/{held.id}"
    cards.act(uow, card, "keep", "user/5")
    assert (held.hidden, shown(uow, card)) == (True, [False, True])
    message_changes.release(uow, held.id, "user/6")
    assert held.hidden is False


def test_the_card_of_a_file_closes_when_it_is_shown_on_the_tab(uow: UnitOfWork, held: Message) -> None:
    """A decision on our page completes the card on the timeline."""
    message_changes.release(uow, held.id, "user/5")
    assert shown(uow, f"message/{held.id}") == [False, True]


def test_access_to_the_catalogue_is_given_from_its_card(uow: UnitOfWork, asking: tuple[Person, Company]) -> None:
    """One press gives the usual thirty days with the request as the reason; the buyer hears of it; the second press changes nothing."""
    person, company = asking
    card = f"access/{company.id}"
    assert "доступ к каталогу до" in cards.act(uow, card, "give", "user/5")
    until = company.catalogue_until
    assert until is not None
    assert until - uow.now > timedelta(days=29)
    assert shown(uow, card) == [False, True]
    assert "#5" in cards.act(uow, card, "decline", "user/6")
    assert (company.catalogue_until, len(said_to(uow, person.chat_id)) > 0) == (until, True)


def test_a_declined_request_is_told_and_can_be_made_again(uow: UnitOfWork, asking: tuple[Person, Company]) -> None:
    """While it waits, asking again shows no second card; once declined, the buyer reads so and may ask anew."""
    person, company = asking
    card = f"access/{company.id}"
    enquiries.ask_for_access(uow, person, company)
    assert shown(uow, card) == [False]
    cards.act(uow, card, "decline", "user/5")
    assert "не открыт" in said_to(uow, person.chat_id)[-1]
    enquiries.ask_for_access(uow, person, company)
    assert shown(uow, card) == [False, True, False]


def test_the_request_closes_when_access_is_given_on_the_tab(uow: UnitOfWork, asking: tuple[Person, Company]) -> None:
    """Giving the right by hand on the company's tab completes the card."""
    _, company = asking
    day = staff.today(uow) + timedelta(days=90)
    companies.grant(uow, company.id, "catalogue_access", day, reason="Оплачено", actor="user/5")
    assert shown(uow, f"access/{company.id}") == [False, True]


def test_a_moderator_does_not_give_access(uow: UnitOfWork, asking: tuple[Person, Company]) -> None:
    """Rights are given by managers; who checks questionnaires is refused and the card stays open."""
    stored.put(uow, "moderator_ids", "8", "user/1")
    with pytest.raises(NotAllowed):
        cards.act(uow, f"access/{asking[1].id}", "give", "user/8")
    assert shown(uow, f"access/{asking[1].id}") == [False]


def test_a_file_that_was_shown_is_not_left_hidden(uow: UnitOfWork, held: Message) -> None:
    """What went out cannot be taken back by a late press."""
    message_changes.release(uow, held.id, "user/5")
    with pytest.raises(InvalidState):
        message_files.leave_hidden(uow, held.id, "user/6")
