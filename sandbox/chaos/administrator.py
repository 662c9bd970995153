"""An administrator who opens the application again when it has lost its connection, as its health page asks of him.

The process that renews the tokens may be killed between the authorization server's answer and its own note: then nobody has them.
"""

from __future__ import annotations

import threading
from contextlib import suppress

import psycopg

from sandbox.chaos.faults import Tell
from sandbox.stack import Stack
from sandbox.visitors import Failed

LOOK_SECONDS = 3.0
LOST = "SELECT count(*) FROM portals WHERE trouble LIKE 'authorization:%'"


class Administrator(threading.Thread):
    """Looks every few seconds until told to stop; `reopened` counts how often he was needed."""

    def __init__(self, stack: Stack, tell: Tell) -> None:
        super().__init__(name="administrator", daemon=True)
        self._stack, self._tell = stack, tell
        self._over = threading.Event()
        self.reopened = 0

    def run(self) -> None:
        """Look, and open the application where it asks for it."""
        while not self._over.wait(LOOK_SECONDS):
            with suppress(psycopg.Error, Failed):
                if self._is_asked():
                    self._stack.employee().reopen()
                    self.reopened += 1
                    self._tell("reopened")

    def stop(self) -> None:
        """Go home."""
        self._over.set()
        self.join()

    def _is_asked(self) -> bool:
        with psycopg.connect(self._stack.environment["DATABASE_URL"]) as connection:
            found = connection.execute(LOST).fetchone()
        return bool(found and found[0])
