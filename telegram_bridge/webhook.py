"""The door that Telegram knocks at: check the secret, store the update, answer.

Nothing is understood here; `updates.handle` works the stored rows. An update without a chat, or one that is not even JSON, goes
to a lane of its own, where it is set aside without holding anybody up: a refusal would only make Telegram repeat it.
"""

from __future__ import annotations

import hashlib
import logging
from typing import Any

from flask import Blueprint, Response, abort, request
from psycopg import DataError

from b24app.access import authenticated_by
from b24app.config import Settings
from b24app.outside_json import read_json
from storage import correlation, inbox
from storage.unit_of_work import Transactions
from telegram_bridge.addresses import is_telegram

logger = logging.getLogger(__name__)

SOURCE = "telegram"
MAX_BYTES = 1024 * 1024
KEPT_OF_MALFORMED = 2000


def create_blueprint(*, settings: Settings, transactions: Transactions) -> Blueprint:
    """Make the door. Answers 200 once the update is stored, 403 to anybody else, 413 to more than a mebibyte."""
    blueprint = Blueprint("telegram_webhook", __name__)

    @blueprint.post("/telegram/<path_secret>/webhook")
    @authenticated_by("telegram secret")
    def webhook(path_secret: str) -> Response:
        if not is_telegram(settings, path_secret, request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")):
            logger.warning("a call to the Telegram webhook showed the wrong secret")
            abort(403)
        request.max_content_length = MAX_BYTES
        with correlation.following():
            store(transactions, request.get_data(cache=False))
        return Response(status=200)

    return blueprint


def store(transactions: Transactions, body: bytes) -> None:
    """Put an update into the inbox; whatever cannot be kept as it is goes there as the text of its beginning."""
    try:
        update = read_json(body)
        update_id = update["update_id"]
        if type(update_id) is not int:
            raise TypeError("update_id is not a number")
        _accept(transactions, key=str(update_id), lane=_lane(update), payload=update, position=update_id)
    except (ValueError, KeyError, TypeError, DataError) as error:
        digest = hashlib.sha256(body).hexdigest()[:32]
        logger.warning("a malformed update was set aside as %s (%s)", digest, type(error).__name__)
        payload = {"malformed": ascii(body[:KEPT_OF_MALFORMED]), "why": type(error).__name__}
        _accept(
            transactions, key=f"malformed:{digest}", lane=f"telegram:malformed:{digest}", payload=payload, position=0
        )


def _accept(transactions: Transactions, *, key: str, lane: str, payload: dict[str, Any], position: int) -> None:
    inbox.accept_alone(transactions.engine, source=SOURCE, key=key, lane=lane, payload=payload, position=position)


def _lane(update: dict[str, Any]) -> str:
    for content in update.values():
        if isinstance(content, dict):
            chat = content.get("chat") or (content.get("message") or {}).get("chat")
            if not isinstance(chat, dict):
                chat = content.get("from")
            if isinstance(chat, dict) and isinstance(chat.get("id"), int):
                return f"telegram:{chat['id']}"
    return f"telegram:update:{update['update_id']}"
