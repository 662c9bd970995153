"""Half-filled forms, kept until they are submitted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class Draft(Base):
    """What a person has entered into a form so far: `form` is buyer, factory, lot, `offer:<lot id>` or `mend:<lot id or 0>:<round>`.

    Under `profile:<company id>` it is a change of the profile that was handed in and waits for an employee.
    """

    __tablename__ = "drafts"
    __table_args__ = (
        Index("uq_drafts_person_form", "person_id", "form", unique=True),
        Index("ix_drafts_waiting", "form", "person_id", "changed_at", postgresql_where=text("form LIKE 'profile:%'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    form: Mapped[str]
    answers: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    step: Mapped[str] = mapped_column(server_default="")
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())


class TypedAnswer(Base):
    """Which message of a person's chat answered the question at `place` of a form; `draft_id` is None once that was sent or dropped."""

    __tablename__ = "typed_answers"
    __table_args__ = (Index("uq_typed_answers_message", "person_id", "message_id", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    message_id: Mapped[str]
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("drafts.id", ondelete="SET NULL"), index=True)
    place: Mapped[str]
    answered_at: Mapped[datetime]


class SentFile(Base):
    """A file that was sent in the chat as the answer to a question, until Telegram gave its bytes.

    `place` names the question (`logo`, `certificates.0.scan`), `update_id` the update under which the sender is answered. Files sent
    together share an `album`; of those each stays when it is `settled`, with the `refusal` that its sender was told, if any.
    """

    __tablename__ = "sent_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("drafts.id", ondelete="CASCADE"), index=True)
    place: Mapped[str]
    telegram_file_id: Mapped[str]
    name: Mapped[str] = mapped_column(server_default="")
    album: Mapped[str] = mapped_column(server_default="", index=True)
    settled: Mapped[bool] = mapped_column(server_default=text("false"))
    refusal: Mapped[str] = mapped_column(server_default="")
    update_id: Mapped[int]
    sent_at: Mapped[datetime]
