"""The id that follows one cause through every row, call and log line it leads to.

Set at each edge, copied into inbox and outbox rows, read by the log formatter.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import uuid4

_current: ContextVar[str] = ContextVar("correlation_id", default="")


def current() -> str:
    """Give the id of the cause being worked on, or an empty text outside any."""
    return _current.get()


def fresh() -> str:
    """Make a new id."""
    return uuid4().hex[:16]


@contextmanager
def following(correlation_id: str | None = None) -> Iterator[str]:
    """Work on behalf of a cause; a new one when none is given."""
    token = _current.set(correlation_id or fresh())
    try:
        yield _current.get()
    finally:
        _current.reset(token)
