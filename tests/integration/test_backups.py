"""What a deployment cannot make again survives in one file, and comes back whole or not at all."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine, MetaData, create_engine, select, text

from b24app import cli
from b24app.domain.deliveries import SendChatMessage
from b24app.domain.delivery import Network
from b24app.domain.outcomes import Done
from storage import inbox, migrating, outbox
from storage.embedded import EmbeddedServer
from storage.models import OutboxRow, Portal
from storage.unit_of_work import Transactions
from telegram_bridge.miniapp import uploads
from tests import factories
from tests.conftest import KEY
from tests.integration.test_inbox import waiting_jobs
from tests.integration.test_sending import FakeGateway, sending

PAPER = b"%PDF-1.4 certificate"


@dataclass
class Place:
    """A deployment: its database and its folder of files, and the operator's commands upon them."""

    engine: Engine
    files: Path
    monkeypatch: pytest.MonkeyPatch
    keys: str = KEY

    def run(self, *arguments: str) -> int:
        """Run a command as an operator does, while nothing else is connected; answers its exit status."""
        self.engine.dispose()
        environment = {
            "DATABASE_URL": self.engine.url.render_as_string(False).replace("+psycopg", ""),
            "PUBLIC_URL": "https://market.example.com",
            "SECRET_KEYS": self.keys,
            "BITRIX_CLIENT_ID": "local.1",
            "BITRIX_CLIENT_SECRET": "secret",
            "FILES_DIR": str(self.files),
        }
        for name, value in environment.items():
            self.monkeypatch.setenv(name, value)
        return cli.main(arguments)

    def contents(self) -> dict[str, list[str]]:
        """Give every row of every table, the job queue's included."""
        with self.engine.connect() as connection:
            tables = MetaData()
            tables.reflect(connection)
            return {
                name: sorted(repr(tuple(row)) for row in connection.execute(select(table)))
                for name, table in tables.tables.items()
            }


@pytest.fixture
def database_url(own_database_url: str) -> str:
    """A restored backup brings its own schema along."""
    return own_database_url


