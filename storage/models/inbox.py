"""Rows of the inbox: everything the outside told us, once each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class InboxRow(Base):
    """One accepted fact. `state` is todo, done or poison; `lane` orders, `position` is the sender's own order if it has one."""

    __tablename__ = "inbox"
    __table_args__ = (
        Index("uq_inbox_source_key", "source", "key", unique=True),
        Index("ix_inbox_lane_waiting", "lane", "position", "id", postgresql_where=text("state = 'todo'")),
        Index("ix_inbox_done", "processed_at", postgresql_where=text("state = 'done'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str]
    key: Mapped[str]
    lane: Mapped[str]
    position: Mapped[int] = mapped_column(server_default="0")
    payload: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(server_default="todo")
    attempts: Mapped[int] = mapped_column(server_default="0")
    error: Mapped[str | None]
    correlation_id: Mapped[str] = mapped_column(server_default="")
    received_at: Mapped[datetime] = mapped_column(server_default=func.now())
    retry_at: Mapped[datetime | None]
    processed_at: Mapped[datetime | None]
