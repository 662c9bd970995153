"""Serves an application of ours on a port of this machine while a test runs; knows nothing of what it serves.

For fixtures and benchmarks that want a real browser or a stand-in world to reach an application inside the test's own process.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from werkzeug.serving import make_server

LOOKS_FOR_THE_END_EVERY = 0.02  # Seconds: half a second, as the library has it, would be waited for after every test.


@contextmanager
def serving(app: Flask, port: int = 0) -> Iterator[str]:
    """Serve `app` on `port`, or on a free one, and give its address; what it answers may be registered until the first request."""
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(LOOKS_FOR_THE_END_EVERY,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
