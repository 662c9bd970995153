"""Which CRM object stands for which of ours."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class CrmLink(Base):
    """`ref` (`lot/256`) ↔ CRM object and id; `snapshot` is what we last wrote, to tell a manager's edit from our own."""

    __tablename__ = "crm_links"
    __table_args__ = (Index("uq_crm_links_entity", "entity_type_id", "entity_id", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    entity_type_id: Mapped[int]
    entity_id: Mapped[str]
    snapshot: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
