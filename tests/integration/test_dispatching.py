"""Several senders share one outbox: each message wakes as few of them as it needs, and conversations always find one."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from b24app.domain.deliveries import BroadcastMessage, SendConversationMessage
from b24app.domain.delivery import Network
from b24app.domain.outcomes import Done, Envelope, Outcome, Unclear
from b24app.jobs.dispatching import Dispatcher
from b24app.jobs.sending import Pace
from sandbox.visitors import until
from storage.models import OutboxRow
from storage.unit_of_work import Transactions
from tests.integration.test_sending import text_to_line

DOUBTS = 20


class Watched:
    """A gateway that counts how often it is asked for leave, and may be slow with some messages."""

    def __init__(self) -> None:
        self.looks = 0
        self.sent: list[str] = []
        self.held = threading.Event()

    def pause(self) -> float:
        """Never wait."""
        self.looks += 1
        return 0.0

    def send(self, envelopes: list[Envelope]) -> list[Outcome]:
        """Take broadcasts slowly: until they are let go."""
        if any(isinstance(envelope.delivery, BroadcastMessage) for envelope in envelopes):
            self.held.wait(20)
        self.sent += [envelope.delivery.payload()["text"] for envelope in envelopes]
        return [Done({}) for _ in envelopes]

    def wait_until_sent(self, count: int) -> None:
        """Wait until so many messages have gone."""
        deadline = time.monotonic() + 20
        while len(self.sent) < count:
            assert time.monotonic() < deadline
            time.sleep(0.005)

    def prove(self, envelopes: list[Envelope]) -> list[Outcome]:
        """Find everything."""
        return [Done({}) for _ in envelopes]


class Forgetful(Watched):
    """A gateway whose answers all get lost, and which is found to have sent everything."""

    def send(self, envelopes: list[Envelope]) -> list[Outcome]:
        """Send, and leave it in doubt."""
        super().send(envelopes)
        return [Unclear("The answer was lost.") for _ in envelopes]


@contextmanager
def dispatching(
    transactions: Transactions, gateway: Watched, address: str, network: Network = Network.TELEGRAM, batch: int = 2
) -> Iterator[None]:
    """Run a dispatcher with six senders, two of them for conversations."""
    pace = Pace(batch=batch, per_lane=batch if network is Network.BITRIX24 else 1, settle_seconds=0.0)
    dispatcher = Dispatcher(network, gateway, transactions, pace, senders=6, reserved=2)
    stop = threading.Event()
    thread = threading.Thread(target=dispatcher.run, args=(address, stop))
    thread.start()
    try:
        yield
    finally:
        gateway.held.set()
        stop.set()
        thread.join()


def say(transactions: Transactions, number: int) -> None:
    """Store one message of a conversation."""
    with transactions() as uow:
        uow.send(SendConversationMessage(chat_id=str(number), text=f"said {number}"))


def test_a_message_wakes_one_sender(transactions: Transactions, database_url: str) -> None:
    """Ten messages one by one cost about two looks into the outbox each, however many senders stand ready."""
    gateway = Watched()
    with dispatching(transactions, gateway, database_url):
        say(transactions, 0)
        gateway.wait_until_sent(1)
        before = gateway.looks
        for number in range(1, 11):
            say(transactions, number)
            gateway.wait_until_sent(number + 1)
        assert gateway.looks - before <= 40


def test_conversations_find_a_free_sender(transactions: Transactions, database_url: str) -> None:
    """While a broadcast holds every sender that it may have, what people say goes out at once."""
    gateway = Watched()
    with dispatching(transactions, gateway, database_url):
        with transactions() as uow:
            for number in range(30):
                uow.send(BroadcastMessage(chat_id=f"b{number}", text="news"))
        time.sleep(0.3)
        for number in range(3):
            say(transactions, number)
        gateway.wait_until_sent(3)
        assert set(gateway.sent) == {"said 0", "said 1", "said 2"}


def test_the_doubts_of_a_lane_are_cleared_without_pauses(transactions: Transactions, database_url: str) -> None:
    """Twenty messages of a conversation whose answers were lost are looked up one behind the other, not one a second."""
    gateway = Forgetful()
    with dispatching(transactions, gateway, database_url, Network.BITRIX24, batch=DOUBTS):
        with transactions() as uow:
            for number in range(DOUBTS):
                uow.send(text_to_line(number))
        gateway.wait_until_sent(DOUBTS)
        began = time.monotonic()
        until("all of them to be found", lambda: finished(transactions) == DOUBTS)
        assert time.monotonic() - began < DOUBTS / 2


def finished(transactions: Transactions) -> int:
    """Count what has arrived."""
    with transactions() as uow:
        return uow.session.query(OutboxRow).filter_by(state="done").count()
