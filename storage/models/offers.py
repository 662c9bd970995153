"""Factories' answers to lots and their versions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class Offer(Base):
    """One live answer of one factory to one lot. `state`: submitted, allowed, declined, awarded, lost, withdrawn.

    `lot_version` is the version of the lot that it answers: an older one has to be confirmed before it can win.
    `price_minor` is per unit, in minor units of `currency`; `terms` holds the rest of the form (moq, incoterms, message).
    """

    __tablename__ = "offers"
    __table_args__ = (
        Index(
            "uq_offers_lot_company_live",
            "lot_id",
            "company_id",
            unique=True,
            postgresql_where=text("state not in ('declined', 'withdrawn')"),
        ),
        Index("ix_offers_company_created", "company_id", "created_at"),
        Index("ix_offers_waiting", "created_at", "id", postgresql_where=text("state = 'submitted'")),
        Index("ix_offers_created_at", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lots.id"), index=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    state: Mapped[str] = mapped_column(server_default="submitted")
    version: Mapped[int] = mapped_column(server_default="1")
    lot_version: Mapped[int] = mapped_column(server_default="1")
    price_minor: Mapped[int]
    currency: Mapped[str]
    lead_time_days: Mapped[int]
    terms: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    valid_until: Mapped[datetime | None]
    shortlisted: Mapped[bool] = mapped_column(server_default=text("false"))
    decline_reason: Mapped[str] = mapped_column(server_default="")
    decided_by: Mapped[str] = mapped_column(server_default="")
    decided_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class OfferVersion(Base):
    """What an offer said at one version."""

    __tablename__ = "offer_versions"
    __table_args__ = (Index("uq_offer_versions_offer_version", "offer_id", "version", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id"))
    version: Mapped[int]
    fields: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
