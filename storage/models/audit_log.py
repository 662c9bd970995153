"""Who did what to which object."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Index, func, literal_column, text
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column

from storage.base import Base


class AuditEntry(Base):
    """`actor` is `user/1` (a portal employee), `person/7` or `automation`; `subject` a ref; `action` a verb phrase code.

    It only grows: every way of reading it walks an index from the newest line and stops at the page's last, also for a kind of
    thing or of actor that stands in few lines.
    """

    __tablename__ = "audit_log"
    __table_args__ = (
        Index("ix_audit_log_subject", "subject", "id"),
        Index("ix_audit_log_actor_at", "actor", "at"),
        Index("ix_audit_log_nouns", text("split_part(subject, '/', 1)"), "id"),
        Index("ix_audit_log_actors", text("split_part(actor, '/', 1)"), "id"),
        Index(
            "ix_audit_log_nouns_actors", text("split_part(subject, '/', 1)"), text("split_part(actor, '/', 1)"), "id"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    correlation_id: Mapped[str] = mapped_column(server_default="")


def kind_in(ref: InstrumentedAttribute[str]) -> ColumnElement[str]:
    """Give the part of a ref before its number, in the words of the indexes: a bound value there would not be recognised."""
    return func.split_part(ref, literal_column("'/'"), literal_column("1"))
