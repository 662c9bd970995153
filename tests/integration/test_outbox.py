"""The outbox keeps what must be told, once, in order."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, text, update

from b24app.domain.deliveries import BroadcastMessage, SaveItem, SendChatMessage, SendConversationMessage
from b24app.domain.delivery import Network
from b24app.jobs import sweep
from storage import jobs, outbox
from storage.models import OutboxRow
from storage.unit_of_work import Transactions, UnitOfWork


def test_a_known_key_is_stored_once(uow: UnitOfWork) -> None:
    """Asking twice for one effect asks for it once."""
    for _ in range(2):
        uow.send(SendChatMessage(chat_id="1", text="hello"), key="greeting")
    assert len(uow.session.scalars(select(OutboxRow)).all()) == 1


def test_unsent_saves_of_one_ref_become_one(uow: UnitOfWork) -> None:
    """Many changes of an entity before the send become one call with the latest state."""
    uow.send(SaveItem(ref="lot/1", fields={"title": "a", "moq": 1}, links={"companyId": "company/1"}, stage="new"))
    uow.send(SaveItem(ref="lot/1", fields={"title": "b"}))
    (row,) = uow.session.scalars(select(OutboxRow)).all()
    assert row.payload["fields"] == {"title": "b", "moq": 1}
    assert (row.payload["links"], row.payload["stage"]) == ({"companyId": "company/1"}, "new")


def test_a_save_under_way_is_not_changed(uow: UnitOfWork) -> None:
    """A save handed to the network keeps its content; a later change waits behind it as a row of its own."""
    uow.send(SaveItem(ref="lot/1", fields={"title": "a"}))
    rows = outbox.take(uow.session, Network.BITRIX24, now=uow.now, limit=10)
    outbox.mark_doing(rows, uow.now)
    uow.session.flush()
    uow.send(SaveItem(ref="lot/1", fields={"title": "b"}))
    assert outbox.take(uow.session, Network.BITRIX24, now=uow.now, limit=10) == []


def test_a_save_of_long_ago_does_not_come_back(uow: UnitOfWork) -> None:
    """A refused save that somebody sends again writes only what no later one did; when that is nothing, it is given up."""
    for fields, stage in (({"title": "a", "moq": 1}, "new"), ({"title": "b"}, "published"), ({"moq": 2}, "")):
        uow.send(SaveItem(ref="lot/1", fields=fields, stage=stage))
        uow.session.execute(update(OutboxRow).where(OutboxRow.state == "todo").values(state="dead", coalesce=""))
    first, second, third = uow.session.scalars(select(OutboxRow).order_by(OutboxRow.id)).all()
    second.state = "done"
    assert outbox.retry(uow.session, first.id)
    uow.session.refresh(first)
    assert (first.state, first.payload["fields"], first.payload["stage"]) == ("todo", {"moq": 1}, "")
    first.state, third.state = "dead", "done"
    assert outbox.retry(uow.session, first.id)
    uow.session.refresh(first)
    assert first.state == "dropped"


def test_a_clock_set_back_holds_nothing(uow: UnitOfWork) -> None:
    """What was put back for a moment by a clock that has gone back since goes now, with what follows it; what waits on purpose waits."""
    for words in ("a", "b"):
        uow.send(SendChatMessage(chat_id="1", text=words), lane="talk")
    uow.send(SendChatMessage(chat_id="2", text="digest"), not_before=uow.now + timedelta(hours=2))
    later = uow.now + timedelta(hours=1)
    first, second = outbox.take(uow.session, Network.TELEGRAM, now=later, limit=10, per_lane=2)
    outbox.mark_doing([first, second], later)
    for row in (first, second):
        outbox.put_back(row, not_before=later + timedelta(seconds=2))
    uow.session.flush()
    assert outbox.take(uow.session, Network.TELEGRAM, now=later, limit=10, per_lane=2) == []
    assert outbox.take(uow.session, Network.TELEGRAM, now=uow.now, limit=10, per_lane=2) == [first, second]


def test_a_button_pressed_twice_sends_once(uow: UnitOfWork) -> None:
    """What was decided already is not decided again: the second press finds nothing to do."""
    uow.send(SendChatMessage(chat_id="1", text="hello"))
    (row,) = uow.session.scalars(select(OutboxRow)).all()
    row.state = "uncertain"
    uow.session.flush()
    assert (outbox.retry(uow.session, row.id), outbox.retry(uow.session, row.id)) == (True, False)
    assert len(outbox.take(uow.session, Network.TELEGRAM, now=uow.now, limit=10)) == 1


def test_a_lane_gives_its_oldest_row_first(uow: UnitOfWork) -> None:
    """Two messages of one chat never swap: the second is given only when the first is no longer open."""
    uow.send(SendChatMessage(chat_id="1", text="first"))
    uow.send(SendChatMessage(chat_id="1", text="second"))
    (first,) = outbox.take(uow.session, Network.TELEGRAM, now=uow.now, limit=10)
    assert first.payload["text"] == "first"
    outbox.put_back(first, not_before=uow.now + timedelta(seconds=5))
    uow.session.flush()
    assert outbox.take(uow.session, Network.TELEGRAM, now=uow.now, limit=10) == []
    outbox.finish(first, "done", uow.now)
    uow.session.flush()
    (second,) = outbox.take(uow.session, Network.TELEGRAM, now=uow.now, limit=10)
    assert second.payload["text"] == "second"


def test_each_chat_of_a_conversation_has_its_own_order(uow: UnitOfWork) -> None:
    """A word to one of its people does not wait until another heard the one before; in each chat they stay in order."""
    for words in ("first", "second"):
        for chat in ("1", "2"):
            uow.send(SendConversationMessage(chat_id=chat, conversation_id="5", text=words))
    rows = outbox.take(uow.session, Network.TELEGRAM, now=uow.now, limit=10)
    assert [(row.payload["chat_id"], row.payload["text"]) for row in rows] == [("1", "first"), ("2", "first")]


def test_a_conversation_goes_before_a_broadcast(uow: UnitOfWork) -> None:
    """A person in a conversation never waits behind a broadcast stored earlier."""
    for chat in range(5):
        uow.send(BroadcastMessage(chat_id=f"b{chat}", text="news"))
    uow.send(SendConversationMessage(chat_id="c", text="hello"))
    rows = outbox.take(uow.session, Network.TELEGRAM, now=uow.now, limit=2)
    assert [row.payload["text"] for row in rows] == ["hello", "news"]


def test_a_waiting_broadcast_holds_nobody_up(uow: UnitOfWork) -> None:
    """A person to whom a broadcast is still to be sent hears an answer in a conversation at once."""
    uow.send(BroadcastMessage(chat_id="c", text="news"))
    uow.send(SendConversationMessage(chat_id="c", text="hello"))
    rows = outbox.take(uow.session, Network.TELEGRAM, now=uow.now, limit=1)
    assert [row.payload["text"] for row in rows] == ["hello"]


def test_what_is_over_is_forgotten_in_time(transactions: Transactions) -> None:
    """A month after its end a message is forgotten, sent or given up, and jobs that failed are with the next look; what waits is kept."""
    with transactions() as uow:
        for number, state in enumerate(("done", "dropped", "dead", "todo")):
            uow.send(SendChatMessage(chat_id=str(number), text="x"))
            finished = {"state": state, "finished_at": uow.now - timedelta(days=31)}
            uow.session.execute(
                update(OutboxRow).where(OutboxRow.payload["chat_id"].astext == str(number)).values(finished)
            )
        jobs.defer(uow.session.connection(), "x")
        jobs.defer(uow.session.connection(), "y")
        uow.session.execute(text("UPDATE procrastinate_jobs SET status = 'failed' WHERE task_name = 'x'"))
    sweep.forget_old(transactions)
    with transactions() as uow:
        assert uow.session.scalars(select(OutboxRow.state).order_by(OutboxRow.id)).all() == ["dead", "todo"]
        assert uow.session.execute(text("SELECT task_name FROM procrastinate_jobs")).scalars().all() == ["y"]
