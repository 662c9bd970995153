"""Asking the administrator's translation service, a text at a time. Run by the worker when a manager asks, and again every minute.

The service is an address that takes `POST {"text", "target"}` as JSON, with the secret as a bearer token, and answers `{"text"}`.
Nothing else is told to it: no names, no numbers of ours. No redirect is followed, an answer has a limit in time and in size, and its text
is kept as plain words.
"""

from __future__ import annotations

import logging

import requests

from b24app.outside_json import read_json
from b24app.services import message_translations, settings
from b24app.services.message_translations import Wanted
from storage.unit_of_work import Transactions

CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 20.0
MOST_BYTES = 200_000

logger = logging.getLogger(__name__)


class TranslationJob:
    """Asks for what waits. `run` answers how many texts were settled."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def run(self) -> int:
        """Ask for every waiting text once; the calls lie between the transactions."""
        with self._transactions() as uow:
            waiting = message_translations.waiting(uow)
            address = settings.get(uow, message_translations.ADDRESS)
            secret = settings.get(uow, message_translations.SECRET)
        if not message_translations.is_safe(address):
            return 0
        for wanted in waiting:
            text = _translated(address, secret, wanted)
            with self._transactions() as uow:
                message_translations.keep(uow, wanted.translation_id, text)
        return len(waiting)


def _translated(address: str, secret: str, wanted: Wanted) -> str:
    """Give the translation, or an empty text when the service gave none that can be read."""
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    try:
        with requests.post(
            address,
            json={"text": wanted.text, "target": wanted.language},
            headers=headers,
            timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
            allow_redirects=False,
            stream=True,
        ) as answer:
            if answer.status_code != 200:
                logger.warning("the translation service answered %s", answer.status_code)
                return ""
            found = read_json(_read(answer))
        return str(found["text"])[: 2 * message_translations.LONGEST].replace("\x00", "")
    except (requests.RequestException, ValueError, KeyError, TypeError) as error:
        logger.warning("the translation service gave nothing: %s", type(error).__name__)
        return ""


def _read(answer: requests.Response) -> bytes:
    content = bytearray()
    for chunk in answer.iter_content(1 << 14):
        content += chunk
        if len(content) > MOST_BYTES:
            raise ValueError("the answer has no end")
    return bytes(content)
