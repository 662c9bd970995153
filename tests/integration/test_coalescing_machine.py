"""However saves of one CRM item are joined, tried again and interrupted, the item ends as the last words of everybody made it.

The model is two items: as they should be after every save so far, and as the other side has them.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import delete, select

from b24app.domain.deliveries import SaveItem
from b24app.domain.delivery import Network
from storage import outbox
from storage.models import OutboxRow
from storage.unit_of_work import Transactions

REFS = st.sampled_from(["lot/1", "company/1"])
FIELDS = st.dictionaries(st.sampled_from(["title", "moq", "days"]), st.integers(0, 9), max_size=3)
LINKS = st.dictionaries(st.sampled_from(["companyId", "contactId"]), st.sampled_from(["company/1", "contact/2"]))
STAGES = st.sampled_from(["", "", "negotiation", "won"])
Item = dict[str, Any]


def applied(item: Item, save: Item) -> Item:
    """Give an item after a save: what the save does not name stays."""
    return {**item, **save["fields"], **save["links"], **({"stage": save["stage"]} if save["stage"] else {})}


class Saves(RuleBasedStateMachine):
    """People change two items while a dispatcher sends them, one row of a lane at a time."""

    def __init__(self, transactions: Transactions) -> None:
        super().__init__()
        self.transactions = transactions
        self.wanted: dict[str, Item] = {}
        self.there: dict[str, Item] = {}
        self.under_way: dict[int, Item] = {}
        with transactions() as uow:
            uow.session.execute(delete(OutboxRow))

    @rule(ref=REFS, fields=FIELDS, links=LINKS, stage=STAGES)
    def save(self, ref: str, fields: Item, links: dict[str, str], stage: str) -> None:
        """Somebody changes an item."""
        save = SaveItem(ref=ref, fields=fields, links=links, stage=stage)
        with self.transactions() as uow:
            uow.send(save)
        self.wanted[ref] = applied(self.wanted.get(ref, {}), save.payload())

    @rule()
    def take(self) -> None:
        """The dispatcher takes what may go; its content is fixed from then on."""
        with self.transactions() as uow:
            rows = outbox.take(uow.session, Network.BITRIX24, now=uow.now, limit=10)
            outbox.mark_doing(rows, uow.now)
            assert not {row.payload["ref"] for row in rows} & {save["ref"] for save in self.under_way.values()}
            self.under_way |= {row.id: row.payload for row in rows}

    @precondition(lambda self: self.under_way)
    @rule(happened=st.booleans(), recorded=st.booleans())
    def end(self, happened: bool, recorded: bool) -> None:
        """The oldest call ends: it happened or not, and if it did the answer may be lost, so that it is repeated."""
        number = min(self.under_way)
        save = self.under_way.pop(number)
        if happened:
            self.there[save["ref"]] = applied(self.there.get(save["ref"], {}), save)
        with self.transactions() as uow:
            row = uow.session.get_one(OutboxRow, number, with_for_update=True)
            assert row.payload == save
            if happened and recorded:
                outbox.finish(row, "done", uow.now)
            else:
                outbox.put_back(row, not_before=None, error="again")

    @invariant()
    def at_most_one_save_still_takes_changes(self) -> None:
        """Of each item at most one row is open for further changes."""
        with self.transactions() as uow:
            open_rows = uow.session.scalars(select(OutboxRow.coalesce).where(OutboxRow.coalesce != "")).all()
        assert len(open_rows) == len(set(open_rows))

    def teardown(self) -> None:
        """When everything was sent, both sides have the same."""
        for _ in range(100):
            self.take()
            if not self.under_way:
                break
            self.end(happened=True, recorded=True)
        assert self.there == self.wanted


def test_the_last_word_wins_and_none_is_lost(transactions: Transactions) -> None:
    """Over every order of changes, sends, failures and repeats, the item ends with the latest value of every field."""
    machine: Any = partial(Saves, transactions)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
