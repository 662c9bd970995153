"""Which message of the chat answered which question of a form, for as long as Telegram lets people edit their messages.

Called by the bot's forms; `forget` when a person's data is erased. Sends nothing, raises nothing.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from storage.models import Draft, Person, TypedAnswer
from storage.unit_of_work import UnitOfWork

KEPT = timedelta(days=3)
"""Telegram takes edits of a message for two days."""


def note(uow: UnitOfWork, draft: Draft, place: str, message_id: int) -> None:
    """Keep that a message answered the question at `place` of a form; 0 is no message."""
    if not message_id:
        return
    outdated = TypedAnswer.person_id == draft.person_id, TypedAnswer.answered_at < uow.now - KEPT
    uow.session.execute(delete(TypedAnswer).where(*outdated))
    values = {"draft_id": draft.id, "place": place, "answered_at": uow.now}
    statement = insert(TypedAnswer).values(person_id=draft.person_id, message_id=str(message_id), **values)
    uow.session.execute(statement.on_conflict_do_update(index_elements=["person_id", "message_id"], set_=values))


def of_message(uow: UnitOfWork, person: Person, message_id: int) -> TypedAnswer | None:
    """Give what a message answered, or None when it was no answer."""
    own = TypedAnswer.person_id == person.id, TypedAnswer.message_id == str(message_id)
    return uow.session.scalars(select(TypedAnswer).where(*own)).first()


def is_latest(uow: UnitOfWork, answer: TypedAnswer) -> bool:
    """Tell whether nothing typed later answered the same question."""
    same = TypedAnswer.draft_id == answer.draft_id, TypedAnswer.place == answer.place
    return uow.session.scalar(select(TypedAnswer.id).where(*same, TypedAnswer.id > answer.id).limit(1)) is None


def forget(uow: UnitOfWork, person: Person) -> None:
    """Drop all that is known of a person's typed answers."""
    uow.session.execute(delete(TypedAnswer).where(TypedAnswer.person_id == person.id))
