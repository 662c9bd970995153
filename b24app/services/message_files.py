"""Files that do not travel as they are: fetched from the portal or cleaned first, and what follows when that is done.

`waiting`, `ready`, `held` and `lost` are called by the job that prepares files, `prepare` by `messages`, `leave_hidden` by the
cards. States of `Message.file_state`: fetching, cleaning → ready, held (an employee decides), lost (the portal did not give it).
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from b24app.domain.deliveries import NotifyUser, ShowActivity
from b24app.domain.messages import LARGEST_FILE_BYTES
from b24app.errors import InvalidState, NotFound
from b24app.services import audit, conversations, message_cards, message_copies, message_news, portals
from storage import jobs
from storage.holding import HELD
from storage.models import Message, Person
from storage.unit_of_work import UnitOfWork

JOB = "prepare_files"
ACTIVITY_SECONDS = 5
AT_ONCE = 20


@dataclass(frozen=True)
class Waiting:
    """A file to prepare: whether it is fetched from `address`, given by `portal`, or cleaned; `names` must not stand in it."""

    message_id: int
    state: str
    kind: str
    name: str
    address: str
    portal: str
    names: frozenset[str]


def prepare(uow: UnitOfWork, message: Message, state: str, *, size: int = 0) -> None:
    """Have a file fetched or cleaned soon; one that Telegram does not hand out waits for an employee at once."""
    if state == "cleaning" and size > LARGEST_FILE_BYTES:
        message.file_state, message.held_reason = "held", "too_big"
        message.hidden = True
        message_news.held(uow, message)
        return
    message.file_state = state
    jobs.defer(uow.session.connection(), JOB)


def show_activity(uow: UnitOfWork, chat_id: str, action: str, key: str) -> None:
    """Let a person see that something is coming; late it is worth nothing and is dropped."""
    until = int(uow.now.timestamp()) + ACTIVITY_SECONDS
    uow.send(ShowActivity(chat_id=chat_id, action=action, until_epoch=until), key=key, lane=key)


def waiting(uow: UnitOfWork) -> list[Waiting]:
    """Give the files that wait to be prepared, the oldest first, a bounded number."""
    found = uow.session.scalars(
        select(Message)
        .where(Message.file_state.in_(("fetching", "cleaning")), Message.deleted_at.is_(None))
        .order_by(Message.id)
        .limit(AT_ONCE)
    )
    portal = portals.current(uow)
    host = portal.domain if portal else ""
    return [
        Waiting(one.id, one.file_state, one.kind, one.file_name, one.file_address, host, _names(uow, one))
        for one in found
    ]


def _names(uow: UnitOfWork, message: Message) -> frozenset[str]:
    return conversations.hidden_names(uow, conversations.get(uow, message.conversation_id))


def _locked(uow: UnitOfWork, message_id: int) -> Message | None:
    """Hold a message whose file still waits; None when somebody else prepared it, or it was taken back."""
    found = uow.session.get(Message, message_id, with_for_update=HELD, populate_existing=True)
    return found if found and found.file_state in {"fetching", "cleaning"} and found.deleted_at is None else None


def ready(uow: UnitOfWork, message_id: int, file_id: int) -> None:
    """Send the prepared file to everybody it is for."""
    message = _locked(uow, message_id)
    if message is None:
        return
    if message.file_state == "fetching":
        message.file_id = file_id
    else:
        message.clean_file_id = file_id
    message.file_state = "ready"
    _carry(uow, message)


def held(uow: UnitOfWork, message_id: int, reason: str) -> None:
    """Leave a file to the employees, who are told why (one of HELD_REASONS): the words go on without it, its sender is told."""
    message = _locked(uow, message_id)
    if message is None:
        return
    if not conversations.get(uow, message.conversation_id).masked:
        # The contract came while it was being looked at: it goes as it is.
        message.file_state = ""
        _carry(uow, message)
        return
    message.file_state, message.held_reason = "held", reason
    message.hidden = True
    message_news.held(uow, message)
    if message.text:
        _carry(uow, message)
    if message.person_id is not None:
        message_news.hidden(uow, uow.session.get_one(Person, message.person_id), message, held=True)


def leave_hidden(uow: UnitOfWork, message_id: int, actor: str) -> Message:
    """Decide that the other side does not get a held file; it can still be shown later. NotFound, InvalidState once it was shown."""
    message = uow.session.get(Message, message_id, with_for_update=HELD)
    if message is None:
        raise NotFound(code="message")
    if message.file_state != "held" or message.deleted_at is not None:
        raise InvalidState("This was decided already.", code="nothing_held")
    audit.record(uow, actor, "file_left_hidden", f"message/{message.id}")
    message_cards.close(uow, message, "kept")
    return message


def lost(uow: UnitOfWork, message_id: int, name: str) -> None:
    """Tell the operator that the portal did not give the file; the words go on without it."""
    message = _locked(uow, message_id)
    if message is None:
        return
    message.file_state = "lost"
    if message.text:
        _carry(uow, message)
    t = portals.speech(uow)
    text = t("The file {name} could not be fetched and was not sent.", name=name)
    if message.user_id:
        uow.send(
            NotifyUser(user_id=message.user_id, text=text, tag=f"file/{message.id}"), key=f"file/{message.id}:lost"
        )


def _carry(uow: UnitOfWork, message: Message) -> None:
    conversation = conversations.get(uow, message.conversation_id)
    readers = [
        one for one in conversations.people_on(uow, conversation, message.addressed) if one.id != message.person_id
    ]
    if conversation.kind != "help" or message.side == "manager":
        message_copies.to_people(uow, conversation, message, readers, speaker_name=message.speaker_name)
