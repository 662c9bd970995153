"""What runs out by itself."""

from __future__ import annotations

from datetime import timedelta

from b24app.jobs import keep_deadlines
from storage.models import Company, Lot
from storage.unit_of_work import Transactions
from tests import factories


def test_what_ran_out_is_closed_and_hidden(transactions: Transactions) -> None:
    """A lot past its deadline without offers expires, a factory whose subscription lapsed is hidden; a second run finds nothing."""
    with transactions() as uow:
        ivan, _ = factories.buyer(uow)
        _, factory = factories.factory(uow)
        lot = factories.lot(uow, ivan)
        lot.respond_by = factory.subscribed_until = uow.now - timedelta(minutes=1)
    for _ in range(2):
        keep_deadlines.run(transactions)
    with transactions() as uow:
        assert uow.session.get_one(Lot, lot.id).outcome == "expired"
        assert uow.session.get_one(Company, factory.id).publication == "hidden"
