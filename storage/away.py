"""How it looks in code when the database is away: the errors that mean "ask again in a moment", whatever was asked.

Doors answer them with a sentence and a way to try again; nothing was done, since nothing was committed. Whoever works rows tells by them
whether a failure speaks of the moment or of the row.
"""

from __future__ import annotations

import psycopg
from sqlalchemy import exc

AWAY: tuple[type[Exception], ...] = (
    exc.OperationalError,
    exc.InterfaceError,
    exc.TimeoutError,
    psycopg.OperationalError,
)
RETRY_AFTER_SECONDS = 5
_PASSING_CLASSES = {"08", "40", "53", "58"}
"""Connections, conflicts with others, a server short of memory or disk, one that cannot read or write its files."""
_PASSING = {"25006", "55P03", "57014", "57P01", "57P02", "57P03", "57P05"}
"""A server that may only be read for now, a lock or a statement that took too long, a server on its way down or up."""


def is_passing(error: Exception) -> bool:
    """Tell a failure of the database that says something about the moment from one that says something about what was asked."""
    if isinstance(error, exc.TimeoutError):
        return True
    if not isinstance(error, exc.DBAPIError):
        return False
    state = str(getattr(error.orig, "sqlstate", None) or "")
    return (
        error.connection_invalidated or state[:2] in _PASSING_CLASSES or state in _PASSING or _is_without_state(error)
    )


def _is_without_state(error: exc.DBAPIError) -> bool:
    # What never reached the server, or never came back, has no code of it.
    return isinstance(error, AWAY) and not getattr(error.orig, "sqlstate", None)
