"""An open line that takes nothing: what is said meanwhile waits, is seen, and goes in its order over it or over another one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from b24app.bitrix24.line_watch import LineWatch
from b24app.domain.delivery import Network
from b24app.errors import InvalidState, NotFound
from b24app.jobs.sending import Pace, Sending
from b24app.manifest import manifest
from b24app.services import conversations, line_waits, lines, message_changes, messages
from b24app.services.spoken import Spoken
from storage.models import MessageCopy, OpenLine, OutboxRow, Person
from tests import factories
from tests.contract.bitrix24.conftest import Carrier, asked
from tests.contract.bitrix24.test_gateway_line import dialogs
from tests.integration.services.outgoing import said_to, sent


class Line:
    """A help conversation over a line that can be switched off."""

    def __init__(self, carrier: Carrier) -> None:
        self.carrier, self.made = carrier, carrier.deployment
        self.steps = Sending(
            Network.BITRIX24,
            carrier.gateway,
            self.made.transactions,
            Pace(batch=50, per_lane=20, settle_seconds=0.0, longest_call_seconds=0.0),
        )
        self.look()
        with self.made.transactions() as uow:
            person = factories.person(uow, "61", "ru")
            talk = conversations.open_help(uow, person)
            self.talk, self.person = talk.id, person.id
            self.line_id = lines.known(uow)[0].line_id

    def look(self) -> None:
        """Have every line looked at now."""
        with self.made.transactions() as uow:
            uow.session.execute(update(OpenLine).values(checked_at=None))
        asked(self.made, LineWatch(self.made.transactions, manifest()))

    def switch(self, active: str) -> None:
        """Switch the line on or off, as an administrator does."""
        self.made.world.as_user("imopenlines.config.update", {"CONFIG_ID": self.line_id, "PARAMS": {"ACTIVE": active}})

    def say(self, text: str) -> None:
        """Let the person write."""
        with self.made.transactions() as uow:
            talk, person = conversations.get(uow, self.talk), uow.session.get_one(Person, self.person)
            messages.say(uow, person, talk, Spoken(kind="text", text=text, source_key=f"{person.chat_id}:{text}"))

    def send(self) -> None:
        """Carry all that may go now."""
        while taken := self.steps.take().envelopes:
            self.steps.carry(taken)

    def second(self) -> OpenLine:
        """Connect another line."""
        number = self.made.world.as_user("imopenlines.config.add", {"PARAMS": {"LINE_NAME": "Вторая"}})
        self.made.installer.connect_line(str(number), "user/1")
        with self.made.transactions() as uow:
            return next(line for line in lines.known(uow) if line.line_id == str(number))

    def waiting(self) -> dict[str, int]:
        """Tell how many messages wait for which line."""
        with self.made.transactions() as uow:
            return {one.line_id: one.messages for one in line_waits.waiting(uow)}

    def shown(self) -> list[tuple[str, str]]:
        """Give what operators read of people: (line, words)."""
        said = [(str(one["line"]), row) for one in dialogs(self.carrier) for row in one["messages"]]
        return [(line, row["text"]) for line, row in said if row["incoming"]]

    def age(self, **past: float) -> None:
        """Let everything that waits have been written long ago."""
        with self.made.transactions() as uow:
            before = datetime.now(UTC) - timedelta(**past)
            uow.session.execute(update(OutboxRow).where(OutboxRow.state == "todo").values(created_at=before))


@pytest.fixture
def line(carrier: Carrier) -> Line:
    """A line on which one message has arrived."""
    line = Line(carrier)
    line.say("до")
    line.send()
    return line


def test_what_a_switched_off_line_refuses_goes_when_it_is_on_again(line: Line) -> None:
    """All that is said meanwhile, an edit too, waits in view and arrives in its order, marked late where it is; each side is told once."""
    line.switch("N")
    for text in ("первое", "второе"):
        line.say(text)
        line.send()
    with line.made.transactions() as uow:
        chat_id = uow.session.get_one(Person, line.person).chat_id
        message_changes.edit(uow, source="telegram", source_key=f"{chat_id}:первое", text="первое, исправлено")
    line.send()
    line.look()
    line.send()
    assert line.waiting() == {line.line_id: 2}
    with line.made.transactions() as uow:
        assert [one.troubles for one in lines.known(uow)] == [["inactive"]]
        assert sum("выключена" in one.text for one in sent(uow, "NotifyUser")) == 1
        assert sum("никого нет на месте" in text for text in said_to(uow, chat_id)) == 1
    line.age(hours=2)
    line.switch("Y")
    line.look()
    line.send()
    texts = [text for _, text in line.shown()]
    assert [text.splitlines()[-1] for text in texts] == ["до", "первое, исправлено", "второе"]
    assert ["написано" in text for text in texts] == [False, False, True]
    assert line.waiting() == {}


def test_what_waits_goes_over_the_line_that_a_manager_chooses(line: Line) -> None:
    """Conversations of the dead line and all that waits in them go over the chosen one; a line that takes nothing cannot be chosen."""
    line.switch("N")
    for text in ("первое", "второе"):
        line.say(text)
    line.send()
    other = line.second()
    with line.made.transactions() as uow:
        dead = next(one for one in lines.known(uow) if one.line_id == line.line_id)
        with pytest.raises(InvalidState):
            line_waits.move(uow, other.id, dead.id, "user/1")
        with pytest.raises(NotFound):
            line_waits.move(uow, dead.id, dead.id, "user/1")
        assert line_waits.move(uow, dead.id, other.id, "user/1") == 1
    line.send()
    assert [text for number, text in line.shown() if number == other.line_id] == ["первое", "второе"]


def test_what_waits_for_a_deleted_line_goes_over_the_next_one(line: Line) -> None:
    """With no line left at all messages wait as well; the line that is connected next takes them by itself."""
    line.made.world.as_user("imopenlines.config.delete", {"CONFIG_ID": line.line_id})
    line.say("первое")
    line.send()
    line.look()
    line.say("второе")
    line.send()
    assert sum(line.waiting().values()) == 2
    other = line.second()
    line.send()
    assert [text for number, text in line.shown() if number == other.line_id] == ["первое", "второе"]


def test_nothing_waits_for_a_line_without_end(line: Line) -> None:
    """After seven days a message is one of those that need a decision, and whoever looks at the copy sees that it failed."""
    line.switch("N")
    line.say("первое")
    line.send()
    line.age(days=8)
    line.look()
    assert line.waiting() == {}
    with line.made.transactions() as uow:
        row = uow.session.scalars(select(OutboxRow).where(OutboxRow.state == "dead")).one()
        assert row.payload["text"] == "первое"
        assert uow.session.scalars(select(MessageCopy.state).where(MessageCopy.outbox_key == row.key)).one() == "failed"
