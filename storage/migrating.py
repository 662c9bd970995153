"""Bringing a database to the present schema: our tables by Alembic, the job queue's by its own migration files.

Called by the command line, restores and the tests; safe to run from several machines at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, Engine, text

MIGRATIONS = Path(__file__).with_name("migrations")
LOCK_KEY = 7_312_001


def alembic_config(connection: Connection | None = None) -> Config:
    """Give Alembic's configuration without a file of its own."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


@dataclass(frozen=True)
class Level:
    """How far a schema is: the revision of our tables, and the latest migration of the job queue's."""

    revision: str
    queue: str

    def is_known(self) -> bool:
        """Tell whether this program can bring a schema of this level to its own."""
        ours = {script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()}
        return self.revision in ours and self.queue in {file.name for file in _queue_files()}


def level(connection: Connection) -> Level:
    """Tell how far a database's schema is; both are empty where there is none."""
    revision = MigrationContext.configure(connection).get_current_revision() or ""
    queue = connection.scalar(text("SELECT max(name) FROM queue_migrations")) if revision else ""
    return Level(revision, queue or "")


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest schema, one process at a time."""
    with engine.connect() as guard:
        guard.execute(text("SELECT pg_advisory_lock(:key)"), {"key": LOCK_KEY})
        try:
            with engine.begin() as connection:
                command.upgrade(alembic_config(connection), "head")
            with engine.begin() as connection:
                _upgrade_queue(connection)
        finally:
            guard.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": LOCK_KEY})


def _upgrade_queue(connection: Connection) -> None:
    applied = set(connection.scalars(text("SELECT name FROM queue_migrations")))
    if not applied:
        _run_script(connection, SchemaManager.get_schema())
    for file in _queue_files():
        if file.name in applied:
            continue
        if applied:
            _run_script(connection, file.read_text(encoding="utf-8"))
        connection.execute(text("INSERT INTO queue_migrations (name) VALUES (:name)"), {"name": file.name})


def _queue_files() -> list[Path]:
    return sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))


def _run_script(connection: Connection, script: str) -> None:
    # Straight to the driver: the scripts hold percent signs and colons that SQLAlchemy would read as parameters.
    driver: Any = connection.connection.driver_connection
    driver.execute(script)
