"""Deleting the bytes of files that nothing names any more: those of forgotten people, and uploads that were never handed in.

Run every hour by one worker; repeating it changes nothing. A file that was just stored is left alone: its row may not be written yet.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from storage.models import File
from storage.unit_of_work import Transactions

YOUNG = timedelta(hours=1)
AT_MINUTE = 17
TOGETHER = 500


def run(transactions: Transactions, files_dir: str) -> int:
    """Delete what nothing names, at one minute of each hour; answers how many."""
    with transactions() as uow:
        if uow.now.minute != AT_MINUTE:
            return 0
        before = (uow.now - YOUNG).timestamp()
    return forget(transactions, files_dir, before)


def forget(transactions: Transactions, files_dir: str, before: float) -> int:
    """Delete the bytes stored before a moment (seconds of the epoch) whose hash no row holds; answers how many."""
    old = [path for path in sorted(Path(files_dir).glob("??/*")) if path.is_file() and path.stat().st_mtime < before]
    deleted = 0
    for start in range(0, len(old), TOGETHER):
        bite = old[start : start + TOGETHER]
        with transactions() as uow:
            named = set(uow.session.scalars(select(File.sha256).where(File.sha256.in_([path.name for path in bite]))))
        for path in bite:
            if path.name not in named:
                path.unlink(missing_ok=True)
                deleted += 1
    return deleted
