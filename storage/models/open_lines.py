"""The portal's open lines that carry conversations."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class OpenLine(Base):
    """One connected line; `language` and `audience` say what it is for, empty is anything. `troubles` are codes of what is wrong with it.

    `mend_asked_at` is set while somebody waits for its settings to be put right.
    """

    __tablename__ = "open_lines"

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str] = mapped_column(server_default="")
    language: Mapped[str] = mapped_column(server_default="")
    audience: Mapped[str] = mapped_column(server_default="")
    troubles: Mapped[list[Any]] = mapped_column(server_default=text("'[]'::jsonb"))
    checked_at: Mapped[datetime | None]
    mend_asked_at: Mapped[datetime | None]
