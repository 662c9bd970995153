"""The installation on a portal: tokens, what was applied, what it is allowed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base
from storage.sealing import Sealed


class Portal(Base):
    """One installation. `state`: installing, active, leaving (prepared for removal), suspended, removed.

    Tokens belong to the installer and are sealed. The spare one came with a page that he opened; it is spent when the others are lost.

    `path_secret` is the unguessable segment of every address the portal's servers call.
    """

    __tablename__ = "portals"

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[str] = mapped_column(unique=True)
    client_endpoint: Mapped[str]
    domain: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="installing")
    access_token: Mapped[str | None] = mapped_column(Sealed)
    refresh_token: Mapped[str | None] = mapped_column(Sealed)
    token_expires_at: Mapped[datetime | None]
    spare_token: Mapped[str | None] = mapped_column(Sealed)
    spare_kept_at: Mapped[datetime | None]
    application_token: Mapped[str | None] = mapped_column(Sealed)
    path_secret: Mapped[str]
    scopes: Mapped[list[Any]] = mapped_column(server_default=text("'[]'::jsonb"))
    owner_user_id: Mapped[str] = mapped_column(server_default="")
    language: Mapped[str] = mapped_column(server_default="")
    trouble: Mapped[str] = mapped_column(server_default="")
    installed_at: Mapped[datetime] = mapped_column(server_default=func.now())
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())


class AppliedElement(Base):
    """One manifest element brought onto the portal: `element` (`robot:publish_lot`), what was applied and its id there."""

    __tablename__ = "applied_elements"
    __table_args__ = (Index("uq_applied_elements_portal_element", "portal_id", "element", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    portal_id: Mapped[int] = mapped_column(ForeignKey("portals.id"))
    element: Mapped[str]
    fingerprint: Mapped[str]
    outside_id: Mapped[str] = mapped_column(server_default="")
    applied_at: Mapped[datetime] = mapped_column(server_default=func.now())
