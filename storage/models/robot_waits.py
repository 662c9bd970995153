"""Automation rules that wait for somebody to answer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class RobotWait(Base):
    """One process that stands still at `wait_for_reply`: `ref` is its item, `side` whose answer counts, `until` its patience.

    It hears only of what came after `created_at`. `state` is open, heard or timed_out.
    """

    __tablename__ = "robot_waits"
    __table_args__ = (
        Index("ix_robot_waits_open", "ref", postgresql_where=text("state = 'open'")),
        Index("ix_robot_waits_until", "until", postgresql_where=text("state = 'open'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_token: Mapped[str] = mapped_column(unique=True)
    ref: Mapped[str]
    side: Mapped[str]
    until: Mapped[datetime]
    state: Mapped[str] = mapped_column(server_default="open")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
