"""What one message of a conversation costs the database, as docs/bridge.md tells it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from sqlalchemy import event

from b24app.services import messages
from b24app.services.spoken import Spoken, SpokenByManager
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


def _as_in_a_new_transaction(uow: UnitOfWork) -> None:
    """Let the session know nothing, not even what somebody still holds."""
    uow.session.flush()
    uow.session.expunge_all()
    uow.session.info.clear()


def test_a_message_costs_no_more_statements_than_told(uow: UnitOfWork) -> None:
    """A buyer's text takes 23 statements, an operator's 19, whichever message of the conversation it is."""
    talk, ivan, _, _ = factories.conversation(uow)
    talk.line_chat_id = "777"
    talk_id, ivan_id = talk.id, ivan.id
    for number in range(2):
        _as_in_a_new_transaction(uow)
        there, person = uow.session.get_one(Conversation, talk_id), uow.session.get_one(Person, ivan_id)
        asked = Spoken(kind="text", text="Да", source_key=f"1:{number}")
        buyers = _statements(uow, partial(messages.say, uow, person, there, asked))
        _as_in_a_new_transaction(uow)
        answered = SpokenByManager(user_id="1", user_name="", text="Нет", source_key=f"777:{number}")
        operators = _statements(uow, partial(messages.say_as_manager, uow, answered, line_chat_id="777"))
    assert (buyers <= 23, operators <= 19) == (True, True), (buyers, operators)
