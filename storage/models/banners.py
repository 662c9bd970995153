"""Banners on top of the first screen."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, func, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class Banner(Base):
    """One banner. `words` are `{language: {"title", "text"}}`; `target` is a screen (`/app/…`) or an outside https link.

    `audience` is all, buyer or factory; it is shown from `starts_at` to `ends_at`, the smallest `position` first.
    """

    __tablename__ = "banners"

    id: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[dict[str, Any]]
    target: Mapped[str] = mapped_column(server_default="")
    file_id: Mapped[int | None] = mapped_column(ForeignKey("files.id"))
    audience: Mapped[str] = mapped_column(server_default="all")
    position: Mapped[int] = mapped_column(server_default="0")
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    hidden: Mapped[bool] = mapped_column(server_default=text("false"))
    clicks: Mapped[int] = mapped_column(server_default="0")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
