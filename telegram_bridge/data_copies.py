"""A copy of everything that is kept of a person, as one archive in the store of files.

Called by the Mini App's screen of data and by the gateway when the chat sends such a copy. Decides nothing about who may have it.
"""

from __future__ import annotations

import json
import tempfile
import zipfile
from pathlib import Path
from typing import IO, Any

from sqlalchemy import delete

from b24app.services import personal_data
from storage.models import File, Person
from storage.unit_of_work import UnitOfWork
from telegram_bridge.miniapp import uploads

ARCHIVE_BYTES = 200 * 1024 * 1024
CHAT_BYTES = 45 * 1024 * 1024
"""Room for files: of a copy that is downloaded, of one that a bot sends (Telegram takes 50 MB)."""


def owner_of(person_id: int) -> str:
    """Give whose the row of a copy is."""
    return f"export/{person_id}"


def pack(uow: UnitOfWork, person: Person, files_dir: str, *, room: int = ARCHIVE_BYTES) -> File:
    """Write the archive into the store in place of an earlier one; files that find no `room` (bytes) any more are left out."""
    owner = owner_of(person.id)
    uow.session.execute(delete(File).where(File.owner == owner))
    kept = personal_data.collect(uow, person)
    with tempfile.TemporaryFile() as archive:
        _write(archive, kept, files_dir, room)
        archive.seek(0)
        stored = uploads.store(archive, f"my-data-{uow.now:%Y-%m-%d}.zip", files_dir, limit=2 * ARCHIVE_BYTES)
    made = File(
        owner=owner,
        person_id=person.id,
        name=stored.name,
        mime=stored.mime,
        size=stored.size,
        sha256=stored.sha256,
        created_at=uow.now,
    )
    uow.session.add(made)
    uow.session.flush()
    return made


def _write(archive: IO[bytes], kept: dict[str, Any], files_dir: str, room: int) -> None:
    """Write what is kept of a person, and of its files those that are still there and fit."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("data.json", json.dumps(kept, ensure_ascii=False, indent=2, default=str))
        for file in kept["files"]:
            place = uploads.place_of(files_dir, file["sha256"])
            if place.is_file() and file["size"] <= room:
                packed.write(place, f"files/{file['id']}-{Path(file['name']).name}")
                room -= file["size"]
