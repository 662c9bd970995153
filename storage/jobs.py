"""Asking the worker for a job by name, from a process that runs no worker.

Called by edges through the composition root. The row is procrastinate's own; see docs/decisions/0001.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

QUEUE = "jobs"

_DEFER = text(
    """
    INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, args)
    VALUES (:queue, :task, :lock, '{}')
    ON CONFLICT (queueing_lock) WHERE status = 'todo' DO NOTHING
    """
)


def defer(connection: Connection, task: str) -> None:
    """Have `task` run once, soon; a waiting one is not doubled. The caller commits."""
    connection.execute(_DEFER, {"queue": QUEUE, "task": task, "lock": task})
