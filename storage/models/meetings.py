"""Meetings that managers arrange in conversations."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import String

from storage.base import Base


class Meeting(Base):
    """One proposal. `state`: proposed, agreed, withdrawn, replaced, lapsed (every time passed without an agreement).

    `sides` are those that were asked: buyer, factory, or person in a conversation with the platform. `zone` is the clock by which the
    manager wrote the times; `starts_at` is set once agreed, `event_id` once the event stands in the manager's calendar. `key` is the
    press that proposed it, `changes` counts how often it was changed.
    """

    __tablename__ = "meetings"
    __table_args__ = (
        UniqueConstraint("conversation_id", "key"),
        Index("ix_meetings_live", "state", postgresql_where=text("state in ('proposed', 'agreed')")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    user_id: Mapped[str]
    subject: Mapped[str]
    link: Mapped[str] = mapped_column(server_default="")
    zone: Mapped[str]
    minutes: Mapped[int]
    sides: Mapped[list[str]] = mapped_column(ARRAY(String))
    state: Mapped[str] = mapped_column(server_default="proposed")
    starts_at: Mapped[datetime | None]
    event_id: Mapped[str] = mapped_column(server_default="")
    key: Mapped[str]
    changes: Mapped[int] = mapped_column(server_default=text("0"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    agreed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    day_reminded_at: Mapped[datetime | None]
    soon_reminded_at: Mapped[datetime | None]


class MeetingSlot(Base):
    """One of the times that were proposed."""

    __tablename__ = "meeting_slots"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), index=True)
    starts_at: Mapped[datetime]


class MeetingAnswer(Base):
    """One press: the last of a side counts, the others are its history. No `slot_id` means that none of the times suits."""

    __tablename__ = "meeting_answers"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id"), index=True)
    side: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    slot_id: Mapped[int | None] = mapped_column(ForeignKey("meeting_slots.id"))
    answered_at: Mapped[datetime] = mapped_column(server_default=func.now())
