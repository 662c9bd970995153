"""Ready-made sets of automation: which are switched on as rules of ours, and where one has run."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class StageRule(Base):
    """A set that runs when a deal of a pipeline enters a stage; `numbers` are what was chosen for it."""

    __tablename__ = "stage_rules"

    set_code: Mapped[str] = mapped_column(primary_key=True)
    pipeline: Mapped[str] = mapped_column(primary_key=True)
    stage: Mapped[str]
    numbers: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    is_on: Mapped[bool] = mapped_column(server_default=text("false"))
    switched_at: Mapped[datetime] = mapped_column(server_default=func.now())


class SetRun(Base):
    """One run of a set on a deal (`lot/7`): `source` is `rule`, or the event token of a robot; `state` is waiting or done.

    A waiting one looks again at `due_at` whether anybody answered.
    """

    __tablename__ = "set_runs"
    __table_args__ = (
        UniqueConstraint("set_code", "ref", "source"),
        Index("ix_set_runs_due", "due_at", postgresql_where=text("state = 'waiting'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    set_code: Mapped[str]
    ref: Mapped[str]
    source: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="done")
    due_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
