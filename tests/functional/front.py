"""A stand-in for the proxy in front of several web processes: takes turns among them and leaves out those that are gone."""

from __future__ import annotations

import select
import socket
import socketserver
import threading
from collections import Counter
from itertools import count
from typing import Any, Self

CHUNK = 65536


class Front(socketserver.ThreadingTCPServer):
    """Listens on a port of its own while its `with` block runs; `served` counts connections by the port that took them."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, ports: list[int]) -> None:
        super().__init__(("127.0.0.1", 0), _Passing)
        self.port = int(self.server_address[1])
        self.served: Counter[int] = Counter()
        self._ports, self._turn = ports, count()

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    def connect(self) -> socket.socket | None:
        """Give a connection to whoever's turn it is and who is there; None when nobody is."""
        first = next(self._turn)
        for step in range(len(self._ports)):
            port = self._ports[(first + step) % len(self._ports)]
            try:
                found = socket.create_connection(("127.0.0.1", port), timeout=5)
            except OSError:
                continue
            found.settimeout(None)
            self.served[port] += 1
            return found
        return None

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a process that was killed ends its connections, and both sides see that."""


class _Passing(socketserver.BaseRequestHandler):
    server: Front

    def handle(self) -> None:
        behind = self.server.connect()
        if behind is None:
            return
        with behind:
            ends = {self.request: behind, behind: self.request}
            while True:
                for end in select.select(list(ends), [], [])[0]:
                    said = end.recv(CHUNK)
                    if not said:
                        return
                    ends[end].sendall(said)
