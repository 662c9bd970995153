"""One-time links by which an owner brings colleagues into the company."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, func
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class ColleagueLink(Base):
    """An invitation into a company in a role. Only the hash of its secret is kept; it is good once, until `expires_at`."""

    __tablename__ = "colleague_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"), index=True)
    role: Mapped[str]
    secret_hash: Mapped[str] = mapped_column(unique=True)
    invited_by: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    used_by: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    closed_at: Mapped[datetime | None]
