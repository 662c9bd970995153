"""Doing something in one process of the whole cluster at a time, without holding a transaction open meanwhile.

The lock belongs to a session of its own, so the server frees it when its holder dies. Called by whoever refreshes tokens, installs,
reads back or compares. Knows nothing of what is done under it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text


@contextmanager
def alone(engine: Engine, key: int) -> Iterator[None]:
    """Hold a lock, waiting for it as long as it takes."""
    with _session(engine) as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": key})
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": key})


@contextmanager
def alone_if_free(engine: Engine, key: int) -> Iterator[bool]:
    """Hold a lock if nobody else does; gives False, and holds nothing, when somebody does."""
    with _session(engine) as connection:
        held = bool(connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": key}).scalar())
        try:
            yield held
        finally:
            if held:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": key})


@contextmanager
def _session(engine: Engine) -> Iterator[Connection]:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection
