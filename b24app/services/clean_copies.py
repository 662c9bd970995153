"""Files of lots and offers as the other side gets them: copies without names, contacts and what a file tells of its maker.

Called by `lots`, `lot_changes` and `offers` when a file becomes another's to see, by the job that cleans, and by the screens that
show. May send: a line on the deal about a file that cannot be shown.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from b24app.domain.deliveries import AddLogMessage
from b24app.services import portals
from b24app.services.message_news import held_words
from storage import jobs
from storage.holding import HELD
from storage.models import CleanCopy, File
from storage.unit_of_work import UnitOfWork

JOB = "clean_files"
AT_ONCE = 20
OWNER = "clean/"
"""Begins the owners of copies, that nobody sent."""


@dataclass(frozen=True)
class Waiting:
    """A file to clean: where its bytes lie, what it is, what must not stand in it."""

    file_id: int
    sha256: str
    mime: str
    names: frozenset[str]


@dataclass(frozen=True)
class Shown:
    """What the other side sees of some files: the copies, how many are on their way, how many stay with the manager."""

    files: list[File]
    waiting: int = 0
    held: int = 0

    def __bool__(self) -> bool:
        """Tell whether there is anything to show or to say."""
        return bool(self.files or self.waiting or self.held)


def expect(uow: UnitOfWork, attached: Any, ref: str, names: Collection[str] = ()) -> None:
    """Have the files of an answer copied without `names`; one that was copied without all of them stays as it is."""
    named = [int(number) for number in attached or ()]
    ids = uow.session.scalars(select(File.id).where(File.id.in_(named))).all() if named else ()
    if not ids:
        return
    rows = [{"file_id": number, "ref": ref, "names": sorted(names)} for number in ids]
    wanted = insert(CleanCopy)
    told = wanted.excluded
    again = wanted.on_conflict_do_update(
        index_elements=["file_id"],
        set_={"state": "waiting", "names": told.names, "clean_file_id": None},
        where=(CleanCopy.state != "held") & ~CleanCopy.names.contains(told.names),
    )
    uow.session.execute(again, rows)
    jobs.defer(uow.session.connection(), JOB)


def shown(uow: UnitOfWork, attached: Iterable[Any]) -> Shown:
    """Give what the other side may see of attached files, in their order."""
    return shown_of_each(uow, [attached])[0]


def shown_of_each(uow: UnitOfWork, lists: Iterable[Iterable[Any]]) -> list[Shown]:
    """Give what the other side may see of each of several lists of files, in one query."""
    wanted = [[int(number) for number in one or ()] for one in lists]
    numbers = {number for one in wanted for number in one}
    rows = (
        uow.session.execute(
            select(CleanCopy, File)
            .outerjoin(File, File.id == CleanCopy.clean_file_id)
            .where(CleanCopy.file_id.in_(numbers))
        ).all()
        if numbers
        else []
    )
    found = {copy.file_id: (copy.state, file) for copy, file in rows}
    return [_shown([found[number] for number in one if number in found]) for one in wanted]


def _shown(found: list[tuple[str, File | None]]) -> Shown:
    states = [state for state, _ in found]
    return Shown([file for _, file in found if file], states.count("waiting"), states.count("held"))


def waiting(uow: UnitOfWork) -> list[Waiting]:
    """Give the files to clean, the oldest first, a bounded number."""
    rows = uow.session.execute(
        select(CleanCopy, File)
        .join(File, File.id == CleanCopy.file_id)
        .where(CleanCopy.state == "waiting")
        .order_by(CleanCopy.file_id)
        .limit(AT_ONCE)
    )
    return [Waiting(file.id, file.sha256, file.mime, frozenset(copy.names)) for copy, file in rows]


def ready(uow: UnitOfWork, file_id: int, sha256: str, size: int) -> None:
    """Show the cleaned bytes from now on, under a name that tells nothing."""
    copy, file = _locked(uow, file_id), uow.session.get(File, file_id)
    if copy is None or file is None:
        return
    clean = File(
        owner=f"{OWNER}{file_id}",
        person_id=file.person_id,
        name=f"file-{file_id}{mimetypes.guess_extension(file.mime) or ''}",
        mime=file.mime,
        size=size,
        sha256=sha256,
        created_at=uow.now,
    )
    uow.session.add(clean)
    uow.session.flush()
    copy.state, copy.clean_file_id = "ready", clean.id


def hold(uow: UnitOfWork, file_id: int, reason: str) -> None:
    """Leave a file with the employees, who read on the deal why (one of HELD_REASONS)."""
    copy, file = _locked(uow, file_id), uow.session.get(File, file_id)
    if copy is None or file is None:
        return
    copy.state, copy.reason = "held", reason
    t = portals.speech(uow)
    note = AddLogMessage(
        ref=copy.ref,
        title=t("An attached file is not shown to the other side"),
        text=f"{file.name}: {held_words(reason, t)}",
    )
    uow.send(note, key=f"clean/{file_id}:held")


def _locked(uow: UnitOfWork, file_id: int) -> CleanCopy | None:
    found = uow.session.get(CleanCopy, file_id, with_for_update=HELD, populate_existing=True)
    return found if found is not None and found.state == "waiting" else None
