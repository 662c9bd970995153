"""Whatever breaks between taking a row and recording its outcome: nothing twice, order within a lane, nothing lost.

A state machine plays people who store messages, a dispatcher with several batches in flight, a network that executes, refuses, loses
answers, and processes that die. The model is the network's own memory of what it has executed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import delete, select, update

from b24app.domain.deliveries import FireTrigger, SendChatMessage, SendToOpenLine, SetReaction
from b24app.domain.delivery import Delivery, Network
from b24app.domain.outcomes import Done, Envelope, Outcome, Refused, TryLater, Unclear
from b24app.jobs.sending import Pace, Sending
from storage.models import OutboxRow
from storage.unit_of_work import Transactions

LANES = st.sampled_from(["a", "b", "c"])
BEHIND = TryLater("An earlier message of its lane goes first.", after_seconds=0.0, counted=False)
HAPPENED = {"done", "executed, answer lost"}
FATES = st.sampled_from(
    ["done", "done", "done", "executed, answer lost", "not executed, answer lost", "later", "closed", "refused"]
)
PROOFS = st.sampled_from(["truth", "truth", "truth", "no answer", "cannot be known"])
ANSWERS: dict[str, Callable[[], Outcome]] = {
    "done": lambda: Done({}),
    "executed, answer lost": lambda: Unclear("The answer was lost."),
    "not executed, answer lost": lambda: Unclear("The answer was lost."),
    "later": lambda: TryLater("busy"),
    "closed": lambda: TryLater("closed", counted=False),
    "refused": lambda: Refused("no", "NO"),
}


def to_portal(lane: str, number: int, *, once: bool) -> Delivery:
    """Give a message that is looked up after a lost answer, or one that is simply repeated."""
    if not once:
        return FireTrigger(code=f"t{number}", ref=f"lot/{lane}")
    return SendToOpenLine(
        conversation_id=lane,
        conversation_title="x",
        message_id=str(number),
        speaker_id="1",
        speaker_name="x",
        text=str(number),
        sent_at_epoch=1,
    )


def to_chat(lane: str, number: int, *, once: bool) -> Delivery:
    """Give a message whose doubt only a person can end, or one that is simply repeated."""
    if not once:
        return SetReaction(chat_id=lane, message_id=str(number), emoji="👍")
    return SendChatMessage(chat_id=lane, text=str(number))


MESSAGES: dict[Network, Callable[..., Delivery]] = {Network.BITRIX24: to_portal, Network.TELEGRAM: to_chat}


@dataclass
class World:
    """The other side: remembers what it executed, in order; `fates` say what becomes of the next calls."""

    executed: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    fates: list[str] = field(default_factory=list)
    proof: str = "truth"

    def pause(self) -> float:
        """Never wait."""
        return 0.0

    def send(self, envelopes: list[Envelope]) -> list[Outcome]:
        """Execute in order; what follows a failure in its lane does not happen, as with a batch that stops."""
        stopped: set[str] = set()
        outcomes: list[Outcome] = []
        for envelope in envelopes:
            fate = self.fates.pop() if self.fates else "done"
            if envelope.lane in stopped:
                outcomes.append(BEHIND)
                continue
            if fate in HAPPENED:
                self.executed[envelope.lane].append(envelope.row_id)
            if fate != "done":
                stopped.add(envelope.lane)
            outcomes.append(ANSWERS[fate]())
        return outcomes

    def prove(self, envelopes: list[Envelope]) -> list[Outcome]:
        """Tell the truth about effects, or nothing."""
        return [self._proven(envelope) for envelope in envelopes]

    def _proven(self, envelope: Envelope) -> Outcome:
        if self.proof == "no answer":
            return Unclear("unreachable", counted=False)
        if self.proof == "cannot be known":
            return Unclear("nobody knows")
        there = envelope.row_id in self.executed[envelope.lane]
        return Done({}) if there else TryLater("absent", after_seconds=0.0)


class Deliveries(RuleBasedStateMachine):
    """One network between its outbox and the world."""

    def __init__(self, transactions: Transactions, network: Network) -> None:
        super().__init__()
        self.transactions, self.network = transactions, network
        self.world = World()
        self.sending = self.fresh()
        self.in_flight: list[list[Envelope]] = []
        self.stored: dict[int, bool] = {}
        self.numbers = 0
        with transactions() as uow:
            uow.session.execute(delete(OutboxRow))

    def fresh(self) -> Sending:
        """Give a dispatcher that remembers nothing."""
        return Sending(
            self.network,
            self.world,
            self.transactions,
            Pace(batch=6, per_lane=3, settle_seconds=0.0, longest_call_seconds=0.0),
        )

    @rule(lane=LANES, once=st.booleans())
    def store(self, lane: str, once: bool) -> None:
        """Somebody says something."""
        self.numbers += 1
        with self.transactions() as uow:
            key = uow.send(MESSAGES[self.network](lane, self.numbers, once=once), lane=lane)
            number = uow.session.scalars(select(OutboxRow.id).where(OutboxRow.key == key)).one()
        self.stored[number] = once

    @precondition(lambda self: len(self.in_flight) < 3)
    @rule()
    def take(self) -> None:
        """A sender takes a batch."""
        taken = self.sending.take().envelopes
        if taken:
            self.in_flight.append(taken)

    @precondition(lambda self: self.in_flight)
    @rule(which=st.integers(0, 2), fates=st.lists(FATES, min_size=6, max_size=6))
    def carry(self, which: int, fates: list[str]) -> None:
        """A batch is called out and what came of it recorded."""
        self.world.fates = fates
        self.sending.carry(self.in_flight.pop(which % len(self.in_flight)))

    @precondition(lambda self: self.in_flight)
    @rule(called=st.integers(0, 3), fates=st.lists(FATES, min_size=6, max_size=6))
    def die(self, called: int, fates: list[str]) -> None:
        """The process is killed, some of its batches called out and none recorded; another one judges what it left."""
        for envelopes in self.in_flight[:called]:
            self.world.fates = list(fates)
            self.world.send(envelopes)
        self.in_flight = []
        self.sending = self.fresh()
        self.sending.recover()

    @rule(proof=PROOFS)
    def prove(self, proof: str) -> None:
        """What is in doubt is looked up."""
        self.world.proof = proof
        self.sending.prove_some()

    @rule()
    def time_passes(self) -> None:
        """Every pause is over."""
        with self.transactions() as uow:
            uow.session.execute(update(OutboxRow).values(not_before=None))

    @invariant()
    def nothing_happens_twice_or_out_of_order(self) -> None:
        """What may not be repeated happens once; first executions of a lane follow the order of saying."""
        for numbers in self.world.executed.values():
            counted = Counter(numbers)
            assert not [number for number, times in counted.items() if times > 1 and self.stored[number]]
            assert list(counted) == sorted(counted)

    def teardown(self) -> None:
        """In a world at peace everything ends: done and executed, or shown to a person."""
        for envelopes in self.in_flight:
            self.world.fates = []
            self.sending.carry(envelopes)
        self.world.proof = "truth"
        for _ in range(200):
            self.time_passes()
            self.world.fates = []
            taken = self.sending.take().envelopes
            self.sending.carry(taken)
            if not self.sending.prove_some() and not taken:
                break
        self.nothing_happens_twice_or_out_of_order()
        self.compare_in_the_end()

    def compare_in_the_end(self) -> None:
        """Compare every row with what the world knows of it."""
        happened = {number for numbers in self.world.executed.values() for number in numbers}
        with self.transactions() as uow:
            states = {row.id: row.state for row in uow.session.execute(select(OutboxRow.id, OutboxRow.state))}
        assert set(states) == set(self.stored)
        assert set(states.values()) <= {"done", "dead", "uncertain"}
        for number, state in states.items():
            assert state != "done" or number in happened
            assert state != "dead" or number not in happened or not self.stored[number]


@pytest.mark.parametrize("network", list(Network))
def test_nothing_twice_nothing_lost_in_order(transactions: Transactions, network: Network) -> None:
    """Over every order of storing, taking, calling, dying and proving, both worlds agree in the end."""
    machine: Any = partial(Deliveries, transactions, network)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=30, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
