"""Translations of messages for employees."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class MessageTranslation(Base):
    """A message in one language: `state` is wanted, done or failed; `text` holds plain words."""

    __tablename__ = "message_translations"
    __table_args__ = (
        Index("uq_message_translations_language", "message_id", "language", unique=True),
        Index("ix_message_translations_wanted", "state", postgresql_where=text("state = 'wanted'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"))
    language: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="wanted")
    text: Mapped[str] = mapped_column(server_default="")
    asked_at: Mapped[datetime] = mapped_column(server_default=func.now())
