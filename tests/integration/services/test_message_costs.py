"""What one message of a conversation costs the database, as docs/bridge.md tells it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from sqlalchemy import event

from b24app.services import messages
from storage.models import Conversation, Person
from storage.unit_of_work import UnitOfWork
from tests import factories


def _statements(uow: UnitOfWork, work: Callable[[], object]) -> int:
    counted: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        counted.append(statement)

    engine = uow.session.connection().engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        work()
        uow.session.flush()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(counted)


def test_a_message_costs_no_more_statements_than_told(uow: UnitOfWork) -> None:
    """A buyer's text takes 22 statements, an operator's 18, whichever message of the conversation it is."""
    talk, ivan, _, _ = factories.conversation(uow)
    talk.line_chat_id = "777"
    talk_id, ivan_id = talk.id, ivan.id
    for number in range(2):
        uow.session.flush()
        uow.session.expire_all()
        there, person = uow.session.get_one(Conversation, talk_id), uow.session.get_one(Person, ivan_id)
        buyers = _statements(
            uow,
            partial(messages.say, uow, person, there, kind="text", text="Да", source_key=f"1:{number}"),
        )
        uow.session.expire_all()
        operators = _statements(
            uow,
            partial(
                messages.say_as_manager,
                uow,
                line_chat_id="777",
                user_id="1",
                user_name="",
                text="Нет",
                source_key=f"777:{number}",
            ),
        )
    assert (buyers <= 22, operators <= 18) == (True, True), (buyers, operators)
