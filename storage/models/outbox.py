"""Rows of the outbox: everything we have to tell the outside, and what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class OutboxRow(Base):
    """One outgoing message.

    `state`: todo, doing (handed to the network, outcome not recorded yet), proving (it may have happened and is being looked up,
    `proofs` times so far), done, uncertain (it may have happened and only a person can say), dead (refused for good), dropped
    (a person decided). `rank` is 0 for conversations, 1 for notices,
    2 for broadcasts. `settles_at` is from when on an effect in doubt that is not there counts as absent.
    `answer` is what the other side said: ids when it is done, else {"raw": its words}.
    `coalesce` is the ref whose unsent saves are merged, or empty.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("uq_outbox_key", "key", unique=True),
        Index("ix_outbox_waiting", "network", "rank", "id", postgresql_where=text("state = 'todo'")),
        Index(
            "ix_outbox_lane_open",
            "network",
            "lane",
            "id",
            postgresql_where=text("state in ('todo', 'doing', 'proving')"),
        ),
        Index(
            "ix_outbox_coalesce", "coalesce", unique=True, postgresql_where=text("state = 'todo' and coalesce <> ''")
        ),
        Index("ix_outbox_under_way", "network", "state", "id", postgresql_where=text("state in ('doing', 'proving')")),
        Index("ix_outbox_done", "finished_at", postgresql_where=text("state = 'done'")),
        Index("ix_outbox_about", "about", postgresql_where=text("about <> ''")),
        Index("ix_outbox_trouble", "network", "id", postgresql_where=text("state in ('uncertain', 'dead')")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    network: Mapped[str]
    kind: Mapped[str]
    payload: Mapped[dict[str, Any]]
    lane: Mapped[str]
    rank: Mapped[int]
    key: Mapped[str]
    coalesce: Mapped[str] = mapped_column(server_default="")
    about: Mapped[str] = mapped_column(server_default="")
    state: Mapped[str] = mapped_column(server_default="todo")
    attempts: Mapped[int] = mapped_column(server_default="0")
    proofs: Mapped[int] = mapped_column(server_default="0")
    not_before: Mapped[datetime | None]
    answer: Mapped[dict[str, Any] | None]
    error: Mapped[str | None]
    error_code: Mapped[str | None]
    correlation_id: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    sent_at: Mapped[datetime | None]
    settles_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