@pytest.fixture
def filled(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A deployment in the middle of its work: one message under way, one waiting, one update not worked yet."""
    place = Place(engine, tmp_path / "files", monkeypatch)
    uploads.store(io.BytesIO(PAPER), "certificate.pdf", str(place.files))
    with Transactions(engine)() as uow:
        factories.conversation(uow)
        uow.session.add(
            Portal(
                member_id="m1", client_endpoint="https://p.example/rest/", domain="p", path_secret="s", access_token="T"
            )
        )
        for row in uow.session.scalars(select(OutboxRow)):
            outbox.finish(row, "done", uow.now)
        uow.send(SendChatMessage(chat_id="1", text="under way"))
        outbox.mark_doing(outbox.take(uow.session, Network.TELEGRAM, now=uow.now, limit=10), uow.now)
        uow.send(SendChatMessage(chat_id="2", text="waiting"))
    inbox.accept_alone(engine, source="telegram", key="1", lane="telegram:1", payload={"text": "news"})
    return place


@pytest.fixture
def empty(postgres: EmbeddedServer, filled: Place, tmp_path: Path) -> Iterator[Place]:
    """A new machine with an empty database."""
    name = f"{filled.engine.url.database}_empty"
    postgres.drop_database(name)
    postgres.create_database(name)
    engine = create_engine(filled.engine.url.set(database=name))
    yield Place(engine, tmp_path / "restored", filled.monkeypatch)
    engine.dispose()
    postgres.drop_database(name)


@pytest.fixture
def taken(filled: Place, tmp_path: Path) -> Path:
    """A backup of the filled deployment."""
    path = tmp_path / "market.backup"
    assert filled.run("backup", str(path)) == 0
    return path


def change(path: Path, member: str, changing: Callable[[bytes], bytes]) -> None:
    """Change one member of a backup."""
    with tarfile.open(path) as archive:
        opened = {info.name: archive.extractfile(info) for info in archive}
        members = {name: file.read() for name, file in opened.items() if file}
    members[member] = changing(members[member])
    with tarfile.open(path, "w") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))


def saying(**values: str | int) -> Callable[[bytes], bytes]:
    """Let a manifest say something else."""
    return lambda content: json.dumps({**json.loads(content), **values}).encode()


def test_what_is_restored_equals_what_was_backed_up(filled: Place, empty: Place, taken: Path) -> None:
    """Every row of every table, every file and every sealed secret is there again on a new machine; no key is in the backup."""
    assert empty.run("restore", str(taken), "--nothing-sent-since") == 0
    assert empty.contents() == filled.contents()
    (kept,) = empty.files.glob("??/*")
    assert (kept.read_bytes(), kept.relative_to(empty.files)) == (
        PAPER,
        next(filled.files.glob("??/*")).relative_to(filled.files),
    )
    with Transactions(empty.engine)() as uow:
        assert uow.session.scalars(select(Portal.access_token)).all() == ["T"]
    assert KEY.encode() not in taken.read_bytes()
    assert taken.stat().st_mode & 0o077 == 0


def test_a_restored_deployment_goes_on(empty: Place, taken: Path) -> None:
    """What was under way is asked about as after a crash, what waited is sent, what came in is worked, and new rows follow."""
    assert empty.run("restore", str(taken), "--nothing-sent-since") == 0
    transactions = Transactions(empty.engine)
    gateway = FakeGateway(lambda envelope: Done())
    steps = sending(transactions, gateway, Network.TELEGRAM)
    assert steps.recover() == 1
    steps.carry(steps.take().envelopes)
    assert [envelope.delivery.payload()["text"] for envelope in gateway.handed] == ["waiting"]
    assert inbox.accept_alone(empty.engine, source="telegram", key="2", lane="telegram:1", payload={})
    assert not inbox.accept_alone(empty.engine, source="telegram", key="1", lane="telegram:1", payload={})
    with transactions() as uow:
        uow.send(SendChatMessage(chat_id="3", text="new"))
        uow.session.flush()
        told = uow.session.execute(select(OutboxRow.payload["text"].astext, OutboxRow.state)).all()
        assert {("under way", "uncertain"), ("waiting", "done"), ("new", "todo")} <= {tuple(row) for row in told}
        assert inbox.next_row(uow.session, "telegram:1", uow.now) is not None
    assert waiting_jobs(transactions) == 1


def test_what_waited_counts_as_possibly_sent(empty: Place, taken: Path) -> None:
    """Restored after a loss, no message that may have been sent since the backup is sent by itself: a person is asked."""
    assert empty.run("restore", str(taken)) == 0
    gateway = FakeGateway(lambda envelope: Done())
    steps = sending(Transactions(empty.engine), gateway, Network.TELEGRAM)
    assert steps.recover() == 2
    assert steps.take().envelopes == []
    with Transactions(empty.engine)() as uow:
        assert uow.session.scalars(select(OutboxRow.state).where(OutboxRow.state != "done")).all() == ["uncertain"] * 2


def test_a_filled_database_is_replaced_only_when_told(filled: Place, taken: Path) -> None:
    """Without --replace a database that holds something stays as it is; with it nothing of the old is left, time after time."""
    before = filled.contents()
    with Transactions(filled.engine)() as uow:
        uow.send(SendChatMessage(chat_id="9", text="after the backup"))
    after = filled.contents()
    assert filled.run("restore", str(taken)) == 2
    assert filled.contents() == after
    for _ in range(2):
        assert filled.run("restore", str(taken), "--replace", "--nothing-sent-since") == 0
        assert filled.contents() == before
        assert filled.run("backup", str(taken)) == 0


def test_a_database_in_use_is_not_replaced(filled: Place, taken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """While a process of the application is connected nothing is replaced under its feet."""
    other = create_engine(filled.engine.url)
    with other.connect():
        assert filled.run("restore", str(taken), "--replace") == 2
    other.dispose()
    assert "stop web and workers first" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("member", "changing", "reason"),
    [
        ("manifest.json", saying(format="other/7"), "has the format other/7"),
        ("manifest.json", saying(revision="9999_future"), "restore it with the program that took it, or a newer one"),
        ("manifest.json", saying(server=99), "of PostgreSQL 99, this server is older"),
        ("manifest.json", lambda content: content[:50], "no readable manifest"),
        ("database.dump", lambda content: content[:-1] + b"?", "damaged: database.dump"),
    ],
)
def test_what_cannot_be_trusted_changes_nothing(
    filled: Place,
    taken: Path,
    capsys: pytest.CaptureFixture[str],
    *,
    member: str,
    changing: Callable[[bytes], bytes],
    reason: str,
) -> None:
    """A backup that is damaged, cut off, of another format or of a newer schema is refused in words, before anything changes."""
    change(taken, member, changing)
    before = filled.contents()
    assert filled.run("restore", str(taken), "--replace") == 2
    assert reason in capsys.readouterr().err
    assert filled.contents() == before


def test_a_dump_that_postgresql_refuses_leaves_the_old(
    filled: Place, taken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """When the dump cannot be loaded although its checksum is right, what the database held before is still there."""
    change(taken, "database.dump", lambda content: b"no dump")
    right = {"database.dump": hashlib.sha256(b"no dump").hexdigest()}
    change(taken, "manifest.json", lambda content: json.dumps({**json.loads(content), "sums": right}).encode())
    before = filled.contents()
    assert filled.run("restore", str(taken), "--replace") == 2
    assert "pg_restore failed" in capsys.readouterr().err
    assert filled.contents() == before


def test_another_key_is_refused(empty: Place, taken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Tokens sealed with another key would be lost, so nothing is restored; behind a newer key the old one is good enough."""
    empty.keys = "f" * 32
    assert empty.run("restore", str(taken)) == 2
    assert "keys that SECRET_KEYS does not hold" in capsys.readouterr().err
    assert empty.contents() == {}
    empty.keys = f"{'f' * 32},{KEY}"
    assert empty.run("restore", str(taken)) == 0


def test_an_older_schema_is_upgraded(filled: Place, empty: Place, tmp_path: Path) -> None:
    """A backup taken before an update is restored with the updated program."""
    older = tmp_path / "older.backup"
    with filled.engine.begin() as connection:
        newest = migrating.level(connection)
        command.downgrade(migrating.alembic_config(connection), "-1")
        assert migrating.level(connection) != newest
    assert filled.run("backup", str(older)) == 0
    assert empty.run("restore", str(older)) == 0
    with empty.engine.connect() as connection:
        assert migrating.level(connection) == newest


def test_a_backup_that_fails_leaves_the_earlier_one(filled: Place, taken: Path) -> None:
    """A backup under the same name replaces the earlier one only when it is whole, and leaves nothing half done behind."""
    earlier = taken.read_bytes()
    with filled.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999_future'"))
    assert filled.run("backup", str(taken)) == 2
    assert taken.read_bytes() == earlier
    assert [path.name for path in taken.parent.iterdir() if path.name.startswith(".")] == []
