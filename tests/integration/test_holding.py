"""Rows that are held while others refer to them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import psycopg
from sqlalchemy import select

from b24app.services import message_changes, messages
from b24app.services.spoken import Spoken
from sandbox.visitors import until
from storage.models import Message, MessageCopy
from storage.unit_of_work import Transactions
from tests import factories

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def test_a_release_and_the_note_of_an_arrival_do_not_stop_each_other(
    transactions: Transactions, database_url: str
) -> None:
    """A manager shows a held file while the arrival of its words is being noted in two steps: both get through."""
    with transactions() as uow:
        conversation, ivan, _, _ = factories.conversation(uow)
        message = messages.say(uow, ivan, conversation, Spoken(kind="text", text="прайс", source_key="telegram/1"))
        message.hidden, message.file_state = True, "held"
        number = message.id

    def release() -> None:
        with transactions() as uow:
            message_changes.release(uow, number, "user/1")

    with ThreadPoolExecutor(1) as pool, psycopg.connect(database_url, autocommit=True) as connection:
        with transactions() as uow:
            of_message = MessageCopy.message_id == number, MessageCopy.place == "telegram"
            copy = uow.session.scalars(select(MessageCopy).where(*of_message)).one()
            copy.outside_id = "77"
            uow.session.flush()
            released = pool.submit(release)
            until("the release to wait for the copy", lambda: connection.execute(WAITING).fetchone() == (1,))
            copy.state = "delivered"
            uow.session.flush()
        released.result(10)
    with transactions() as uow:
        assert not uow.session.get_one(Message, number).hidden
