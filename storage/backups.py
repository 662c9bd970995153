"""One file that holds everything a deployment cannot make again: its database and the files people gave it.

A tar of `database.dump`, `files/..` and, as its last member, `manifest.json` with the checksums of both: a file without it is
not whole. Keys are never in it, only their fingerprints. Called by the command line and by restores; knows no table by name.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Engine, text

from storage import migrating, pg_programs
from storage.pg_programs import BackupError
from storage.sealing import fingerprint

FORMAT = "marketplace-backup/1"
MANIFEST = "manifest.json"
DUMP = "database.dump"
SET_ASIDE = "set_aside_by_restore"
"""The schema that holds what a restore is replacing, until it has succeeded."""


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself. `sums`: SHA-256 by member; `keys`: fingerprints; `server`: PostgreSQL's major version."""

    taken_at: str
    revision: str
    queue: str
    server: int
    keys: list[str]
    sums: dict[str, str] = field(default_factory=dict)
    format: str = FORMAT


class Summing:
    """A stream that is summed while somebody reads it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Read on."""
        chunk = self._stream.read(size)
        self._digest.update(chunk)
        return chunk

    def sum(self) -> str:
        """Give the SHA-256 of what was read, in hex."""
        return self._digest.hexdigest()


def take(engine: Engine, files_dir: Path, keys: Sequence[str], target: Path, now: datetime) -> Manifest:
    """Write a backup; what stood at `target` before is replaced only by a whole one. The application may run meanwhile.

    Files are read after the database's snapshot was taken, so every file that the database names is there.
    """
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    unfinished = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            with tarfile.open(fileobj=stream, mode="w") as archive:
                manifest = _fill(archive, engine, files_dir, keys, now)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(unfinished, target)
    finally:
        unfinished.unlink(missing_ok=True)
    return manifest


def _fill(archive: tarfile.TarFile, engine: Engine, files_dir: Path, keys: Sequence[str], now: datetime) -> Manifest:
    with tempfile.TemporaryDirectory() as folder:
        dump = Path(folder) / DUMP
        manifest = _dump_database(engine, dump, keys, now)
        manifest.sums[DUMP] = _add(archive, dump, DUMP)
    for path in sorted(files_dir.glob("??/*")):
        member = f"files/{path.parent.name}/{path.name}"
        try:
            manifest.sums[member] = _add(archive, path, member)
        except FileNotFoundError:
            continue  # Forgotten since it was listed, as files of forgotten people are.
    content = json.dumps(asdict(manifest), indent=1).encode()
    about = tarfile.TarInfo(MANIFEST)
    about.size = len(content)
    archive.addfile(about, io.BytesIO(content))
    return manifest


def _dump_database(engine: Engine, target: Path, keys: Sequence[str], now: datetime) -> Manifest:
    url = engine.url.render_as_string(hide_password=False)
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        # The manifest and the dump must speak of the same moment, also while somebody upgrades the schema.
        snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
        level, server = migrating.level(connection), server_major(connection)
        if not level.is_known():
            raise BackupError(
                "The database has no schema, or a newer one than this program: run `migrate` of its program first."
            )
        pg_programs.dump(url, target, server=server, snapshot=str(snapshot), without_schema=SET_ASIDE)
    return Manifest(now.isoformat(), level.revision, level.queue, server, [fingerprint(key) for key in keys])


def server_major(connection: Connection) -> int:
    """Give the major version of the server."""
    return int(connection.scalar(text("SELECT current_setting('server_version_num')::int"))) // 10_000


def _add(archive: tarfile.TarFile, path: Path, member: str) -> str:
    with path.open("rb") as stream:
        summing = Summing(stream)
        about = tarfile.TarInfo(member)
        about.size = os.fstat(stream.fileno()).st_size
        archive.addfile(about, summing)
    return summing.sum()


def read_manifest(archive: tarfile.TarFile) -> Manifest:
    """Read what a backup says of itself. Raises BackupError when that is not a manifest of this format."""
    try:
        content: Any = json.load(_member(archive, MANIFEST))
        if content["format"] == FORMAT:
            return Manifest(**content)
    except (ValueError, TypeError, KeyError, tarfile.TarError, OSError) as error:
        raise BackupError("This is no whole backup: it has no readable manifest.") from error
    raise BackupError(f"This backup has the format {content['format']}; this program reads {FORMAT}.")


def verify(archive: tarfile.TarFile, manifest: Manifest) -> None:
    """Compare every member with its checksum. Raises BackupError naming the first that differs or is missing."""
    for member, expected in manifest.sums.items():
        try:
            arrived = hashlib.file_digest(_member(archive, member), "sha256").hexdigest()
        except (KeyError, tarfile.TarError, OSError) as error:
            raise BackupError(f"The backup is damaged: {member} cannot be read.") from error
        if arrived != expected:
            raise BackupError(f"The backup is damaged: {member} is not what was stored.")


def _member(archive: tarfile.TarFile, member: str) -> Any:
    stream = archive.extractfile(member)
    if stream is None:
        raise KeyError(member)
    return stream
