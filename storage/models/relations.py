"""How far a buyer and a factory have come with each other, and who looked at whom."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base


class Relation(Base):
    """One buyer's company and one factory. `state`: viewed, talking, offer, contract or not_interested (see domain.relations).

    `favourite_at` and `compared_at` are set while the buyer keeps the factory in that list.
    """

    __tablename__ = "relations"
    __table_args__ = (Index("uq_relations_pair", "buyer_company_id", "factory_company_id", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    buyer_company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"))
    factory_company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"), index=True)
    state: Mapped[str]
    favourite_at: Mapped[datetime | None]
    compared_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ProfileView(Base):
    """A buyer's company looked at a factory's profile on a day, `count` times."""

    __tablename__ = "profile_views"

    factory_company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"), primary_key=True)
    buyer_company_id: Mapped[int] = mapped_column(ForeignKey("companies.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(server_default=text("1"))
