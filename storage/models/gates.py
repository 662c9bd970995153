"""How much of the other side's limits is used up, shared by every process of the cluster."""

from __future__ import annotations

from sqlalchemy import Double
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class Gate(Base):
    """One limit. A bucket (`bitrix24`): its level in calls at a moment, in seconds since 1970. A held method (`operating:<method>`): the
    seconds it has used and the moment until which it rests."""

    __tablename__ = "gates"

    name: Mapped[str] = mapped_column(primary_key=True)
    calls: Mapped[float] = mapped_column(Double, server_default="0")
    at: Mapped[float] = mapped_column(Double, server_default="0")
