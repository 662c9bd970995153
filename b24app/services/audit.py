"""Writing down who decided what. Called by every service that decides something."""

from __future__ import annotations

from storage import correlation
from storage.models import AuditEntry
from storage.unit_of_work import UnitOfWork


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
