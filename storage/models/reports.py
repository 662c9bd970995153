"""What the application found when it looked at itself and at the other side."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class Report(Base):
    """The latest look at one thing. `name`: reconcile, workflows, telegram, offline. `state`: running, done or failed.

    `content` is what its maker writes and the health page reads; `heard_at` is when it last told how far it is.
    """

    __tablename__ = "reports"

    name: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]
    content: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    started_at: Mapped[datetime] = mapped_column(server_default=func.now())
    heard_at: Mapped[datetime] = mapped_column(server_default=func.now())
