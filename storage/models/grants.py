"""Paid rights that a manager gave by hand, with date and reason."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, func
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class Grant(Base):
    """A subscription, verification or catalogue access granted to a company by an employee (`actor`, a portal user id)."""

    __tablename__ = "grants"

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"), index=True)
    service: Mapped[str]
    valid_until: Mapped[datetime]
    reason: Mapped[str]
    actor: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
