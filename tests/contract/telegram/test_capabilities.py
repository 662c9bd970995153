"""The table of what is carried: every cell is played with a captured payload, and the printed table is the present one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import pytest
import responses
from sqlalchemy import Connection, Engine, select
from sqlalchemy.orm import Session

from b24app.config import Settings
from b24app.domain.deliveries import delivery_from
from b24app.domain.masking import MARK
from b24app.domain.outcomes import Done, Envelope
from storage.models import Conversation, Message, OutboxRow, Person
from storage.sealing import keyring
from storage.unit_of_work import Transactions, UnitOfWork
from telegram_bridge import capabilities
from telegram_bridge.capabilities import CAPABILITIES, Cell, How, Way
from telegram_bridge.gateway import TelegramGateway
from telegram_bridge.updates import handle
from tests import factories
from tests.conftest import KEY, NOW, taken_back
from tests.contract.telegram.conftest import API, TOKEN, Payload

PROJECT = Path(__file__).parents[3]
IVAN = "7000000001"
_SUPPORTED = [cell for cell in CAPABILITIES if cell.how is not How.NO]
_OF_KINDS = [cell for cell in CAPABILITIES if cell.proof == "test_each_kind_travels_as_the_table_says"]


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


class Phone:
    """Telegram as a reader's chat meets it: it takes every call, and knows what was asked of it."""

    def __init__(self, gateway: TelegramGateway, api: responses.RequestsMock) -> None:
        self._gateway, self._api = gateway, api

    def gets(self, copies: list[Any], chat_id: str) -> list[tuple[str, str]]:
        """Send copies into the chat; answers the methods and bodies of the calls."""
        answered = {"message_id": 5, "chat": {"id": int(chat_id), "type": "private"}, "date": 1772443800}
        bot = {"id": 1, "is_bot": True, "first_name": "Market", "username": "market_bot"}
        self._api.post(f"{API}/bot{TOKEN}/getMe", json={"ok": True, "result": bot})
        self._api.post(re.compile(f"{API}/bot{TOKEN}/send"), json={"ok": True, "result": answered})
        [outcome] = self._gateway.send(
            [Envelope(row_id=1, key="k", lane="l", attempt=1, delivery=one) for one in copies]
        )
        assert isinstance(outcome, Done)
        asked = [call.request for call in self._api.calls]
        calls = [(str(one.url).rpartition("/")[2], unquote_plus(str(one.body))) for one in asked]
        return [call for call in calls if call[0] != "getMe"]


@pytest.fixture
def phone(settings: Settings, shared_engine: Engine, api: responses.RequestsMock) -> Iterator[Phone]:
    """Telegram, reached by the gateway."""
    gateway = TelegramGateway(settings=settings, transactions=Transactions(shared_engine))
    yield Phone(gateway, api)
    gateway.close()


@dataclass(frozen=True)
class Seen:
    """What somebody gets to see of a captured message: its words, and the file by its id where there is one."""

    words: tuple[str, ...] = ()
    file: str = ""
    name: str = ""
    """What the file is called for the operator; by its end the portal tells a picture from other files."""
    never: tuple[str, ...] = ()
    """What must not be seen before the contract."""


SEEN = {
    "text": Seen(("20 000",)),
    "photo": Seen(("Образец",), "AgLarge", "photo.jpg"),
    "album": Seen(("Образец",), "AgLarge", "photo.jpg"),
    "voice": Seen(file="AwVoice", name="voice.ogg"),
    "sticker": Seen(file="CAStick", name="sticker.webp"),
    "video_note": Seen(file="DQNote", name="video_note.mp4"),
    "video": Seen(file="BaVideo", name="цех.mp4"),
    "audio": Seen(file="CQAudio", name="audio.mp3"),
    "document": Seen(("Техническое задание",), "BQDoc", "tech pack.pdf", ("tech pack",)),
    "animation": Seen(file="CgAnim", name="a.mp4"),
    "location": Seen(("41.31108, 69.24056",)),
    "venue": Seen(("Склад", "Чиланзар", "41.30000, 69.20000")),
    "poll": Seen(("Цвет?", "Белый", "Чёрный")),
    "dice": Seen(("🎲 5",)),
    "contact": Seen(("998901234567",), never=("998901234567", "Ali", "Valiyev")),
    "forward": Seen(("Прайс на март",), never=("Ali",)),
}
METHODS = {
    "text": "sendMessage",
    "photo": "sendPhoto",
    "voice": "sendVoice",
    "sticker": "sendSticker",
    "video_note": "sendVideoNote",
    "video": "sendVideo",
    "audio": "sendAudio",
    "document": "sendDocument",
    "animation": "sendAnimation",
}
ON_TIMELINE = {
    "photo": "Фото",
    "video": "Видео",
    "voice": "Голосовое",
    "audio": "Аудио",
    "document": "Документ",
    "animation": "Анимация",
    "sticker": "Стикер",
    "video_note": "Видеосообщение",
}


