"""Which factory was sent which lot."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class Invitation(Base):
    """A lot was sent to a factory as suiting it; once, whatever versions follow."""

    __tablename__ = "invitations"
    __table_args__ = (Index("ix_invitations_company", "company_id", "invited_at"),)

    lot_id: Mapped[int] = mapped_column(ForeignKey("lots.id"), primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"), primary_key=True)
    invited_at: Mapped[datetime] = mapped_column(server_default=func.now())
