"""A database that many tests use one after another, each finding it as it was at first.

Emptying the tables that were written takes a tenth of the time of cloning a database. For tests that change rows only;
one that changes the schema takes a clone of its own. Knows nothing of what the tables mean.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, TypeVar

import psycopg
from psycopg import Connection, sql

T = TypeVar("T")
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"
OTHERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@dataclass(frozen=True)
class Contents:
    """What a database holds: the rows of each table that has any, and how far its sequences are (None: not used yet)."""

    rows: dict[str, bytes]
    sequences: dict[str, int | None]


class RewindableDatabase:
    """A database at `address`, which can be brought back to contents that it once had: those of now, unless told others."""

    def __init__(self, address: str) -> None:
        self.address = address
        with psycopg.connect(address) as connection:
            self._tables = [name for (name,) in connection.execute(TABLES)]
        self._first = self.contents()

    def contents(self) -> Contents:
        """Read everything."""
        with psycopg.connect(self.address) as connection:
            rows = {name: _read(connection, name) for name in _filled(connection, self._tables)}
            return Contents(rows, _positions(connection))

    def end_connections(self) -> None:
        """End whatever connection a former user left behind."""
        with psycopg.connect(self.address) as connection:
            connection.execute(OTHERS)

    def rewind(self, to: Contents | None = None) -> None:
        """Bring contents back; nobody else may be writing."""
        wanted = to or self._first
        with psycopg.connect(self.address) as connection:
            # Neither triggers nor foreign keys: what is brought back held before.
            connection.execute("SET LOCAL session_replication_role = replica")
            for name in _filled(connection, self._tables):
                connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
            for name, rows in wanted.rows.items():
                _write(connection, name, rows)
            for name, position in _positions(connection).items():
                if position != wanted.sequences[name]:
                    _move(connection, name, wanted.sequences[name])


class Prepared:
    """Contents that many tests of a process begin with: made by the first of them, brought back for the others."""

    def __init__(self, database: RewindableDatabase) -> None:
        self._database = database
        self._kept: dict[str, tuple[Contents, Any]] = {}

    def once(self, name: str, make: Callable[[], T]) -> T:
        """Give what `make` gave when it filled the database under this name; plain values that may be copied."""
        if name in self._kept:
            contents, value = self._kept[name]
            self._database.rewind(contents)
        else:
            value = make()
            self._kept[name] = (self._database.contents(), deepcopy(value))
        return deepcopy(value)


def _filled(connection: Connection, tables: list[str]) -> list[str]:
    asked = [
        sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(sql.Literal(name), sql.Identifier(name))
        for name in tables
    ]
    return [name for (name,) in connection.execute(sql.SQL(" UNION ALL ").join(asked))]


def _positions(connection: Connection) -> dict[str, int | None]:
    return dict(connection.execute(SEQUENCES).fetchall())


def _read(connection: Connection, table: str) -> bytes:
    asked = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))
    with connection.cursor().copy(asked) as rows:
        return b"".join(bytes(row) for row in rows)


def _write(connection: Connection, table: str, rows: bytes) -> None:
    asked = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))
    with connection.cursor().copy(asked) as target:
        target.write(rows)


def _move(connection: Connection, sequence: str, position: int | None) -> None:
    if position is None:
        connection.execute(sql.SQL("ALTER SEQUENCE {} RESTART").format(sql.Identifier(sequence)))
    else:
        connection.execute("SELECT setval(%s, %s)", [sequence, position])
