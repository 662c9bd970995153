"""Two people pressing at the same moment: one decision, one effect, the other is told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from sqlalchemy import func, select

from b24app.errors import DomainError
from b24app.services import cards, lots, meeting_cards, meetings, offers
from b24app.services.meetings import Wish
from storage.models import Conversation, Lot, Order, OutboxRow
from storage.unit_of_work import Transactions, UnitOfWork
from tests import factories


def at_once(transactions: Transactions, deeds: list[Callable[[UnitOfWork], object]]) -> list[object]:
    """Run each deed in a transaction of its own, all started together; a refusal is an answer too."""
    gate = threading.Barrier(len(deeds))
    answers: list[object] = [None] * len(deeds)

    def run(index: int) -> None:
        gate.wait(timeout=10)
        try:
            with transactions() as uow:
                answers[index] = deeds[index](uow)
        except DomainError as error:
            answers[index] = error

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return answers


def test_two_managers_allow_one_offer_once(transactions: Transactions) -> None:
    """One manager wins, the other reads who decided; one conversation, one notice to the buyer."""
    with transactions() as uow:
        ivan, _ = factories.buyer(uow)
        abc, _ = factories.factory(uow)
        offer_id = factories.offer(uow, abc, factories.lot(uow, ivan)).id
        factories.managers(uow, "5", "6")
    said = at_once(
        transactions,
        [
            partial(lambda user, uow: cards.act(uow, f"offer/{offer_id}", "allow", f"user/{user}"), user)
            for user in (5, 6)
        ],
    )
    assert sum("Решение уже принято: #" in str(sentence) for sentence in said) == 1
    with transactions() as uow:
        assert uow.session.scalar(select(func.count()).select_from(Conversation)) == 1
        notices = select(func.count()).where(OutboxRow.key.like(f"offer/{offer_id}:allowed:person/%"))
        assert uow.session.scalar(notices) == 2


def test_a_lot_is_submitted_once_by_two_presses(transactions: Transactions) -> None:
    """Two presses with one client key make one lot."""
    with transactions() as uow:
        ivan, _ = factories.buyer(uow)
    answers = at_once(transactions, [lambda uow: factories.lot(uow, ivan, published=False).id for _ in range(3)])
    assert len(set(answers)) == 1
    with transactions() as uow:
        assert uow.session.scalar(select(func.count()).select_from(Lot)) == 1


def test_two_awards_never_exceed_the_lot(transactions: Transactions) -> None:
    """Awarding to two factories at once gives the lot away once."""
    with transactions() as uow:
        ivan, _ = factories.buyer(uow)
        abc, _ = factories.factory(uow)
        silk, _ = factories.factory(uow, "2002", company="Silk Road")
        lot = factories.lot(uow, ivan)
        made = [factories.offer(uow, abc, lot).id, factories.offer(uow, silk, lot, moq=5).id]
        for offer_id in made:
            offers.allow(uow, offer_id, "user/1")
    answers = at_once(transactions, [partial(lambda one, uow: offers.award(uow, "user/1", one), one) for one in made])
    assert sum(isinstance(answer, DomainError) for answer in answers) == 1
    with transactions() as uow:
        assert uow.session.scalar(select(func.sum(Order.quantity))) == 20000


def test_publishing_and_cancelling_at_once_ends_in_one_order(transactions: Transactions) -> None:
    """A lot published and cancelled at once is closed in the end, whichever came first."""
    with transactions() as uow:
        ivan, _ = factories.buyer(uow)
        lot_id = factories.lot(uow, ivan, published=False).id
    at_once(
        transactions,
        [lambda uow: lots.approve(uow, lot_id, "user/1"), lambda uow: lots.cancel(uow, ivan, lot_id)],
    )
    with transactions() as uow:
        assert uow.session.get_one(Lot, lot_id).state == "closed"


def test_two_sides_press_one_time_at_once(transactions: Transactions) -> None:
    """The first waits, the second agrees: one event, one file for each, whoever was faster."""
    with transactions() as uow:
        talk, ivan, abc, _ = factories.conversation(uow)
        local = (uow.now + timedelta(days=3)).replace(tzinfo=None)
        wish = Wish(subject="Samples", link="", zone="Asia/Tashkent", minutes=30, locals=[local], side="both")
        made = meetings.propose(uow, talk, wish, user_id="7", key="press-1", language="en").id
        slot = next(iter(meeting_cards.slots_of(uow, made)))
    said = at_once(
        transactions,
        [
            partial(lambda person, uow: meetings.answer(uow, uow.session.merge(person), made, slot)[1].value, person)
            for person in (ivan, abc)
        ],
    )
    assert sorted(map(str, said)) == ["agreed", "waiting"]
    with transactions() as uow:
        counted = select(OutboxRow.kind, func.count()).where(OutboxRow.kind.in_(("AddCalendarEvent", "SendChatFile")))
        found = [tuple(row) for row in uow.session.execute(counted.group_by(OutboxRow.kind).order_by(OutboxRow.kind))]
    assert found == [("AddCalendarEvent", 1), ("SendChatFile", 2)]
