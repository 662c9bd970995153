"""What is asked of the portal every minute travels together, and nothing that one question breaks silences the others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import requests

from b24app.bitrix24.client import Command
from b24app.bitrix24.connection import Connection
from b24app.bitrix24.line_watch import LineWatch
from b24app.bitrix24.offline import MissedEvents
from b24app.bitrix24.owner import OwnerWatch
from b24app.bitrix24.recovery import LineRecovery
from b24app.bitrix24.rounds import Asking, Question, Round
from b24app.bitrix24.stuck import StuckWorkflows
from b24app.manifest import manifest
from b24app.services import reports
from tests.contract.bitrix24.conftest import Carrier, Deployment


class Counting(Question):
    """Asks for the profile several times and finds how often it was answered."""

    def __init__(self, times: int, breaks: bool = False) -> None:
        self._times, self._breaks = times, breaks

    def ask(self, connection: Connection, portal_id: int, now: datetime) -> Asking[int]:
        """Ask one after the other."""
        answered = 0
        for _ in range(self._times):
            if self._breaks:
                raise ValueError("It is broken.")
            (answer,) = yield [Command("profile", {})]
            answered += answer.error is None
        return answered


def round_of(made: Deployment, questions: Sequence[Question]) -> Round:
    """Put questions together as the worker does."""
    return Round(made.transactions, made.client, made.keeper, questions)


def requests_of(made: Deployment) -> list[dict[str, Any]]:
    """Give the calls that the portal counts against its limit."""
    calls = requests.get(f"{made.world.url}/sandbox/calls", timeout=20).json()["calls"]
    return [call for call in calls if call["via"] == "single"]


def test_a_whole_round_costs_the_call_that_its_longest_question_needs(carrier: Carrier) -> None:
    """Nothing being amiss, missed events, the dialogues, the lines, processes and the owner are one request together."""
    made = carrier.deployment
    everything = [
        MissedEvents(made.transactions),
        LineRecovery(made.transactions),
        LineWatch(made.transactions, manifest()),
        StuckWorkflows(made.transactions),
        OwnerWatch(made.transactions),
    ]
    round_of(made, everything[:1]).ask_all()
    before = len(requests_of(made))
    round_of(made, everything).ask_all()
    assert len(requests_of(made)) - before == 1


def test_each_question_gets_its_own_answers(installed: Deployment) -> None:
    """Questions of different length go on side by side; one that breaks finds nothing and harms nobody."""
    before = len(requests_of(installed))
    found = round_of(installed, [Counting(1), Counting(2, breaks=True), Counting(3)]).ask_all()
    assert found == [1, 0, 3]
    assert len(requests_of(installed)) - before == 3


def test_after_a_lost_call_each_question_goes_by_itself_once(installed: Deployment) -> None:
    """A question that the portal cannot bear loses its own answers the next time, not everybody's."""
    together = round_of(installed, [Counting(1), Counting(1)])
    installed.world.fault({"match": {"method": "batch"}, "action": "drop_before", "times": 1})
    assert together.ask_all() == [0, 0]
    installed.world.fault({"match": {"method": "batch"}, "action": "drop_before", "times": 1})
    assert together.ask_all() == [0, 1]
    assert together.ask_all() == [1, 1]


def test_a_refused_call_is_parted_at_once(installed: Deployment) -> None:
    """What refuses one question is no answer to the others: each is asked by itself, and the owner is not taken for dismissed."""
    fault = {"match": {"method": "batch"}, "action": "error", "error": "ACCESS_DENIED", "status": 403, "times": 1}
    installed.world.fault(fault)
    found = round_of(installed, [Counting(2), OwnerWatch(installed.transactions)]).ask_all()
    with installed.transactions() as uow:
        owner = reports.read(uow, "owner")
    assert (found, owner and owner.content["trouble"]) == ([2, 1], "")


def test_a_second_round_right_after_the_first_is_left_out(installed: Deployment) -> None:
    """A worker that starts is told twice to ask, and asks once."""
    before, together = len(requests_of(installed)), round_of(installed, [Counting(1)])
    together.run()
    together.run()
    assert len(requests_of(installed)) - before == 1
