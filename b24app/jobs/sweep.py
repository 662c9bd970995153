"""Putting right what a killed process left behind: stalled jobs, forgotten lanes, finished rows past their keep.

Run by every worker every few seconds; harmless when several do at once.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from procrastinate import App
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status
from sqlalchemy import text

from storage import inbox
from storage.unit_of_work import Transactions

logger = logging.getLogger(__name__)

KEEP = timedelta(days=30)
_FORGET = (
    "DELETE FROM inbox WHERE id IN (SELECT id FROM inbox WHERE state = 'done' AND processed_at < :before LIMIT 5000)",
    "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE state = 'done' AND finished_at < :before LIMIT 5000)",
    "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE state = 'dropped' AND finished_at < :before LIMIT 5000)",
)
_FORGET_JOBS = text(
    "DELETE FROM procrastinate_jobs"
    " WHERE id IN (SELECT id FROM procrastinate_jobs WHERE status IN ('failed', 'cancelled', 'aborted') LIMIT 5000)"
)
"""Only what succeeded is deleted by the library itself. A lane whose job failed was woken again since."""


async def rescue_stalled(app: App, stalled_after_seconds: float) -> int:
    """Let jobs of dead workers run again; answers how many. Their lane is held until then, so this bounds the recovery time."""
    rescued = 0
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=stalled_after_seconds):
        try:
            await app.job_manager.retry_job(job)
        except ConnectorException:
            # The lane was woken again meanwhile: that job does the work, this one only has to let go of the lock.
            await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=True)
        rescued += 1
        logger.warning("rescued a stalled job of lane %s", job.lock)
    return rescued


def wake_forgotten(transactions: Transactions) -> None:
    """Wake lanes whose rows are due although nobody told."""
    with transactions() as uow:
        inbox.wake_forgotten(uow.session, uow.now)


def forget_old(transactions: Transactions) -> None:
    """Delete rows that were finished long ago, a bounded bite at a time."""
    with transactions() as uow:
        for statement in _FORGET:
            uow.session.execute(text(statement), {"before": uow.now - KEEP})
        uow.session.execute(_FORGET_JOBS)
