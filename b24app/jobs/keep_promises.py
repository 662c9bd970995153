"""Reminding who owes an answer, and calling the manager. Run every minute by one worker; repeating it changes nothing."""

from __future__ import annotations

from b24app.services import promises
from storage.unit_of_work import Transactions


def run(transactions: Transactions) -> None:
    """Look at a bounded number of conversations once."""
    with transactions() as uow:
        promises.check(uow)
