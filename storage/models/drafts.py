"""Half-filled forms, kept until they are submitted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class Draft(Base):
    """What a person has entered into a form so far: `form` is buyer, factory, lot, `offer:<lot id>` or `mend:<lot id or 0>:<round>`."""

    __tablename__ = "drafts"
    __table_args__ = (Index("uq_drafts_person_form", "person_id", "form", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    form: Mapped[str]
    answers: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    step: Mapped[str] = mapped_column(server_default="")
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())
