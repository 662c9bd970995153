"""What the other side of a lot or an offer gets of an attached file: a copy without what tells who made it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class CleanCopy(Base):
    """The copy of one file. `state` is waiting, ready (`clean_file_id` is the copy) or held (`reason` says why there is none).

    `ref` names the deal on which employees are told; `names` is what must not stand in the copy.
    """

    __tablename__ = "clean_copies"

    file_id: Mapped[int] = mapped_column(
        ForeignKey("files.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    state: Mapped[str] = mapped_column(server_default="waiting", index=True)
    ref: Mapped[str]
    names: Mapped[list[Any]] = mapped_column(server_default=text("'[]'::jsonb"))
    clean_file_id: Mapped[int | None] = mapped_column(ForeignKey("files.id", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(server_default="")
