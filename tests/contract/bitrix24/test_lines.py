"""Several open lines on the portal: routing, a line that is lost, a line that speaks by itself, nobody there."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from b24app.bitrix24.client import Answer
from b24app.bitrix24.connection import Connection
from b24app.bitrix24.line_watch import LineWatch
from b24app.domain.deliveries import BringColleague
from b24app.domain.outcomes import Done, Refused
from b24app.errors import Rejected
from b24app.manifest import manifest
from b24app.services import conversations, lines, messages
from b24app.services.spoken import Spoken
from storage.models import Conversation, OpenLine, OutboxRow, Person
from storage.unit_of_work import UnitOfWork
from tests import factories
from tests.contract.bitrix24.conftest import Carrier, asked, envelope_of
from tests.contract.bitrix24.test_gateway_line import WORDS, dialogs
from tests.integration.services.outgoing import said_to, sent


def _help(uow: UnitOfWork, telegram_id: str, language: str) -> tuple[Conversation, Person]:
    person = factories.person(uow, telegram_id, language)
    return conversations.open_help(uow, person), person


def _ask(uow: UnitOfWork, talk: Conversation, person: Person, key: str) -> None:
    messages.say(uow, person, talk, Spoken(kind="text", text=f"Вопрос {key}", source_key=f"{person.chat_id}:{key}"))


def _second_line(carrier: Carrier, language: str) -> str:
    made = carrier.deployment.world.as_user("imopenlines.config.add", {"PARAMS": {"LINE_NAME": "Oʻzbekcha"}})
    carrier.deployment.installer.connect_line(str(made), "user/1")
    with carrier.deployment.transactions() as uow:
        first, second = lines.known(uow)
        lines.change(uow, second.id, language, "", default=False, actor="user/1")
        lines.change(uow, first.id, "", "", default=True, actor="user/1")
        return second.line_id


def _watch(carrier: Carrier) -> int:
    return asked(carrier.deployment, LineWatch(carrier.deployment.transactions, manifest()))


def test_people_of_a_language_reach_their_own_line(carrier: Carrier) -> None:
    """An Uzbek question arrives on the Uzbek line, a Russian one on the other; a dialogue that began stays on its line."""
    _watch(carrier)
    uzbek = _second_line(carrier, "uz")
    for language, number in (("uz", "41"), ("ru", "42")):
        with carrier.deployment.transactions() as uow:
            talk, person = _help(uow, number, language)
            _ask(uow, talk, person, "1")
            (line,) = [one for one in sent(uow, "SendToOpenLine") if one.conversation_id == str(talk.id)]
            assert talk.line_id
            assert (talk.line_id == uzbek) == (language == "uz")
        assert isinstance(carrier.gateway.send([envelope_of(line)])[0], Done)
    lines_used = {dialog["line"] for dialog in dialogs(carrier)}
    assert len(lines_used) == 2


def test_a_deleted_line_hands_its_conversations_over(carrier: Carrier) -> None:
    """The job notices that a line is gone: whoever installed us is told, and the next message goes over the line that is left."""
    _watch(carrier)
    uzbek = _second_line(carrier, "uz")
    with carrier.deployment.transactions() as uow:
        talk, person = _help(uow, "43", "uz")
        _ask(uow, talk, person, "1")
        number = talk.id
        assert talk.line_id == uzbek
    carrier.deployment.world.as_user("imopenlines.config.delete", {"CONFIG_ID": uzbek})
    assert _watch(carrier) >= 1
    with carrier.deployment.transactions() as uow:
        talk = conversations.get(uow, number)
        assert talk.line_id == ""
        _ask(uow, talk, uow.session.get_one(Person, talk.person_id), "2")
        assert talk.line_id not in {"", uzbek}
        told = uow.session.scalars(select(OutboxRow.payload).where(OutboxRow.kind == "NotifyUser")).all()
        assert any("удалена" in one["text"] for one in told)


def test_a_line_that_gives_no_answer_keeps_no_other_from_being_looked_at(carrier: Carrier) -> None:
    """The portal refuses to tell one line: the others are judged all the same, and that one is asked for again."""
    _watch(carrier)
    _second_line(carrier, "uz")
    with carrier.deployment.transactions() as uow:
        for line in lines.known(uow):
            line.checked_at = None
    made = carrier.deployment
    connection = Connection(made.client, made.keeper, 1)
    asking = LineWatch(made.transactions, manifest()).ask(connection, 1, datetime.now(UTC))
    assert len(next(asking)) == 2
    asking.send([Answer(error=Rejected("No.", code="ACCESS_DENIED")), Answer(result={})])
    with pytest.raises(StopIteration) as over:
        asking.send([Answer(result={"ACTIVE": "Y"}), Answer(result={})])
    assert over.value.value == 1
    with made.transactions() as uow:
        assert [line.checked_at is None for line in lines.known(uow)] == [True, False]


def test_a_line_with_a_voice_of_its_own_is_found_and_put_right(carrier: Carrier) -> None:
    """Texts that somebody switched on are told, and one press later they are off again."""
    _watch(carrier)
    with carrier.deployment.transactions() as uow:
        line_id = lines.known(uow)[0].line_id
    loud = {
        "CONFIG_ID": line_id,
        "PARAMS": {"WELCOME_MESSAGE": "Y", "CRM_CREATE": "lead", "WORKTIME_DAYOFF_RULE": "text"},
    }
    carrier.deployment.world.as_user("imopenlines.config.update", loud)
    with carrier.deployment.transactions() as uow:
        uow.session.query(OpenLine).update({"checked_at": None})
    _watch(carrier)
    with carrier.deployment.transactions() as uow:
        (line,) = lines.known(uow)
        assert line.troubles == ["loud"]
        lines.ask_to_mend(uow, line.id, "user/1")
    _watch(carrier)
    with carrier.deployment.transactions() as uow:
        assert lines.known(uow)[0].troubles == []
    config = carrier.deployment.world.as_user("imopenlines.config.get", {"CONFIG_ID": line_id})
    assert [config[name] for name in loud["PARAMS"]] == ["N", "none", "none"]


def test_whoever_asks_an_empty_desk_is_told_once(uow: UnitOfWork) -> None:
    """While no operator is on the line a call for help is kept and answered with one word a day that nobody is there."""
    lines.connected(uow, "1", "user/1").troubles = ["offline"]
    talk, person = _help(uow, "44", "ru")
    for key in ("1", "2"):
        _ask(uow, talk, person, key)
    assert sum("никого нет на месте" in text for text in said_to(uow, person.chat_id)) == 1
    assert len(sent(uow, "SendToOpenLine")) == 2


def test_a_colleague_is_called_in_and_takes_over(carrier: Carrier) -> None:
    """The portal lets the colleague into the dialogue, then hands it over; before there is a dialogue the message is refused."""
    early = BringColleague(conversation_id="1", user_id="2")
    assert isinstance(carrier.gateway.send([envelope_of(early)])[0], Refused)
    answer = carrier.done(WORDS)
    with carrier.deployment.transactions() as uow:
        uow.session.add(Conversation(id=1, kind="help", line_chat_id=answer["chat_id"]))
    for instead in (False, True):
        outcome = carrier.gateway.send([envelope_of(BringColleague(conversation_id="1", user_id="2", instead=instead))])
        assert isinstance(outcome[0], Done), outcome
    (dialog,) = dialogs(carrier)
    assert "2" in [str(one) for one in dialog["users"]]
