"""A worker that is told to leave finishes what it has in hand: nothing is left under way, nothing begun anew."""

from __future__ import annotations

import threading
from typing import Any

from sqlalchemy import select, text

from b24app.domain.deliveries import BroadcastMessage, SendChatMessage
from b24app.domain.delivery import Network
from b24app.jobs.dispatching import Dispatcher
from b24app.jobs.sending import Pace
from b24app.jobs.worker import Work, Worker
from sandbox.visitors import until
from storage import inbox
from storage.models import InboxRow, OutboxRow
from storage.unit_of_work import Transactions, UnitOfWork
from tests.integration.test_dispatching import Watched

PATIENCE_SECONDS = 30.0


def test_what_is_in_hand_is_finished_and_nothing_else_begun(transactions: Transactions, database_url: str) -> None:
    """The fact being worked and the message being sent when the worker is told to leave end well; what is stored later waits."""
    gateway, working, go_on = Watched(), threading.Event(), threading.Event()

    def handle(uow: UnitOfWork, payload: dict[str, Any]) -> None:
        working.set()
        go_on.wait(PATIENCE_SECONDS)

    dispatcher = Dispatcher(Network.TELEGRAM, gateway, transactions, Pace(batch=1))
    worker = Worker(database_url, transactions, {"telegram": handle}, [dispatcher], Work())
    with transactions() as uow:
        uow.send(BroadcastMessage(chat_id="1", text="in hand"))
        inbox.accept(uow.session.connection(), source="telegram", key="1", lane="telegram:1", payload={}, position=1)
    thread = threading.Thread(target=worker.work)
    thread.start()
    try:
        assert working.wait(PATIENCE_SECONDS)
        until("the message to be under way", lambda: outgoing(transactions) == ["doing"])
        worker.leave()
        assert thread.is_alive()
    finally:
        go_on.set()
        gateway.held.set()
        thread.join(PATIENCE_SECONDS)
    assert not thread.is_alive()
    with transactions() as uow:
        uow.send(SendChatMessage(chat_id="2", text="later"))
        incoming = uow.session.scalars(select(InboxRow.state).order_by(InboxRow.id)).all()
        held = uow.session.execute(text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'")).scalar_one()
    assert (outgoing(transactions), incoming, held) == (["done", "todo"], ["done"], 0)


def test_a_worker_told_to_leave_before_it_began_leaves(transactions: Transactions, database_url: str) -> None:
    """A stop that comes while a worker starts is not forgotten."""
    worker = Worker(database_url, transactions, {}, [], Work())
    worker.leave()
    thread = threading.Thread(target=worker.work)
    thread.start()
    thread.join(PATIENCE_SECONDS)
    assert not thread.is_alive()


def outgoing(transactions: Transactions) -> list[str]:
    """Give the states of all messages by age."""
    with transactions() as uow:
        return list(uow.session.scalars(select(OutboxRow.state).order_by(OutboxRow.id)))
