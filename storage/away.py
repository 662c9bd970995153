"""How it looks in code when the database is away: the errors that mean "ask again in a moment", whatever was asked.

Doors answer them with a sentence and a way to try again; nothing was done, since nothing was committed.
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
