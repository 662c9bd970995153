"""A way to the database that counts what is said on it and strikes at a chosen statement.

Stands between one process and PostgreSQL as a server of its own on a local socket. Called by `kill_points`. Understands nothing of what it
carries: what the client sends in one piece is one statement.
"""

from __future__ import annotations

import socket
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

SOCKET = ".s.PGSQL.5432"
CHUNK = 65_536


class Tap:
    """Listens in a folder of its own; `address` is how a process reaches the database through it. Close it to end every connection."""

    def __init__(self, database: str) -> None:
        parts = urlsplit(database)
        self._server = str(Path(parse_qs(parts.query)["host"][0]) / SOCKET)
        self._folder = tempfile.TemporaryDirectory(prefix="tap-")
        self.address = f"{parts.scheme}://{parts.netloc}{parts.path}?host={self._folder.name}"
        self._lock = threading.Lock()
        self._left = 0
        self._strike: Callable[[], None] | None = None
        self._heard = False
        self._door = socket.socket(socket.AF_UNIX)
        self._door.bind(str(Path(self._folder.name) / SOCKET))
        self._door.listen(200)
        threading.Thread(target=self._welcome, name="tap", daemon=True).start()

    def arm(self, statements: int, strike: Callable[[], None], *, heard: bool) -> None:
        """Strike at the statement that comes after so many; it reaches the server first when it is to be `heard`."""
        with self._lock:
            self._left, self._strike, self._heard = statements, strike, heard

    def close(self) -> None:
        """End it."""
        self._door.close()
        self._folder.cleanup()

    def _welcome(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._door.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(self._server)
                for source, target, counts in ((client, server, True), (server, client, False)):
                    threading.Thread(target=self._carry, args=(source, target, counts), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, counts: bool) -> None:
        with suppress(OSError):
            while piece := source.recv(CHUNK):
                strike = self._is_due() if counts else None
                if strike and not self._heard:
                    strike()
                    break
                target.sendall(piece)
                if strike:
                    strike()
                    break
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _is_due(self) -> Callable[[], None] | None:
        with self._lock:
            if self._strike is None:
                return None
            self._left -= 1
            if self._left >= 0:
                return None
            strike, self._strike = self._strike, None
            return strike