def _outgoing(uow: UnitOfWork, network: str) -> list[Any]:
    rows = uow.session.scalars(select(OutboxRow).where(OutboxRow.network == network, OutboxRow.about != "")).all()
    return [delivery_from(row.kind, row.payload) for row in rows]


def _on_the_line(uow: UnitOfWork, seen: Seen) -> How:
    """The operator sees the whole original, and its file as the very file of Telegram."""
    [one] = [one for one in _outgoing(uow, "bitrix24") if type(one).__name__ == "SendToOpenLine"]
    assert all(words in one.text for words in seen.words)
    assert [(file["telegram_file_id"], file["name"]) for file in one.files] == (
        [(seen.file, seen.name)] if seen.file else []
    )
    return How.FILE if one.files else How.TEXT


def _on_the_timeline(uow: UnitOfWork, kind: str, seen: Seen) -> How:
    """The deal's history has the words, and names the kind of a file."""
    [one] = [one for one in _outgoing(uow, "bitrix24") if type(one).__name__ == "AddTimelineComment"]
    assert all(words in one.text for words in (*seen.words, ON_TIMELINE.get(kind, "")))
    return How.TEXT


def _in_the_chat(uow: UnitOfWork, phone: Phone, cell: Cell, reader: Person) -> How:
    """The other side's chat gets a call of the kind's own method, with the same file or the words, under a heading without a name."""
    seen = SEEN[cell.kind]
    copies = [one for one in _outgoing(uow, "telegram") if getattr(one, "chat_id", "") == reader.chat_id]
    calls = phone.gets(copies, reader.chat_id)
    said = "".join(body for _, body in calls)
    assert calls[-1][0] == METHODS.get(cell.kind, "sendMessage")
    assert (f"chat_id={reader.chat_id}" in said, "Xaridor" in said) == (True, True)
    if cell.way is Way.MASKED:
        assert [word for word in ("Иван", *seen.never) if word in said] == []
    if MARK in said:
        return How.HIDDEN
    assert [words for words in (*seen.words, seen.file) if words not in said] == []
    return How.ITSELF if seen.file else How.TEXT


@pytest.mark.parametrize("cell", _OF_KINDS, ids=lambda cell: f"{cell.kind}: {cell.way}")
def test_each_kind_travels_as_the_table_says(
    uow: UnitOfWork, payload: Payload, talk: tuple[Conversation, Person], phone: Phone, cell: Cell
) -> None:
    """A captured message of the kind goes in this direction in the form that the table promises, with its words and its file."""
    conversation, reader = talk
    conversation.masked = cell.way is not Way.OPEN
    uow.session.flush()
    handle(uow, payload("photo", media_group_id="7") if cell.kind == "album" else payload(cell.kind))
    uow.session.flush()
    if cell.way is Way.LINE:
        arrived = _on_the_line(uow, SEEN[cell.kind])
    elif cell.way is Way.TIMELINE:
        arrived = _on_the_timeline(uow, cell.kind, SEEN[cell.kind])
    else:
        arrived = _in_the_chat(uow, phone, cell, reader)
    assert arrived is cell.how


@pytest.mark.parametrize("kind", [cell.kind for cell in CAPABILITIES if cell.how is How.CLEANED])
def test_what_is_cleaned_goes_to_nobody_as_it_is(
    uow: UnitOfWork, payload: Payload, talk: tuple[Conversation, Person], kind: str
) -> None:
    """Before the contract such a file waits until it is clean; meanwhile nothing of it is on its way to the other side."""
    handle(uow, payload(kind))
    uow.session.flush()
    message = uow.session.scalars(select(Message).order_by(Message.id.desc()).limit(1)).one()
    assert message.file_state == "cleaning"
    assert talk[1].chat_id not in [getattr(one, "chat_id", "") for one in _outgoing(uow, "telegram")]


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
