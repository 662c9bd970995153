"""Rows are taken, handed over and judged: each outcome leaves its row where the next step, or a person, finds it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import psycopg
import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError, OperationalError

from b24app.domain.deliveries import NotifyUser, SaveItem, SendChatMessage, SendToOpenLine
from b24app.domain.delivery import Delivery, Network
from b24app.domain.outcomes import MAX_PROOFS, Done, Envelope, Outcome, TryLater, Unclear
from b24app.jobs import sending as job
from b24app.jobs.sending import Pace, Sending
from b24app.services import deliveries
from storage import outbox
from storage.models import CrmLink, OutboxRow
from storage.unit_of_work import Transactions, UnitOfWork


class FakeGateway:
    """Answers as told, and remembers what it was handed."""

    def __init__(self, answer: Callable[[Envelope], Outcome], proof: Outcome | None = None) -> None:
        self.answer, self.proof = answer, proof or Unclear("nobody knows")
        self.handed: list[Envelope] = []

    def pause(self) -> float:
        """Never wait."""
        return 0.0

    def send(self, envelopes: list[Envelope]) -> list[Outcome]:
        """Answer as told."""
        self.handed += envelopes
        return [self.answer(envelope) for envelope in envelopes]

    def prove(self, envelopes: list[Envelope]) -> list[Outcome]:
        """Answer as told."""
        return [self.proof for _ in envelopes]


def sending(
    transactions: Transactions,
    gateway: FakeGateway,
    network: Network,
    per_lane: int = 1,
    longest_call_seconds: float = 0.0,
) -> Sending:
    """Give the steps of a network without pauses."""
    return Sending(
        network,
        gateway,
        transactions,
        Pace(batch=10, per_lane=per_lane, settle_seconds=0.0, longest_call_seconds=longest_call_seconds),
    )


def send_some(steps: Sending) -> int:
    """Take what may go now and carry it; answers how many rows."""
    taken = steps.take().envelopes
    steps.carry(taken)
    return len(taken)


def store(transactions: Transactions, *messages: Delivery, lane: str = "") -> None:
    """Store messages."""
    with transactions() as uow:
        for message in messages:
            uow.send(message, lane=lane)


def states(transactions: Transactions) -> list[str]:
    """Give the states of all rows by age."""
    with transactions() as uow:
        return list(uow.session.scalars(select(OutboxRow.state).order_by(OutboxRow.id)))


def due_now(transactions: Transactions) -> None:
    """Let every pause be over."""
    with transactions() as uow:
        uow.session.execute(update(OutboxRow).values(not_before=None))


def text_to_line(number: int) -> SendToOpenLine:
    """Give a message to the open line."""
    return SendToOpenLine(
        conversation_id="x",
        conversation_title="x",
        message_id=str(number),
        speaker_id="1",
        speaker_name="Ivan",
        text=f"text {number}",
        sent_at_epoch=1,
    )


def test_what_cannot_be_known_is_asked_a_bounded_number_of_times(transactions: Transactions) -> None:
    """A provable effect that no look-up can decide ends with a person, and until then holds its lane."""
    gateway = FakeGateway(lambda _: Unclear("lost"))
    steps = sending(transactions, gateway, Network.BITRIX24)
    store(transactions, text_to_line(1), text_to_line(2))
    send_some(steps)
    for _ in range(MAX_PROOFS):
        assert states(transactions) == ["proving", "todo"]
        due_now(transactions)
        steps.prove_some()
    assert states(transactions) == ["uncertain", "todo"]
    assert len(gateway.handed) == 1


def test_a_look_up_without_an_answer_does_not_count(transactions: Transactions) -> None:
    """While the other side cannot be asked, nothing is given up."""
    steps = sending(
        transactions, FakeGateway(lambda _: Unclear("lost"), Unclear("unreachable", counted=False)), Network.BITRIX24
    )
    store(transactions, text_to_line(1))
    send_some(steps)
    for _ in range(MAX_PROOFS + 3):
        due_now(transactions)
        steps.prove_some()
    assert states(transactions) == ["proving"]


def test_what_is_proven_absent_is_sent_again(transactions: Transactions) -> None:
    """A look-up that says no leads to a second send, a look-up that says yes to none."""
    gateway = FakeGateway(lambda _: Unclear("lost"), TryLater("absent", after_seconds=0.0))
    steps = sending(transactions, gateway, Network.BITRIX24)
    store(transactions, text_to_line(1))
    send_some(steps)
    due_now(transactions)
    steps.prove_some()
    gateway.proof = Done({})
    send_some(steps)
    due_now(transactions)
    steps.prove_some()
    assert (len(gateway.handed), states(transactions)) == (2, ["done"])


@pytest.mark.parametrize(("running", "handed"), [(True, 1), (False, 2)])
def test_what_may_still_be_executed_is_not_sent_again(transactions: Transactions, running: bool, handed: int) -> None:
    """The answer got lost while the portal was at work: an effect that is not there yet may come, and a second one would be a duplicate."""
    gateway = FakeGateway(lambda _: Unclear("lost", running=running), TryLater("absent", after_seconds=0.0))
    steps = sending(transactions, gateway, Network.BITRIX24, longest_call_seconds=60.0)
    store(transactions, text_to_line(1))
    send_some(steps)
    for _ in range(MAX_PROOFS + 2):
        due_now(transactions)
        steps.prove_some()
    send_some(steps)
    assert len(gateway.handed) == handed


def test_a_killed_senders_call_may_still_be_executed(transactions: Transactions) -> None:
    """The portal goes on with what a dead dispatcher asked for: until it must be over, absence proves nothing."""
    gateway = FakeGateway(lambda _: Done({}), TryLater("absent", after_seconds=0.0))
    steps = sending(transactions, gateway, Network.BITRIX24, longest_call_seconds=60.0)
    store(transactions, text_to_line(1))
    with transactions() as uow:
        outbox.mark_doing(outbox.take(uow.session, Network.BITRIX24, now=uow.now, limit=1), uow.now)
    steps.recover()
    due_now(transactions)
    steps.prove_some()
    assert states(transactions) == ["proving"]
    with transactions() as uow:
        uow.session.execute(update(OutboxRow).values(settles_at=uow.now, not_before=None))
    steps.prove_some()
    assert states(transactions) == ["todo"]


def test_a_telegram_message_in_doubt_is_left_to_a_person(transactions: Transactions) -> None:
    """What Telegram cannot be asked about is never sent again by itself."""
    gateway = FakeGateway(lambda _: Unclear("lost"))
    steps = sending(transactions, gateway, Network.TELEGRAM)
    store(transactions, SendChatMessage(chat_id="1", text="x"))
    assert (send_some(steps), send_some(steps), steps.prove_some()) == (1, 0, 0)
    assert states(transactions) == ["uncertain"]


def test_a_row_nobody_understands_is_dead_and_holds_nobody_up(transactions: Transactions) -> None:
    """A kind of a later version is set aside with a reason; what follows it in its lane goes out."""
    gateway = FakeGateway(lambda _: Done({}))
    steps = sending(transactions, gateway, Network.BITRIX24)
    store(
        transactions, NotifyUser(user_id="1", text="a", tag="a"), NotifyUser(user_id="1", text="b", tag="b"), lane="l"
    )
    with transactions() as uow:
        first = uow.session.scalars(select(OutboxRow).order_by(OutboxRow.id)).first()
        assert first is not None
        first.kind = "FromTheFuture"
    send_some(steps)
    send_some(steps)
    assert states(transactions) == ["dead", "done"]


def test_a_row_under_way_that_nobody_understands_stops_no_dispatcher(transactions: Transactions) -> None:
    """What a newer program had under way when an older one took its place is dead with a reason; the rest is judged."""
    steps = sending(transactions, FakeGateway(lambda _: Done({})), Network.TELEGRAM)
    store(transactions, SendChatMessage(chat_id="1", text="x"), SendChatMessage(chat_id="2", text="x"))
    steps.take()
    with transactions() as uow:
        uow.session.execute(update(OutboxRow).where(OutboxRow.lane == "chat:1").values(kind="SendHologram"))
    steps.recover()
    assert states(transactions) == ["dead", "uncertain"]


def test_a_fault_of_ours_after_the_send_repeats_nothing(
    transactions: Transactions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When what should follow from an answer fails, the row is still done, with the reason, and its neighbours too."""

    def broken(*_: object) -> None:
        raise KeyError("entity_id")

    monkeypatch.setattr(deliveries, "record", broken)
    gateway = FakeGateway(lambda _: Done({}))
    steps = sending(transactions, gateway, Network.TELEGRAM)
    store(transactions, SendChatMessage(chat_id="1", text="x"), SendChatMessage(chat_id="2", text="y"))
    send_some(steps)
    assert (states(transactions), len(gateway.handed)) == (["done", "done"], 2)


