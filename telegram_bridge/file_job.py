"""The job that prepares files: fetches an operator's from the portal, cleans a person's before the contract.

Run by the worker when a message asks for it and again every minute. Bytes travel between transactions, never inside one.
A network that does not answer leaves the file for the next run; a file that cannot be cleaned stays with the employees.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import requests

from b24app.config import Settings
from b24app.domain.messages import LARGEST_FILE_BYTES
from b24app.errors import DomainError, GatewayError, Rejected
from b24app.services import message_files
from b24app.services.message_files import Waiting
from storage.models import File, Message
from storage.unit_of_work import Transactions
from telegram_bridge import portal_files
from telegram_bridge.cleaning import ENDINGS, NotCleanable, clean
from telegram_bridge.client import TelegramClient
from telegram_bridge.current_bot import CurrentBot
from telegram_bridge.media import UNKNOWN_KIND, file_of_message
from telegram_bridge.miniapp.uploads import TooLarge, UnknownKind, kind_of, place_of, safe_name

logger = logging.getLogger(__name__)


class FileJob:
    """Prepares the files that wait. `run` answers how many were settled."""

    def __init__(self, settings: Settings, transactions: Transactions, bot: CurrentBot) -> None:
        self._settings = settings
        self._transactions = transactions
        self._bot = bot

    def run(self) -> int:
        """Prepare every waiting file once."""
        with self._transactions() as uow:
            waiting = message_files.waiting(uow)
        return sum(self._settle(one) for one in waiting)

    def _settle(self, waiting: Waiting) -> bool:
        work: Callable[[Waiting], None] = self._fetch if waiting.state == "fetching" else self._clean
        try:
            work(waiting)
        except Rejected as error:
            self._give_up(waiting, str(error), "lost")
        except (GatewayError, requests.RequestException, DomainError) as error:
            logger.warning("a file of message %s waits: %s", waiting.message_id, type(error).__name__)
            return False
        except TooLarge:
            self._give_up(waiting, "too large", "too_big")
        except NotCleanable as error:
            self._give_up(waiting, str(error), error.reason)
        except FileNotFoundError:
            self._give_up(waiting, "its bytes are missing", "lost")
        except Exception:
            # Our own fault: the others must not wait until it is mended.
            logger.exception("the file of message %s could not be prepared", waiting.message_id)
            return False
        return True

    def _give_up(self, waiting: Waiting, words: str, reason: str) -> None:
        logger.info("the file of message %s does not travel: %s", waiting.message_id, words)
        with self._transactions() as uow:
            if waiting.state == "fetching":
                message_files.lost(uow, waiting.message_id, PurePosixPath(waiting.name).name)
            else:
                message_files.held(uow, waiting.message_id, reason)

    def _clean(self, waiting: Waiting) -> None:
        client: TelegramClient = self._bot.client()
        given = file_of_message(client, self._transactions, self._settings.files_dir, waiting.message_id)
        if given.size > LARGEST_FILE_BYTES:
            raise TooLarge
        content = place_of(self._settings.files_dir, given.sha256).read_bytes()
        cleaned = clean(content, given.mime, waiting.names)
        # A new name: the sender's own may tell who they are.
        self._keep(waiting, cleaned, f"{waiting.kind}-{waiting.message_id}{ENDINGS[given.mime]}", "clean")

    def _fetch(self, waiting: Waiting) -> None:
        content = portal_files.fetch(waiting.address, waiting.portal)
        self._keep(waiting, content, waiting.name or f"file-{waiting.message_id}", "portal")

    def _keep(self, waiting: Waiting, content: bytes, name: str, what: str) -> None:
        digest = hashlib.sha256(content).hexdigest()
        place = place_of(self._settings.files_dir, digest)
        place.parent.mkdir(parents=True, exist_ok=True)
        temporary = place.with_suffix(f".{waiting.message_id}")
        temporary.write_bytes(content)
        temporary.replace(place)
        with self._transactions() as uow:
            file = File(
                owner=f"message/{waiting.message_id}/{what}",
                person_id=uow.session.get_one(Message, waiting.message_id).person_id,
                name=safe_name(name),
                mime=_kind(place, PurePosixPath(name).suffix.lower()),
                size=len(content),
                sha256=digest,
            )
            uow.session.add(file)
            uow.session.flush()
            message_files.ready(uow, waiting.message_id, file.id)


def _kind(path: Path, suffix: str) -> str:
    try:
        return kind_of(path, suffix)
    except UnknownKind:
        return UNKNOWN_KIND
