"""Bringing a backup back: judged whole before anything is touched, and all or nothing for the database.

Called by the command line. What is replaced stays in a schema of its own until the new one is there and upgraded; files only
ever come in addition, since their names are the hashes of their contents.
"""

from __future__ import annotations

import os
import re
import shutil
import tarfile
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session

from storage import backups, migrating, outbox, pg_programs
from storage.backups import DUMP, SET_ASIDE, Manifest
from storage.pg_programs import BackupError
from storage.sealing import fingerprint

LEAVING_LOOKS = 10
LEAVING_PAUSE_SECONDS = 0.2
_FILE = re.compile(r"files/([0-9a-f]{2}/[0-9a-f]{64})")


def restore(engine: Engine, files_dir: Path, keys: Sequence[str], source: Path, *, replace: bool = False) -> Manifest:
    """Bring a backup back into an empty database, or with `replace` into any that nobody is connected to.

    An older schema is upgraded. Raises BackupError, having changed nothing, when the backup is damaged, newer than this program or
    sealed with other keys, or when the database is in use or holds something.
    """
    with ExitStack() as stack:
        try:
            archive = stack.enter_context(tarfile.open(source, "r:"))
        except (tarfile.TarError, OSError) as error:
            raise BackupError(f"{source} cannot be read as a backup: {error}") from error
        manifest = backups.read_manifest(archive)
        _judge(manifest, keys)
        with engine.connect() as connection:
            _judge_target(connection, manifest, replace=replace)
        backups.verify(archive, manifest)
        _bring_files(archive, manifest, files_dir)
        _bring_database(engine, archive)
    return manifest


def doubt_waiting(engine: Engine, manifest: Manifest, now: datetime) -> int:
    """Take the messages that waited when the backup was taken for possibly sent since; answers how many that were."""
    with Session(engine) as session, session.begin():
        return outbox.doubt_waiting(session, now=now, since=datetime.fromisoformat(manifest.taken_at))


def _judge(manifest: Manifest, keys: Sequence[str]) -> None:
    if not migrating.Level(manifest.revision, manifest.queue).is_known():
        raise BackupError(
            f"This backup has the schema {manifest.revision} (job queue {manifest.queue}), which this program does not "
            "know: restore it with the program that took it, or a newer one."
        )
    if not set(manifest.keys) <= {fingerprint(key) for key in keys}:
        raise BackupError(
            "This backup was sealed with keys that SECRET_KEYS does not hold: its tokens could not be read. "
            "Put the keys of that time behind the present ones."
        )
    strange = [name for name in manifest.sums if name != DUMP and not _FILE.fullmatch(name)]
    if strange or DUMP not in manifest.sums:
        raise BackupError(f"This is no whole backup: {strange[0] if strange else DUMP} was not expected so.")


def _judge_target(connection: Connection, manifest: Manifest, *, replace: bool) -> None:
    server = backups.server_major(connection)
    if server < manifest.server:
        raise BackupError(f"The backup is of PostgreSQL {manifest.server}, this server is older: {server}.")
    others = _others(connection)
    if others:
        raise BackupError(f"The database is in use by {others} connections: stop web and workers first.")
    if (_has_tables(connection, "public") or _has_tables(connection, SET_ASIDE)) and not replace:
        raise BackupError("The database is not empty: give an empty one, or say --replace.")


def _others(connection: Connection) -> int:
    """Count who else is connected, once whoever was just stopped has had a moment to leave."""
    found = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
    )
    others = 0
    for _ in range(LEAVING_LOOKS):
        # A transaction of its own for each look: the server shows one transaction the same picture again.
        connection.rollback()
        others = int(connection.scalar(found) or 0)
        if not others:
            break
        time.sleep(LEAVING_PAUSE_SECONDS)
    return others


def _has_tables(connection: Connection, schema: str) -> bool:
    found = text("SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = :schema)")
    return bool(connection.scalar(found, {"schema": schema}))


def _bring_files(archive: tarfile.TarFile, manifest: Manifest, files_dir: Path) -> None:
    for member in manifest.sums:
        name = _FILE.fullmatch(member)
        if name:
            place = files_dir / name[1]
            place.parent.mkdir(parents=True, exist_ok=True)
            # Outside the folders of hashes until it is whole.
            unfinished = files_dir / f"restoring-{place.name}"
            _extract(archive, member, unfinished)
            os.replace(unfinished, place)


def _extract(archive: tarfile.TarFile, member: str, target: Path) -> None:
    stream = archive.extractfile(member)
    if stream is None:
        raise BackupError(f"The backup is damaged: {member} cannot be read.")
    with stream, target.open("wb") as file:
        shutil.copyfileobj(stream, file)


def _bring_database(engine: Engine, archive: tarfile.TarFile) -> None:
    url = engine.url.render_as_string(hide_password=False)
    with engine.connect() as connection:
        server = backups.server_major(connection)
    with tempfile.TemporaryDirectory() as folder, _in_place_of_the_old(engine):
        _extract(archive, DUMP, Path(folder) / DUMP)
        pg_programs.restore(url, Path(folder) / DUMP, server=server)
        migrating.upgrade(engine)


@contextmanager
def _in_place_of_the_old(engine: Engine) -> Iterator[None]:
    """Give an empty public schema; what it held is dropped at the end, and put back when that end is an error."""
    with engine.begin() as connection:
        _put_back_after_a_crash(connection)
        replacing = _has_tables(connection, "public")
        if replacing:
            connection.execute(text(f"ALTER SCHEMA public RENAME TO {SET_ASIDE}"))
            connection.execute(text("CREATE SCHEMA public"))
    try:
        yield
    except BaseException:
        if replacing:
            with engine.begin() as connection:
                _put_back(connection)
        raise
    if replacing:
        with engine.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {SET_ASIDE} CASCADE"))


def _put_back_after_a_crash(connection: Connection) -> None:
    if not _has_tables(connection, SET_ASIDE):
        return
    if _has_tables(connection, "public"):
        connection.execute(text(f"DROP SCHEMA {SET_ASIDE} CASCADE"))
    else:
        _put_back(connection)


def _put_back(connection: Connection) -> None:
    connection.execute(text("DROP SCHEMA public CASCADE"))
    connection.execute(text(f"ALTER SCHEMA {SET_ASIDE} RENAME TO public"))
