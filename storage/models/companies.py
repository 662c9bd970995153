"""Buyers' and factories' companies, their answers, standing and people."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class Company(Base):
    """A buyer's or a factory's company.

    `state`: draft, submitted, changes_requested, accepted. `publication` (factories): hidden, unverified_visible, published, suspended.
    `answers` are keyed by the questionnaire's field codes; `corrections` is a list of `{"field", "reason"}` still to be mended.
    `former_names` are those by which it could be known before it changed them.
    `segments`, `moq`, `capacity_per_month` and `lead_time_days` repeat answers that matching filters by.
    """

    __tablename__ = "companies"
    __table_args__ = (
        Index("ix_companies_published", "publication", "id", postgresql_where=text("kind = 'factory'")),
        Index("ix_companies_segments", "segments", postgresql_using="gin"),
        Index("ix_companies_waiting", "kind", "submitted_at", postgresql_where=text("state = 'submitted'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="submitted")
    publication: Mapped[str] = mapped_column(server_default="hidden")
    answers: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    corrections: Mapped[list[Any]] = mapped_column(server_default=text("'[]'::jsonb"))
    former_names: Mapped[list[Any]] = mapped_column(server_default=text("'[]'::jsonb"))
    segments: Mapped[list[Any]] = mapped_column(server_default=text("'[]'::jsonb"))
    moq: Mapped[int | None]
    capacity_per_month: Mapped[int | None]
    lead_time_days: Mapped[int | None]
    country: Mapped[str] = mapped_column(server_default="")
    verified_until: Mapped[datetime | None]
    subscribed_until: Mapped[datetime | None]
    catalogue_until: Mapped[datetime | None]
    responsible_id: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    submitted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]


class Member(Base):
    """A person who speaks for a company: `role` is owner, sales or production."""

    __tablename__ = "members"
    __table_args__ = (Index("uq_members_company_person", "company_id", "person_id", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    role: Mapped[str] = mapped_column(server_default="owner")
    joined_at: Mapped[datetime] = mapped_column(server_default=func.now())
