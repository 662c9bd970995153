"""The job that fetches files sent in the chat as answers to a form, judges them by content, and lets the form go on.

Run by the worker when a file asks for it and again every minute. Bytes travel between transactions, never inside one. A network
that does not answer leaves the file for the next run; after hours its sender is asked for it again.
"""

from __future__ import annotations

import logging
from pathlib import PurePosixPath

from b24app.config import Settings
from b24app.errors import GatewayError, Rejected
from b24app.services import sent_files
from b24app.services.sent_files import Fetched, Waiting
from storage.holding import HELD
from storage.models import Draft, Person
from storage.unit_of_work import Transactions
from telegram_bridge.current_bot import CurrentBot
from telegram_bridge.handlers import form_files
from telegram_bridge.miniapp.uploads import TooLarge, UnknownKind, keep, kind_of, safe_name, why_not
from telegram_bridge.reply import Reply

logger = logging.getLogger(__name__)


class SentFileJob:
    """Fetches the files that wait. `run` answers how many were settled."""

    def __init__(self, settings: Settings, transactions: Transactions, bot: CurrentBot) -> None:
        self._settings = settings
        self._transactions = transactions
        self._bot = bot

    def run(self) -> int:
        """Fetch every waiting file once."""
        with self._transactions() as uow:
            waiting = sent_files.waiting(uow)
        return sum(self._settle(one) for one in waiting)

    def _settle(self, waiting: Waiting) -> bool:
        try:
            fetched = self._fetch(waiting)
        except (TooLarge, UnknownKind, Rejected) as error:
            logger.info("sent file %s is no answer: %s", waiting.id, type(error).__name__)
            self._finish(waiting, None, error)
        except GatewayError as error:
            logger.warning("sent file %s waits: %s", waiting.id, type(error).__name__)
            if not waiting.is_last:
                return False
            self._finish(waiting, None, error)
        except Exception:
            # Our own fault: the others must not wait until it is mended.
            logger.exception("sent file %s could not be fetched", waiting.id)
            return False
        else:
            self._finish(waiting, fetched, None)
        return True

    def _fetch(self, waiting: Waiting) -> Fetched:
        client = self._bot.client()
        path = client.file_path(waiting.telegram_file_id)
        name = safe_name(waiting.name)
        suffix = PurePosixPath(name).suffix.lower()
        kept = keep(client.download(path), self._settings.files_dir, judge=lambda file: kind_of(file, suffix))
        return Fetched(kept.sha256, kept.size, kept.mime, name)

    def _finish(self, waiting: Waiting, fetched: Fetched | None, error: Exception | None) -> None:
        with self._transactions() as uow:
            sent = sent_files.settle(uow, waiting.id)
            draft = uow.session.get(Draft, sent.draft_id, with_for_update=HELD) if sent else None
            if sent is None or draft is None:
                return
            reply = Reply(uow, sent.update_id, uow.session.get_one(Person, draft.person_id))
            if fetched is None:
                why = why_not(error, reply.t) or reply.t("Telegram did not give this file. Please send it again.")
                form_files.file_refused(reply, draft, sent, why)
                return
            form_files.file_came(reply, draft, sent, sent_files.keep(uow, draft.person_id, fetched).id)
