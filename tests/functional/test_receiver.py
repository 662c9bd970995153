"""What is said while only the receiver runs."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from sandbox.chaos.cast import Casting
from sandbox.chaos.people import Office, TelegramPerson
from sandbox.stack import Stack
from sandbox.visitors import send, until
from sandbox.witness import Witness
from tests.functional.stacks import running

WAITING = "SELECT source, count(*) FROM inbox WHERE state = 'todo' GROUP BY source"


@pytest.fixture
def stack(database_url: str) -> Iterator[Stack]:
    """An installed application."""
    with running(database_url) as stack:
        stack.install()
        yield stack


def waiting(stack: Stack) -> dict[str, int]:
    """Count what is stored and not yet worked, by source."""
    with psycopg.connect(stack.environment["DATABASE_URL"]) as connection:
        return dict(connection.execute(WAITING).fetchall())


def test_what_the_receiver_stores_is_worked_when_the_rest_is_back(stack: Stack) -> None:
    """A buyer and an operator talk while web and workers are gone: nobody is refused, and both are heard once a worker runs again."""
    person, office, world = (
        TelegramPerson(stack, Casting(seed=3).cast(1, 1).guests[0].person),
        Office(stack),
        Witness(stack),
    )
    person.register()
    person.write("/help")
    person.write("Первый вопрос zubaba")
    until("the dialogue", lambda: any("zubaba" in text for text in world.line_texts()))
    stack.kill_worker()
    stack.processes.kill("web")
    stack.start_web("receiver", module="b24app.receiver_wsgi:app")

    person.write("Второй вопрос zudede")
    assert office.say(["zubaba"], "Коллега, zufifi согласовано")
    until("both to be stored", lambda: waiting(stack).keys() >= {"telegram", "bitrix24.event"})
    assert send("GET", f"{stack.app_url}/app/").status == 404
    assert not any("zufifi" in text for text in world.bot_texts(int(person.chat)))

    stack.start_worker()
    until("the buyer's words", lambda: sum("zudede" in text for text in world.line_texts()) == 1)
    until("the operator's words", lambda: sum("zufifi" in text for text in world.bot_texts(int(person.chat))) == 1)
    until("nothing to be left", lambda: not waiting(stack))
