"""Wordings of the bot's texts that an administrator put in the place of the standing ones."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class BotText(Base):
    """One text in one language: `text_id` is its English wording, `forms` one text, or one for every plural form in their order."""

    __tablename__ = "bot_texts"

    language: Mapped[str] = mapped_column(primary_key=True)
    text_id: Mapped[str] = mapped_column(primary_key=True)
    forms: Mapped[list[Any]]
    changed_by: Mapped[str] = mapped_column(server_default="")
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())
