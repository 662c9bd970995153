"""The table of what is carried: every cell is played with a captured payload, and the printed table is the present one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, select
from sqlalchemy.orm import Session

from b24app.domain.deliveries import SendChatFile, SendConversationMessage, delivery_from
from b24app.domain.masking import MARK
from b24app.i18n import compile_catalogues
from storage.models import Conversation, Message, OutboxRow, Person
from storage.sealing import keyring
from storage.unit_of_work import UnitOfWork
from telegram_bridge import capabilities
from telegram_bridge.capabilities import CAPABILITIES, Cell, How, Way
from telegram_bridge.updates import handle
from tests import factories
from tests.conftest import KEY, NOW, taken_back
from tests.contract.telegram.conftest import Payload

PROJECT = Path(__file__).parents[3]
IVAN = "7000000001"
_SUPPORTED = [cell for cell in CAPABILITIES if cell.how is not How.NO]
_OF_KINDS = [cell for cell in CAPABILITIES if cell.proof == "test_each_kind_travels_as_the_table_says"]


@pytest.fixture(scope="module", autouse=True)
def _catalogues() -> None:
    compile_catalogues()


@dataclass(frozen=True)
class Prepared:
    """A transaction in which a conversation was begun, and the rows of that conversation and of its factory's person."""

    connection: Connection
    conversation: int
    factory: int


@pytest.fixture(scope="module")
def prepared(shared_engine: Engine) -> Iterator[Prepared]:
    """A conversation whose buyer is the person of the captured payloads; made once, since making it takes longer than a test."""
    keyring.use([KEY])
    with shared_engine.connect() as connection, connection.begin() as whole:
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            conversation, ivan, abc, _ = factories.conversation(UnitOfWork(session, NOW))
            ivan.telegram_id = ivan.chat_id = IVAN
            session.flush()
            ids = conversation.id, abc.id
            session.commit()
        yield Prepared(connection, *ids)
        whole.rollback()


@pytest.fixture
def uow(prepared: Prepared) -> Iterator[UnitOfWork]:
    """A unit of work that finds the conversation."""
    with taken_back(prepared.connection) as uow:
        yield uow


@pytest.fixture
def talk(uow: UnitOfWork, prepared: Prepared) -> tuple[Conversation, Person]:
    """The conversation, and its factory's person."""
    return uow.session.get_one(Conversation, prepared.conversation), uow.session.get_one(Person, prepared.factory)


def _arrived(uow: UnitOfWork, message: Message, way: Way, reader: Person) -> How:
    """Tell in the table's words what is on its way."""
    network = "bitrix24" if way in {Way.LINE, Way.TIMELINE} else "telegram"
    rows = uow.session.scalars(select(OutboxRow).where(OutboxRow.network == network, OutboxRow.about != "")).all()
    sent = [delivery_from(row.kind, row.payload) for row in rows]
    if way is Way.LINE:
        [one] = [one for one in sent if type(one).__name__ == "SendToOpenLine"]
        return How.FILE if getattr(one, "files", None) else How.TEXT
    if way is Way.TIMELINE:
        assert any(type(one).__name__ == "AddTimelineComment" for one in sent)
        return How.TEXT
    copies = [one for one in sent if getattr(one, "chat_id", "") == reader.chat_id]
    if not copies:
        return How.CLEANED if message.file_state == "cleaning" else How.NO
    [copy] = copies
    if isinstance(copy, SendChatFile):
        assert copy.telegram_file_id == message.telegram_file_id
        return How.ITSELF
    if type(copy).__name__ == "SendChatAlbum":
        return How.ITSELF
    assert isinstance(copy, SendConversationMessage)
    return How.HIDDEN if copy.text.endswith(MARK) else How.TEXT


@pytest.mark.parametrize("cell", _OF_KINDS, ids=lambda cell: f"{cell.kind}: {cell.way}")
def test_each_kind_travels_as_the_table_says(
    uow: UnitOfWork, payload: Payload, talk: tuple[Conversation, Person], cell: Cell
) -> None:
    """A captured message of the kind goes in this direction in the form that the table promises."""
    conversation, reader = talk
    conversation.masked = cell.way is not Way.OPEN
    uow.session.flush()
    update = payload("photo", media_group_id="7") if cell.kind == "album" else payload(cell.kind)
    handle(uow, update)
    uow.session.flush()
    message = uow.session.scalars(select(Message).order_by(Message.id.desc()).limit(1)).one()
    assert _arrived(uow, message, cell.way, reader) is cell.how


def test_every_supported_cell_has_a_test() -> None:
    """No cell claims support without naming a test that exists."""
    sources = "".join(path.read_text() for path in (PROJECT / "tests").rglob("test_*.py"))
    known = set(re.findall(r"^def (test_\w+)", sources, re.MULTILINE))
    assert {cell.proof for cell in _SUPPORTED} - known == set()
    assert all(cell.proof for cell in _SUPPORTED)


def test_a_cell_stands_once() -> None:
    """No kind says two things of one direction."""
    named = [(cell.kind, cell.way) for cell in CAPABILITIES]
    assert len(named) == len(set(named))


def test_the_document_holds_the_present_table() -> None:
    """docs/bridge.md was printed after the last change of the table."""
    assert capabilities.markdown() in (PROJECT / "docs" / "bridge.md").read_text()
