"""Audits of factories and the documents they ask for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class Audit(Base):
    """One audit of a factory, shown in the CRM as an item of a smart process. For `state` see domain.audits.

    `scores` are keyed by the codes of the pack's checklist: `{"points", "note"}`. `score` is the weighted total (0–100) once decided;
    `deadline` belongs to a conditional verdict, `valid_until` to a passed one.
    """

    __tablename__ = "audits"
    __table_args__ = (
        Index(
            "uq_audits_company_running",
            "company_id",
            unique=True,
            postgresql_where=text("state in ('requested', 'documents', 'visit', 'scoring', 'conditional')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"), index=True)
    state: Mapped[str] = mapped_column(server_default="requested", index=True)
    reason: Mapped[str] = mapped_column(server_default="")
    requested_by: Mapped[str]
    responsible_id: Mapped[str] = mapped_column(server_default="")
    visit_at: Mapped[datetime | None]
    visit_note: Mapped[str] = mapped_column(server_default="")
    video_url: Mapped[str] = mapped_column(server_default="")
    scores: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    score: Mapped[int | None]
    verdict: Mapped[str] = mapped_column(server_default="")
    conclusion: Mapped[str] = mapped_column(server_default="")
    deadline: Mapped[datetime | None]
    valid_until: Mapped[datetime | None]
    decided_by: Mapped[str] = mapped_column(server_default="")
    decided_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class AuditDocument(Base):
    """One document that an audit asks for, by its code in the pack. `state`: waiting, sent, accepted, returned."""

    __tablename__ = "audit_documents"
    __table_args__ = (
        Index("uq_audit_documents_audit_code", "audit_id", "code", unique=True),
        Index("ix_audit_documents_sent", "audit_id", postgresql_where=text("state = 'sent'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("audits.id"))
    code: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="waiting")
    file_ids: Mapped[list[Any]] = mapped_column(server_default=text("'[]'::jsonb"))
    reason: Mapped[str] = mapped_column(server_default="")
    decided_by: Mapped[str] = mapped_column(server_default="")
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())
