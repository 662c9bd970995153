"""A copy of everything, being forgotten, and being left in peace."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from b24app.domain.quiet import quiet_until
from b24app.errors import InvalidInput, InvalidState
from b24app.services import colleagues, messages, notices, offers, orders, people, personal_data
from b24app.services.spoken import Spoken
from storage.models import Company, Lot, Offer, Person
from storage.unit_of_work import UnitOfWork
from tests import factories
from tests.integration.services.outgoing import rows, said_to, sent


def test_a_copy_holds_everything_of_the_person_and_nothing_of_others(uow: UnitOfWork) -> None:
    """Answers, lots, messages and consents are in; what the other side said is not."""
    thread, ivan, abc, _ = factories.conversation(uow)
    people.consent(uow, ivan, "processing", True)
    messages.say(uow, ivan, thread, Spoken(kind="text", text="my own words", source_key="1:1"))
    messages.say(uow, abc, thread, Spoken(kind="text", text="their words", source_key="2:1"))
    text = json.dumps(personal_data.collect(uow, ivan), default=str)
    assert all(word in text for word in ("Northern Style", "my own words", "processing", "tshirts"))
    assert "their words" not in text


def test_a_forgotten_person_leaves_no_trace_of_themselves(uow: UnitOfWork) -> None:
    """Names, account and private answers are gone here, blanked in the CRM; open lots are cancelled; a new start is a new person."""
    thread, ivan, _, lot = factories.conversation(uow)
    company_id, number, telegram_id = lot.company_id, ivan.id, ivan.telegram_id
    personal_data.erase(uow, ivan)
    uow.session.flush()
    left = uow.session.get_one(Person, number)
    assert (left.state, left.first_name, left.telegram_id) == ("deleted", "", f"erased-{number}")
    answers = json.dumps(uow.session.get_one(Company, company_id).answers)
    assert not [word for word in ("Petrov", "123-45-67", "ivan@") if word in answers]
    assert uow.session.get_one(Lot, lot.id).outcome == "cancelled"
    (card,) = sent(uow, "SaveItem", ref=f"contact/{number}")
    assert (card.fields["telegram_state"], card.fields["name"]) == ("deleted", "Удалённый пользователь")
    assert "удалён" in said_to(uow, telegram_id)[-1]
    assert people.meet(uow, telegram_id=telegram_id, chat_id=telegram_id).id != number
    assert thread.lot_id == lot.id


def test_a_forgotten_factory_withdraws_its_offers(uow: UnitOfWork) -> None:
    """Nothing of a factory without people can be chosen any more."""
    ivan, _ = factories.buyer(uow)
    abc, company = factories.factory(uow)
    offer = factories.offer(uow, abc, factories.lot(uow, ivan))
    personal_data.erase(uow, abc)
    assert (uow.session.get_one(Offer, offer.id).state, company.publication) == ("withdrawn", "hidden")


def test_a_running_order_keeps_its_people(uow: UnitOfWork) -> None:
    """Neither side disappears in the middle of an order; after delivery both may."""
    ivan, _ = factories.buyer(uow)
    abc, _ = factories.factory(uow)
    offer = factories.offer(uow, abc, factories.lot(uow, ivan))
    offers.allow(uow, offer.id, "user/1")
    order = offers.award(uow, ivan, offer.id)
    for person in (ivan, abc):
        with pytest.raises(InvalidState):
            personal_data.erase(uow, person)
    orders.report(uow, abc, order.id, step="delivered")
    for person in (ivan, abc):
        personal_data.erase(uow, person)
        assert person.state == "deleted"


def test_colleagues_go_on_without_a_forgotten_person(uow: UnitOfWork) -> None:
    """A lot of somebody who is forgotten goes over to a colleague and stays open."""
    owner, company = factories.buyer(uow)
    link = colleagues.invite(uow, owner, company, "sales")
    laylo = people.meet(uow, telegram_id="3001", chat_id="3001")
    colleagues.join(uow, laylo, link.id)
    lot = factories.lot(uow, laylo)
    personal_data.erase(uow, laylo)
    assert (lot.state, lot.person_id) == ("published", owner.id)


def test_what_was_switched_off_does_not_come(uow: UnitOfWork) -> None:
    """A muted kind is not sent; in quiet hours everything waits in a lane of its own but the answer to what was just done."""
    ivan = factories.person(uow, "1001")
    people.choose_notices(uow, ivan, ["lots", "offers"], (9, 11))
    for kind, key in (("orders", "a"), ("lots", "b"), ("", "c")):
        notices.tell(uow, ivan, lambda t: ("text", []), key=key, kind=kind)
    waiting = {row.key.split(":")[0]: row.not_before for row in rows(uow)}
    assert set(waiting) == {"b", "c"}
    assert waiting["b"] is None
    people.choose_notices(uow, ivan, ["lots"], (14, 16))
    for kind, key, at_once in (("lots", "d", False), ("", "e", False), ("", "f", True)):
        notices.tell(uow, ivan, lambda t: ("text", []), key=key, kind=kind, at_once=at_once)
    waits = (f"quiet:{ivan.id}", datetime(2026, 3, 2, 11, 0, tzinfo=UTC))
    found = {row.key[0]: (row.lane, row.not_before) for row in rows(uow)}
    assert (found["d"], found["e"], found["f"][1]) == (waits, waits, None)
    people.choose_notices(uow, ivan, ["lots"], (9, 11), "Europe/London")
    notices.tell(uow, ivan, lambda t: ("text", []), key="g")
    (row,) = [row for row in rows(uow) if row.key.startswith("g:")]
    assert row.not_before == datetime(2026, 3, 2, 11, 0, tzinfo=UTC)
    with pytest.raises(InvalidInput):
        people.choose_notices(uow, ivan, [], None, "Mars/Olympus")
    with pytest.raises(InvalidInput):
        people.choose_notices(uow, ivan, ["everything"], None)


@pytest.mark.parametrize(
    ("hour", "start", "end", "wait_hours"),
    [(23, 22, 8, 9), (3, 22, 8, 5), (12, 22, 8, None), (13, 12, 14, 1), (14, 12, 14, None), (5, 7, 7, None)],
)
def test_quiet_hours_reach_over_midnight(hour: int, start: int, end: int, wait_hours: int | None) -> None:
    """The end of the quiet hours is found on either side of midnight, in the person's zone."""
    now = datetime(2026, 3, 2, hour, 0, tzinfo=UTC)
    wanted = now + timedelta(hours=wait_hours) if wait_hours is not None else None
    assert quiet_until(now, start, end, "UTC") == wanted
