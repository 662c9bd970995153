"""Files that people send in the chat as answers to a form: waiting for their bytes, then answers like any other.

Called by the bot's forms and by the job that fetches; `must_have_room` by the Mini App's upload too. Sends nothing. Errors: LimitExceeded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, select

from b24app.errors import LimitExceeded
from b24app.services import clean_copies
from storage import jobs
from storage.holding import HELD
from storage.models import Draft, File, Person, SentFile
from storage.unit_of_work import UnitOfWork

JOB = "fetch_sent_files"
DAILY_FILES = 200
AT_ONCE = 20
KEPT_TRYING = timedelta(hours=12)


@dataclass(frozen=True)
class Waiting:
    """A file to fetch, and the name that its sender gave it; `is_last` when this try is the last one."""

    id: int
    telegram_file_id: str
    name: str
    is_last: bool


@dataclass(frozen=True)
class Coming:
    """A file that was sent: Telegram's id of it, its sender's name for it, the album it belongs to, why it is refused at once."""

    telegram_file_id: str
    name: str
    album: str = ""
    refusal: str = ""


@dataclass(frozen=True)
class Fetched:
    """Bytes in the store: their hash, size and kind by content, and a name safe to show."""

    sha256: str
    size: int
    mime: str
    name: str


def must_have_room(uow: UnitOfWork, person: Person) -> None:
    """Raise LimitExceeded when a person gave more files within a day than anybody needs."""
    yesterday = uow.now - timedelta(days=1)
    given = select(func.count()).where(
        File.person_id == person.id, File.created_at > yesterday, ~File.owner.startswith(clean_copies.OWNER)
    )
    waiting = select(func.count()).join_from(SentFile, Draft).where(Draft.person_id == person.id, ~SentFile.settled)
    if (uow.session.scalar(given) or 0) + (uow.session.scalar(waiting) or 0) >= DAILY_FILES:
        raise LimitExceeded


def expect(uow: UnitOfWork, draft: Draft, place: str, coming: Coming, *, update_id: int) -> SentFile:
    """Have a file fetched soon that answers the question at `place` of a form. LimitExceeded after too many."""
    must_have_room(uow, uow.session.get_one(Person, draft.person_id))
    # What came of earlier albums was told, and nobody asks for it again.
    told = SentFile.draft_id == draft.id, SentFile.settled, SentFile.album != coming.album
    uow.session.execute(delete(SentFile).where(*told))
    sent = SentFile(
        draft_id=draft.id,
        place=place,
        telegram_file_id=coming.telegram_file_id,
        name=coming.name[:120],
        album=coming.album,
        settled=bool(coming.refusal),
        refusal=coming.refusal,
        update_id=update_id,
        sent_at=uow.now,
    )
    uow.session.add(sent)
    uow.session.flush()
    if not sent.settled:
        jobs.defer(uow.session.connection(), JOB)
    return sent


def first_of_album(uow: UnitOfWork, person: Person, album: str) -> SentFile | None:
    """Give the file of a person's that came first of those sent together with this one, None when this is the first, or alone."""
    if not album:
        return None
    of_person = select(SentFile).join(Draft).where(Draft.person_id == person.id, SentFile.album == album)
    return uow.session.scalars(of_person.order_by(SentFile.id).limit(1)).first()


def album_of(uow: UnitOfWork, sent: SentFile) -> Sequence[SentFile]:
    """Give all files that were sent together with one, as they came."""
    same = SentFile.draft_id == sent.draft_id, SentFile.album == sent.album
    return uow.session.scalars(select(SentFile).where(*same).order_by(SentFile.id)).all()


def on_their_way(uow: UnitOfWork, draft: Draft) -> bool:
    """Tell whether files of a form are still to be fetched."""
    waiting = select(SentFile.id).where(SentFile.draft_id == draft.id, ~SentFile.settled)
    return uow.session.scalar(waiting.limit(1)) is not None


def waiting(uow: UnitOfWork) -> list[Waiting]:
    """Give the files to fetch, the oldest first, a bounded number; what Telegram has not given for hours is tried once more."""
    found = uow.session.scalars(select(SentFile).where(~SentFile.settled).order_by(SentFile.id).limit(AT_ONCE))
    last = uow.now - KEPT_TRYING
    return [Waiting(one.id, one.telegram_file_id, one.name, one.sent_at <= last) for one in found]


def settle(uow: UnitOfWork, sent_file_id: int) -> SentFile | None:
    """Take a file off the waiting list; None when the form is gone, or somebody else settled it.

    Of files sent together each stays known until all were told of.
    """
    found = uow.session.get(SentFile, sent_file_id, with_for_update=HELD, populate_existing=True)
    if found is None or found.settled:
        return None
    found.settled = True
    if not found.album:
        uow.session.delete(found)
    uow.session.flush()
    return found


def others_wait(uow: UnitOfWork, sent: SentFile) -> bool:
    """Tell whether more files are on their way to the same question."""
    same = select(SentFile.id).where(
        SentFile.draft_id == sent.draft_id, SentFile.place == sent.place, ~SentFile.settled
    )
    return uow.session.scalar(same.limit(1)) is not None


def keep(uow: UnitOfWork, person_id: int, fetched: Fetched) -> File:
    """Keep what was fetched as a file of a person."""
    file = File(
        owner=f"person/{person_id}",
        person_id=person_id,
        name=fetched.name,
        mime=fetched.mime,
        size=fetched.size,
        sha256=fetched.sha256,
        created_at=uow.now,
    )
    uow.session.add(file)
    uow.session.flush()
    return file
