"""Bringing files that people sent in Telegram into our own store.

Called by the file door and by jobs, never inside a transaction: rows are read and written in short ones before and after the
download. A file is fetched once; its name is made anew, since the sender's own may tell who they are.
"""

from __future__ import annotations

import mimetypes
from pathlib import Path, PurePosixPath

from b24app.errors import NotFound
from storage.models import File, Message
from storage.unit_of_work import Transactions
from telegram_bridge.client import TelegramClient
from telegram_bridge.miniapp import uploads
from telegram_bridge.miniapp.uploads import UnknownKind, kind_of

UNKNOWN_KIND = "application/octet-stream"


def file_of_message(client: TelegramClient, transactions: Transactions, files_dir: str, message_id: int) -> File:
    """Give the file of a message, fetching it when it is not ours yet.

    NotFound when the message has none; the failures of `TelegramClient.call`; TooLarge over 20 MB.
    """
    with transactions() as uow:
        message = uow.session.get(Message, message_id)
        if message is None or not (message.file_id or message.telegram_file_id):
            raise NotFound
        known = uow.session.get(File, message.file_id) if message.file_id else None
        kind, telegram_file_id, person_id = message.kind, message.telegram_file_id, message.person_id
    if known is not None:
        return known
    path = client.file_path(telegram_file_id)
    suffix = PurePosixPath(path).suffix.lower()[:8]
    fetched = uploads.keep(client.download(path), files_dir, judge=lambda file: _kind(file, suffix))
    with transactions() as uow:
        file = File(
            owner=f"message/{message_id}",
            person_id=person_id,
            name=f"{kind}-{message_id}{suffix}",
            mime=fetched.mime,
            size=fetched.size,
            sha256=fetched.sha256,
            telegram_file_id=telegram_file_id,
        )
        uow.session.add(file)
        uow.session.flush()
        uow.session.get_one(Message, message_id).file_id = file.id
    return file


def _kind(path: Path, suffix: str) -> str:
    try:
        return kind_of(path, suffix)
    except UnknownKind:
        return mimetypes.types_map.get(suffix, UNKNOWN_KIND)
