"""Files that people gave us; bytes lie in the files directory under their hash, never inside the web root."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, func
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class File(Base):
    """One uploaded or received file. `owner` names what it belongs to (`draft/3`, `company/12`, `lot/256`, `message/9`)."""

    __tablename__ = "files"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    name: Mapped[str]
    mime: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    telegram_file_id: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
