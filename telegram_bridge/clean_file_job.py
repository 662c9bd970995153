"""The job that makes copies of attached files for the other side of a lot.

Run by the worker when a file asks for it and again every minute. Bytes are read and written between transactions.
"""

from __future__ import annotations

import logging

from b24app.config import Settings
from b24app.services import clean_copies
from b24app.services.clean_copies import Waiting
from storage.unit_of_work import Transactions
from telegram_bridge.cleaning import NotCleanable, clean
from telegram_bridge.miniapp.uploads import TooLarge, keep, place_of

logger = logging.getLogger(__name__)

LARGEST_CLEANED_BYTES = 50 * 1024 * 1024
"""Written anew, a file may become larger than what people may send."""
_REASONS: dict[type[Exception], str] = {FileNotFoundError: "lost", TooLarge: "too_big"}


class CleanFileJob:
    """Cleans the files that wait. `run` answers how many were settled."""

    def __init__(self, settings: Settings, transactions: Transactions) -> None:
        self._files_dir = settings.files_dir
        self._transactions = transactions

    def run(self) -> int:
        """Clean every waiting file once."""
        with self._transactions() as uow:
            waiting = clean_copies.waiting(uow)
        for one in waiting:
            self._settle(one)
        return len(waiting)

    def _settle(self, waiting: Waiting) -> None:
        try:
            content = place_of(self._files_dir, waiting.sha256).read_bytes()
            cleaned = clean(content, waiting.mime, waiting.names)
            kept = keep(iter([cleaned]), self._files_dir, judge=lambda _: waiting.mime, limit=LARGEST_CLEANED_BYTES)
        except (FileNotFoundError, NotCleanable, TooLarge) as error:
            logger.info("file %s is not shown to the other side: %s", waiting.file_id, type(error).__name__)
            reason = error.reason if isinstance(error, NotCleanable) else _REASONS[type(error)]
            with self._transactions() as uow:
                clean_copies.hold(uow, waiting.file_id, reason)
            return
        with self._transactions() as uow:
            clean_copies.ready(uow, waiting.file_id, kept.sha256, kept.size)
