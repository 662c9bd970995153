"""Who decided what: written down by every service that decides something, read by the desk's log."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from storage import correlation
from storage.models import AuditEntry
from storage.models.audit_log import kind_in
from storage.unit_of_work import UnitOfWork

ACTORS = ("user", "person", "automation")
"""Kinds of actors: employees, people on Telegram, the application by itself."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which lines of the log are asked for: of these refs, of a noun (`lot`), of a kind of actors, older than a line's id."""

    about: Collection[str] = ()
    noun: str = ""
    actors: str = ""
    before: int = 0


def record(uow: UnitOfWork, actor: str, action: str, subject: str, **details: object) -> None:
    """Keep one decision: `actor` is `user/1`, `person/7` or `automation`, `subject` a ref such as `offer/17`."""
    uow.session.add(
        AuditEntry(
            at=uow.now,
            actor=actor,
            action=action,
            subject=subject,
            details=details,
            correlation_id=correlation.current(),
        )
    )


def entries(uow: UnitOfWork, wanted: Wanted, limit: int) -> Sequence[AuditEntry]:
    """Give the newest lines of the log that were asked for."""
    query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit)
    if wanted.about:
        query = query.where(AuditEntry.subject.in_(wanted.about))
    if wanted.noun:
        query = query.where(kind_in(AuditEntry.subject) == wanted.noun)
    if wanted.actors:
        query = query.where(kind_in(AuditEntry.actor) == wanted.actors)
    if wanted.before:
        query = query.where(AuditEntry.id < wanted.before)
    return uow.session.scalars(query).all()
