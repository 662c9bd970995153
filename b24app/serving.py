"""How gunicorn runs the web process. Read by `gunicorn --config python:b24app.serving`; every value has an environment name."""

from __future__ import annotations

import os

from b24app import resident

worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
timeout = 60
graceful_timeout = 20
keepalive = 30
max_requests = 0
# Loaded once and forked: nothing of ours opens a connection or starts a thread before its first use.
preload_app = True
# Nobody commands a running server through it, and two servers of one user would claim the same file in that user's home.
control_socket_disable = True
accesslog = None
errorlog = "-"
loglevel = "warning"
limit_request_line = 8190


def when_ready(_server: object) -> None:
    """Keep the collector off the loaded program, once, before any process is forked from it."""
    resident.settle()
