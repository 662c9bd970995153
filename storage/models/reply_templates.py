"""Texts that managers write often."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class ReplyTemplate(Base):
    """One text in three languages with fields in braces; `name` is for managers. An empty language falls back to another."""

    __tablename__ = "reply_templates"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    text_ru: Mapped[str] = mapped_column(server_default="")
    text_uz: Mapped[str] = mapped_column(server_default="")
    text_en: Mapped[str] = mapped_column(server_default="")
    changed_by: Mapped[str] = mapped_column(server_default="")
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())
