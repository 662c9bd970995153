"""What every test may ask for: an empty database on the embedded server, a transaction that is rolled back."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from hypothesis import settings
from jinja2 import FileSystemBytecodeCache
from playwright.sync_api import Browser, expect, sync_playwright
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.orm import Session

from b24app.i18n import compile_catalogues
from storage import migrating
from storage.embedded import EmbeddedServer, data_directory
from storage.sealing import keyring
from storage.unit_of_work import Transactions, UnitOfWork
from tests.browser.browser import launch
from tests.databases import Prepared, RewindableDatabase

KEY = "0123456789abcdef0123456789abcdef"
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PATIENCE_MS = 30_000  # Several browsers share a small machine.
PROJECT = Path(__file__).resolve().parent.parent

# The same examples on every machine, so that a run says something about the code and not about luck; `search` looks for new ones.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("search", max_examples=5_000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))

# Most tests make a web process of their own: each page is compiled once for all of them.
COMPILED = PROJECT / "build" / "compiled-pages"
COMPILED.mkdir(parents=True, exist_ok=True)
Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": FileSystemBytecodeCache(str(COMPILED))}


@pytest.fixture(scope="session", autouse=True)
def catalogues() -> None:
    """The texts in every language, for whatever says something."""
    compile_catalogues()


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedServer]:
    """The server shared by every test process of this checkout."""
    with EmbeddedServer(data_directory("test-postgres"), throwaway=True) as server:
        yield server


def _template_name() -> str:
    digest = hashlib.sha256()
    for source in sorted((PROJECT / "storage").rglob("*.py")):
        digest.update(source.read_bytes())
    return f"template_{digest.hexdigest()[:12]}"


@pytest.fixture(scope="session")
def template_database(postgres: EmbeddedServer) -> str:
    """The name of a migrated database that others are cloned from; made once for each state of the schema."""
    name = _template_name()
    with psycopg.connect(postgres.address(), autocommit=True) as guard:
        guard.execute("SELECT pg_advisory_lock(7312002)")
        if not guard.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            postgres.drop_database(f"{name}_making")
            postgres.create_database(f"{name}_making")
            engine = create_engine(postgres.address(f"{name}_making").replace("postgresql:", "postgresql+psycopg:"))
            migrating.upgrade(engine)
            engine.dispose()
            guard.execute(f'ALTER DATABASE "{name}_making" RENAME TO "{name}"')
        guard.execute("SELECT pg_advisory_unlock(7312002)")
    return name


@pytest.fixture
def own_database_url(postgres: EmbeddedServer, template_database: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a clone for this one test: for what changes the schema."""
    mark = hashlib.sha256(f"{request.node.nodeid}{os.getpid()}".encode()).hexdigest()[:16]
    name = f"test_{mark}"
    postgres.drop_database(name)
    postgres.create_database(name, template=template_database)
    yield postgres.address(name)
    postgres.drop_database(name)


@pytest.fixture(scope="session")
def rewindable_database(postgres: EmbeddedServer, template_database: str) -> Iterator[RewindableDatabase]:
    """The database that the tests of this process use one after another; ask for `database_url` to find it empty."""
    name = f"turns_{os.getpid()}"
    postgres.drop_database(name)
    postgres.create_database(name, template=template_database)
    yield RewindableDatabase(postgres.address(name))
    postgres.drop_database(name)


@pytest.fixture(scope="session")
def prepared(rewindable_database: RewindableDatabase) -> Prepared:
    """What tests that commit begin with, made once in this process."""
    return Prepared(rewindable_database)


@pytest.fixture
def database_url(rewindable_database: RewindableDatabase) -> str:
    """The address of a database with no rows, for tests whose code commits."""
    rewindable_database.end_connections()
    rewindable_database.rewind()
    return rewindable_database.address


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on a database that this test finds empty."""
    keyring.use([KEY])
    engine = create_engine(database_url.replace("postgresql:", "postgresql+psycopg:", 1))
    yield engine
    engine.dispose()


@pytest.fixture
def transactions(engine: Engine) -> Transactions:
    """Committing units of work on a database that this test finds empty."""
    return Transactions(engine)


@pytest.fixture(scope="session")
def shared_engine(postgres: EmbeddedServer, template_database: str) -> Iterator[Engine]:
    """An engine on a database that no test writes into for good."""
    name = f"shared_{os.getpid()}"
    postgres.drop_database(name)
    postgres.create_database(name, template=template_database)
    engine = create_engine(postgres.address(name).replace("postgresql:", "postgresql+psycopg:", 1))
    yield engine
    engine.dispose()
    postgres.drop_database(name)


@contextmanager
def taken_back(connection: Connection) -> Iterator[UnitOfWork]:
    """A unit of work at NOW whose every deferred constraint is checked and whose changes are then rolled back."""
    # Inside a transaction that prepared something, only what came after it goes.
    outer = connection.begin_nested() if connection.in_transaction() else connection.begin()
    with Session(connection, expire_on_commit=False, join_transaction_mode="create_savepoint") as session:
        yield UnitOfWork(session, NOW)
        session.flush()
        session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    outer.rollback()


@pytest.fixture
def uow(shared_engine: Engine) -> Iterator[UnitOfWork]:
    """A unit of work on an empty database, for tests whose code does not commit."""
    keyring.use([KEY])
    with shared_engine.connect() as connection, taken_back(connection) as uow:
        yield uow


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for a test process; whatever asks for it is marked `browser` by itself."""
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE_MS)
        found = launch(playwright)
        yield found
        found.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need a browser: they run in processes of their own, since Playwright keeps an event loop running.

    Long ones come first, lest one process plays a whole day at the end while the others have nothing left to do.
    """
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
