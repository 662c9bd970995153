"""How much of the other side's limits is used up, shared by every process of the cluster."""

from __future__ import annotations

from sqlalchemy import Double
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class Gate(Base):
    """One limit (`bitrix24`, `telegram`): the bucket's level in calls at a moment, in seconds since 1970."""

    __tablename__ = "gates"

    name: Mapped[str] = mapped_column(primary_key=True)
    calls: Mapped[float] = mapped_column(Double, server_default="0")
    at: Mapped[float] = mapped_column(Double, server_default="0")
