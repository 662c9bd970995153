"""From the award to delivery: reports, the deal, the buyer, lateness."""

from __future__ import annotations

from datetime import timedelta

import pytest

from b24app.domain.deliveries import FireTrigger
from b24app.errors import InvalidInput, InvalidState, NotFound
from b24app.services import offers, orders
from storage.models import File, Order, Person
from storage.unit_of_work import UnitOfWork
from tests import factories
from tests.integration.services.outgoing import said_to, sent


def awarded(uow: UnitOfWork) -> tuple[Order, Person, Person]:
    """An order of ABC Textiles for Ivan's whole lot."""
    ivan, _ = factories.buyer(uow)
    abc, _ = factories.factory(uow)
    offer = factories.offer(uow, abc, factories.lot(uow, ivan))
    offers.allow(uow, offer.id, "user/1")
    return offers.award(uow, ivan, offer.id), ivan, abc


def test_progress_reaches_the_deal_and_the_buyer(uow: UnitOfWork) -> None:
    """Each report moves the child deal and is told to the buyer; delivery of everything wins the lot's deal too."""
    order, ivan, abc = awarded(uow)
    orders.report(uow, abc, order.id, step="sewing", percent=40, note="Call +998 90 123 45 67")
    (deal,) = sent(uow, "SaveItem", ref=f"order/{order.id}")
    assert (deal.stage, deal.fields["production_progress"]) == ("production", "Пошив, 40%")
    assert "40%" in said_to(uow, ivan.chat_id)[-1]
    assert "123 45" not in said_to(uow, ivan.chat_id)[-1]
    orders.report(uow, abc, order.id, step="shipped")
    orders.report(uow, abc, order.id, step="delivered")
    assert order.state == "done"
    (lot_deal,) = sent(uow, "SaveItem", ref=f"lot/{order.lot_id}")
    assert lot_deal.stage == "done"
    with pytest.raises(InvalidState):
        orders.report(uow, abc, order.id, step="delivered", note="again")


def test_the_same_report_twice_is_one(uow: UnitOfWork) -> None:
    """A repeated press makes no second report."""
    order, ivan, abc = awarded(uow)
    first = orders.report(uow, abc, order.id, step="fabric")
    before = len(said_to(uow, ivan.chat_id))
    assert orders.report(uow, abc, order.id, step="fabric").id == first.id
    assert len(said_to(uow, ivan.chat_id)) == before


def test_only_the_factory_reports(uow: UnitOfWork) -> None:
    """To the buyer and to strangers there is nothing to report; to strangers there is no order."""
    order, ivan, _ = awarded(uow)
    other, _ = factories.factory(uow, "2002", company="Silk Road")
    for person in (ivan, other):
        with pytest.raises(NotFound):
            orders.report(uow, person, order.id, step="fabric")
    with pytest.raises(NotFound):
        orders.get_for(uow, other, order.id)


def test_a_photo_is_ones_own_picture(uow: UnitOfWork) -> None:
    """An id typed by hand opens nobody else's file, and a document is no photo."""
    order, ivan, abc = awarded(uow)
    for owner, mime in ((ivan, "image/png"), (abc, "application/pdf")):
        file = File(owner="x", person_id=owner.id, name="a", mime=mime, size=1, sha256="0")
        uow.session.add(file)
        uow.session.flush()
        with pytest.raises(InvalidInput):
            orders.report(uow, abc, order.id, step="fabric", file_id=file.id)
    with pytest.raises(InvalidInput):
        orders.report(uow, abc, order.id, step="dreaming")


def test_lateness_calls_the_manager_once_a_step(uow: UnitOfWork) -> None:
    """An order behind its plan is told and becomes a task once for each step; one in time is left alone."""
    factories.managers(uow, "7")
    order, _, abc = awarded(uow)
    assert orders.watch(uow) == 0
    order.created_at -= timedelta(days=8)
    assert (orders.watch(uow), orders.watch(uow)) == (1, 0)
    assert "Mato xarid qilindi" in said_to(uow, abc.chat_id)[-1]
    order.created_at -= timedelta(days=16)
    orders.report(uow, abc, order.id, step="fabric")
    assert (orders.watch(uow), order.late_step) == (1, "cutting")
    tasks = sent(uow, "AddTask", ref=f"order/{order.id}")
    assert [(one.responsible_id, one.deadline) for one in tasks] == [
        ("7", (uow.now + timedelta(days=1)).isoformat())
    ] * 2


def test_each_fact_of_an_order_fires_its_trigger_once(uow: UnitOfWork) -> None:
    """A report and a missed step each reach the automation of the order's deal once, however often they are looked at."""
    order, _, abc = awarded(uow)
    for _ in range(2):
        orders.report(uow, abc, order.id, step="fabric")
    assert sent(uow, "FireTrigger", ref=f"order/{order.id}") == [
        FireTrigger(code="progress_changed", ref=f"order/{order.id}")
    ]
    assert order.due_at is not None
    afterwards = UnitOfWork(uow.session, order.due_at + timedelta(days=1))
    for _ in range(2):
        orders.watch(afterwards)
    late = sent(uow, "FireTrigger", code="progress_late")
    assert late == [FireTrigger(code="progress_late", ref=f"order/{order.id}")]
