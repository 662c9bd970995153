"""Persons on Telegram and what they consented to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, func, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class Person(Base):
    """A Telegram account we know. `active_role` is buyer, factory or empty until chosen; `state` is active, blocked or deleted.

    `muted` names the kinds of notices that are switched off; notices wait from `quiet_from` to `quiet_until`, hours of the day in `zone`.
    """

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    telegram_id: Mapped[str] = mapped_column(unique=True)
    chat_id: Mapped[str]
    first_name: Mapped[str] = mapped_column(server_default="")
    last_name: Mapped[str] = mapped_column(server_default="")
    username: Mapped[str] = mapped_column(server_default="")
    language: Mapped[str] = mapped_column(server_default="")
    active_role: Mapped[str] = mapped_column(server_default="")
    state: Mapped[str] = mapped_column(server_default="active")
    start_payload: Mapped[str] = mapped_column(server_default="")
    current_conversation_id: Mapped[int | None]
    muted: Mapped[list[Any]] = mapped_column(server_default=text("'[]'::jsonb"))
    quiet_from: Mapped[int | None]
    quiet_until: Mapped[int | None]
    zone: Mapped[str] = mapped_column(server_default="Asia/Tashkent")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    seen_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Consent(Base):
    """A person's answer to one version of one text: `topic` is processing or marketing."""

    __tablename__ = "consents"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    topic: Mapped[str]
    version: Mapped[str]
    language: Mapped[str]
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