def test_a_fault_of_ours_does_not_undo_what_another_found_out(
    transactions: Transactions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dispatcher that lost its place, and cannot note what it learnt, leaves the row as its successor judged it."""

    def superseded(_: Envelope) -> Outcome:
        with transactions() as uow:
            uow.session.execute(update(OutboxRow).values(state="todo"))
        return TryLater("The chat rests.")

    def broken(*_: object, **__: object) -> None:
        raise KeyError("entity_id")

    steps = sending(transactions, FakeGateway(superseded), Network.TELEGRAM)
    monkeypatch.setattr(steps, "_record_pairs", broken)
    store(transactions, SendChatMessage(chat_id="1", text="x"))
    send_some(steps)
    assert states(transactions) == ["todo"]


@pytest.mark.parametrize(("seconds", "state"), [(80, "doing"), (100, "uncertain")])
def test_a_row_that_nobody_has_in_hand_any_more_is_judged(
    transactions: Transactions, monkeypatch: pytest.MonkeyPatch, seconds: int, state: str
) -> None:
    """When an outcome was lost between a sender that lives on and the database, the row does not hold its lane for ever."""
    steps = sending(transactions, FakeGateway(lambda _: Done({})), Network.TELEGRAM)
    monkeypatch.setattr(steps, "_record_surely", lambda *_: None)
    store(transactions, SendChatMessage(chat_id="1", text="x"), lane="l")
    send_some(steps)
    with transactions() as uow:
        uow.session.execute(update(OutboxRow).values(sent_at=uow.now - timedelta(seconds=seconds)))
    steps.prove_some()
    assert states(transactions) == [state]


def test_a_slow_call_is_not_given_up_while_it_lasts(transactions: Transactions) -> None:
    """A row that a sender of ours has in hand is nobody else's to judge, however long a large file takes."""
    steps = sending(transactions, FakeGateway(lambda _: Done({})), Network.TELEGRAM)
    store(transactions, SendChatMessage(chat_id="1", text="x"))
    taken = steps.take().envelopes
    with transactions() as uow:
        uow.session.execute(update(OutboxRow).values(sent_at=uow.now - timedelta(hours=1)))
    steps.prove_some()
    assert states(transactions) == ["doing"]
    steps.carry(taken)
    assert states(transactions) == ["done"]


def test_an_answer_that_comes_late_ends_the_doubt(transactions: Transactions) -> None:
    """A dispatcher that lost its place while it waited still says what it learnt."""

    def superseded(_: Envelope) -> Outcome:
        other.recover()
        return Done({})

    gateway = FakeGateway(superseded)
    steps, other = (sending(transactions, gateway, Network.TELEGRAM) for _ in range(2))
    store(transactions, SendChatMessage(chat_id="1", text="x"))
    send_some(steps)
    assert states(transactions) == ["done"]


def test_a_batch_holds_the_beginning_of_a_lane_and_no_gap(transactions: Transactions) -> None:
    """Several rows of a lane may go together, always from its first on, in their order."""
    gateway = FakeGateway(lambda _: Done({}))
    steps = sending(transactions, gateway, Network.BITRIX24, per_lane=3)
    store(transactions, *(text_to_line(number) for number in range(5)))
    with transactions() as uow:
        second = uow.session.scalars(select(OutboxRow).order_by(OutboxRow.id).offset(3)).first()
        assert second is not None
        outbox.put_back(second, not_before=uow.now + timedelta(hours=1))
    send_some(steps)
    send_some(steps)
    assert states(transactions) == ["done", "done", "done", "todo", "todo"]
    assert [envelope.row_id for envelope in gateway.handed] == sorted(envelope.row_id for envelope in gateway.handed)


def test_conversations_behind_notices_of_their_lane_stop_nobody(transactions: Transactions) -> None:
    """However many urgent rows stand behind others in their lanes, the leaders of the lanes go out and then they do."""
    gateway = FakeGateway(lambda _: Done({}))
    steps = sending(transactions, gateway, Network.BITRIX24, per_lane=20)
    for number in range(12):
        notice = NotifyUser(user_id="1", text="a", tag=str(number))
        store(transactions, notice, text_to_line(number), lane=f"lane {number}")
    while send_some(steps):
        pass
    assert set(states(transactions)) == {"done"}


class Forgetful(Transactions):
    """Loses the answer to one commit, which took effect all the same."""

    lose = False

    @contextmanager
    def __call__(self, now: datetime | None = None) -> Iterator[UnitOfWork]:
        """Open a transaction; its end is heard of unless it is the one to lose."""
        with super().__call__(now) as uow:
            yield uow
        if self.lose:
            self.lose = False
            raise OperationalError("COMMIT", {}, psycopg.OperationalError("server closed the connection unexpectedly"))


def test_a_mark_whose_commit_was_not_heard_holds_no_lane(transactions: Transactions) -> None:
    """Rows marked as under way that nobody carries, since the database fell silent at that moment, are judged by the same dispatcher."""
    forgetful = Forgetful(transactions.engine)
    gateway = FakeGateway(lambda _: Done({}), TryLater("absent", after_seconds=0.0))
    steps = sending(forgetful, gateway, Network.BITRIX24)
    store(transactions, text_to_line(1))
    forgetful.lose = True
    with pytest.raises(OperationalError):
        steps.take()
    assert states(transactions) == ["doing"]
    with transactions() as uow:
        uow.session.execute(update(OutboxRow).values(sent_at=uow.now - timedelta(minutes=5)))
    steps.prove_some()
    due_now(transactions)
    steps.prove_some()
    send_some(steps)
    assert (states(transactions), len(gateway.handed)) == (["done"], 1)


@pytest.mark.parametrize(
    "trouble",
    [psycopg.errors.DeadlockDetected, psycopg.errors.DiskFull, psycopg.errors.ReadOnlySqlTransaction],
)
def test_an_outcome_waits_for_a_database_in_trouble(
    transactions: Transactions, monkeypatch: pytest.MonkeyPatch, trouble: type[psycopg.Error]
) -> None:
    """What follows from an answer, such as the id of what was made, is kept although the database quarrelled or could not write."""
    real, tries = deliveries.record, [1, 2]

    def failing(uow: UnitOfWork, row: OutboxRow, outcome: Outcome) -> None:
        if tries:
            tries.pop()
            raise DBAPIError("UPDATE", {}, trouble("not now"))
        real(uow, row, outcome)

    monkeypatch.setattr(deliveries, "record", failing)
    monkeypatch.setattr(job, "RECORD_PAUSE_SECONDS", 0.0)
    made = SaveItem(ref="company/5", fields={"title": "ABC"})
    store(transactions, made)
    answer = {"entity_type_id": 4, "entity_id": "17"}
    send_some(sending(transactions, FakeGateway(lambda _: Done(answer)), Network.BITRIX24))
    with transactions() as uow:
        assert uow.session.scalars(select(CrmLink.entity_id)).all() == ["17"]
    assert states(transactions) == ["done"]
