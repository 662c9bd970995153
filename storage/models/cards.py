"""Cards on CRM timelines that wait for a decision."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class Card(Base):
    """A configurable activity of ours: `card` names what waits (`offer/17`), `activity_id` the portal's id once shown."""

    __tablename__ = "cards"

    id: Mapped[int] = mapped_column(primary_key=True)
    card: Mapped[str] = mapped_column(unique=True)
    ref: Mapped[str]
    activity_id: Mapped[str] = mapped_column(server_default="", index=True)
    state: Mapped[str] = mapped_column(server_default="open")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    closed_at: Mapped[datetime | None]
