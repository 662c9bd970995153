"""Lots (tenders) and their versions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Sequence, func, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base

LOT_NUMBERS = Sequence("lot_numbers", start=1, metadata=Base.metadata)


class Lot(Base):
    """A buyer's wish. `state`: draft, submitted, changes_requested, published, closed, cancelled (see domain.lots).

    `fields` are keyed by the codes of the lot form; `segment`, `quantity`, `unit` and `deliver_by` repeat what matching filters by;
    `client_key` is the submitter's own id, so that a repeated submit is harmless. `revision` holds all answers as the buyer of a published
    lot wants them to be, since `revision_at` waiting for an employee; with no `revision_at` it came back with `corrections`.
    """

    __tablename__ = "lots"
    __table_args__ = (
        Index("uq_lots_client_key", "company_id", "client_key", unique=True),
        Index("ix_lots_created_at", "created_at"),
        Index("ix_lots_open", "segment", "id", postgresql_where=text("state = 'published'")),
        Index("ix_lots_revision", "revision_at", postgresql_where=text("revision_at IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(LOT_NUMBERS, unique=True, server_default=LOT_NUMBERS.next_value())
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    client_key: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="submitted", index=True)
    outcome: Mapped[str] = mapped_column(server_default="")
    version: Mapped[int] = mapped_column(server_default="1")
    fields: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    corrections: Mapped[list[Any]] = mapped_column(server_default=text("'[]'::jsonb"))
    revision: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    revision_at: Mapped[datetime | None]
    segment: Mapped[str]
    quantity: Mapped[int]
    unit: Mapped[str]
    deliver_by: Mapped[datetime | None]
    respond_by: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    submitted_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class LotVersion(Base):
    """What a lot said at one version; responders confirm the latest."""

    __tablename__ = "lot_versions"
    __table_args__ = (Index("uq_lot_versions_lot_version", "lot_id", "version", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lots.id"))
    version: Mapped[int]
    fields: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
