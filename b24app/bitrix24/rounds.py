"""Asking the portal many things in few calls: each call counts against its limit, however much it asks.

Run every minute, and at the start of a worker, by one worker of all. A question is a generator: it yields commands, is given their
answers, and may go on asking; the commands of all questions travel together. Knows nothing of what is asked.
"""

from __future__ import annotations

import logging
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Sequence
from datetime import datetime
from typing import TypeVar

from b24app.bitrix24.client import BATCH_LIMIT, Answer, Command, RestClient
from b24app.bitrix24.connection import Connection
from b24app.bitrix24.oauth import TokenKeeper
from b24app.errors import GatewayError, Rejected
from b24app.services import portals
from storage.unit_of_work import Transactions

Found = TypeVar("Found")
Asking = Generator[Sequence[Command], Sequence[Answer], Found]

SPACING_SECONDS = 30.0
"""A round that is asked for sooner after the last is left out: at a worker's start the clock asks for one as well."""

log = logging.getLogger(__name__)


class Question(ABC):
    """Something that is asked of the portal in every round."""

    @abstractmethod
    def ask(self, connection: Connection, portal_id: int, now: datetime) -> Asking[int]:
        """Yield commands and use their answers; gives how much was found.

        A call that failed as a whole is raised where its commands were yielded; `connection` is for what is rarely needed.
        """


class Round:
    """All questions to the current portal."""

    def __init__(
        self, transactions: Transactions, client: RestClient, keeper: TokenKeeper, questions: Sequence[Question]
    ) -> None:
        self._transactions = transactions
        self._client = client
        self._keeper = keeper
        self._questions = questions
        self._apart = False
        self._due = 0.0
        self._looking = threading.Lock()

    def run(self) -> None:
        """Ask, unless that was done a moment ago. A portal that gives no answer is asked again in the next round."""
        with self._looking:
            now = time.monotonic()
            if now < self._due:
                return
            self._due = now + SPACING_SECONDS
        self.ask_all()

    def ask_all(self) -> list[int]:
        """Ask now; answers how much each question found."""
        with self._transactions() as uow:
            portal, now = portals.current(uow), uow.now
        if portal is None or portal.state != "active":
            return [0 for _ in self._questions]
        connection = Connection(self._client, self._keeper, portal.id, urgent=False)
        steps = [_Steps(one, one.ask(connection, portal.id, now)) for one in self._questions]
        # Whatever one question breaks must not keep the others from being answered for ever.
        apart, self._apart = self._apart, False
        for group in [[one] for one in steps] if apart else [steps]:
            while going := [one for one in group if one.commands]:
                self._carry(connection, going)
        return [one.found for one in steps]

    def _carry(self, connection: Connection, going: Sequence[_Steps]) -> None:
        commands = [command for one in going for command in one.commands]
        answers: list[Answer] = []
        try:
            for begin in range(0, len(commands), BATCH_LIMIT):
                answers += connection.batch(commands[begin : begin + BATCH_LIMIT])
        except GatewayError as error:
            if isinstance(error, Rejected) and len(going) > 1:
                # Whose fault a refusal is shows when each asks for itself.
                for one in going:
                    self._carry(connection, [one])
                return
            self._apart = len(going) > 1
            for one in going:
                one.fail(error)
            return
        for one in going:
            count = len(one.commands)
            one.go_on(answers[:count])
            answers = answers[count:]


class _Steps:
    """How far one question has come: the commands it wants carried next, none when it is over."""

    def __init__(self, question: Question, asking: Asking[int]) -> None:
        self.commands: Sequence[Command] = ()
        self.found = 0
        self._name = type(question).__name__
        self._asking = asking
        self.go_on(None)

    def go_on(self, answers: Sequence[Answer] | None) -> None:
        """Hand answers over and see what is wanted next."""
        self._step(lambda: self._asking.send(answers) if answers is not None else next(self._asking))

    def fail(self, error: GatewayError) -> None:
        """Tell that nothing was answered."""
        self._step(lambda: self._asking.throw(error))

    def _step(self, step: Callable[[], Sequence[Command]]) -> None:
        self.commands = ()
        try:
            self.commands = step()
            while not self.commands:
                self.commands = self._asking.send(())
        except StopIteration as over:
            self.found = over.value
        except GatewayError as error:
            log.info("The portal did not answer %s: %s", self._name, error)
        except Exception:
            # The others must not wait for it, and in a minute it is tried again.
            log.exception("%s failed", self._name)
