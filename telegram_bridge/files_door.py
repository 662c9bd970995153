"""The door through which the portal fetches files of conversations: `/files/<token>`.

The token says which file and until when (see `b24app.services.file_links`). A file that Telegram still holds is fetched on the
first request and kept. What is given can be saved but never runs or shows as a page of ours.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from flask import Blueprint, Response, abort, send_file

from b24app.access import authenticated_by
from b24app.config import Settings
from b24app.errors import DomainError, GatewayError, NotFound
from b24app.services import file_links, meeting_files
from storage.models import File
from storage.unit_of_work import Transactions
from telegram_bridge.current_bot import CurrentBot
from telegram_bridge.media import file_of_message
from telegram_bridge.miniapp.uploads import SHOWN_IN_PLACE, TooLarge, place_of

logger = logging.getLogger(__name__)


def create_blueprint(*, settings: Settings, transactions: Transactions, bot: CurrentBot) -> Blueprint:
    """Make the door. 404 for a token that is not good (any more), 413 over 20 MB, 502 while Telegram does not answer."""
    blueprint = Blueprint("files", __name__)

    @blueprint.get("/files/<token>")
    @authenticated_by("signed expiring link")
    def file(token: str) -> Response:
        try:
            if written := _written(settings, transactions, token):
                return written
            found = _find(settings, transactions, bot, token)
        except DomainError:
            abort(404)
        except TooLarge:
            abort(413)
        except GatewayError as error:
            logger.warning("a file could not be fetched from Telegram: %s", error)
            abort(502)
        return _answer(settings, found)

    return blueprint


def _written(settings: Settings, transactions: Transactions, token: str) -> Response | None:
    """Answer with a file that is written when it is asked for, a meeting's; None when the token names another. NotFound."""
    noun, _, number = file_links.subject_of(settings.secret_keys, token, datetime.now(UTC)).partition("/")
    if noun != "meeting":
        return None
    with transactions() as uow:
        answer = Response(meeting_files.of(uow, int(number)), mimetype=meeting_files.MIME)
    answer.headers["Content-Disposition"] = f'attachment; filename="{meeting_files.NAME}"'
    return _guarded(answer)


def _find(settings: Settings, transactions: Transactions, bot: CurrentBot, token: str) -> File:
    noun, _, number = file_links.subject_of(settings.secret_keys, token, datetime.now(UTC)).partition("/")
    if noun == "message":
        return file_of_message(bot.client(), transactions, settings.files_dir, int(number))
    with transactions() as uow:
        found = uow.session.get(File, int(number)) if noun == "file" else None
    if found is None:
        raise NotFound
    return found


def _answer(settings: Settings, file: File) -> Response:
    path = place_of(settings.files_dir, file.sha256).resolve()
    if not path.is_file():
        logger.error("the bytes of file %s are missing", file.id)
        abort(404)
    answer = send_file(
        path,
        mimetype=file.mime,
        as_attachment=file.mime not in SHOWN_IN_PLACE,
        download_name=file.name,
        etag=file.sha256,
    )
    return _guarded(answer)


def _guarded(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "private, max-age=600"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
